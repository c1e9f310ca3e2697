import type { Asset } from '../manifest/manifest.ts'
import { comesInBatch } from '../plan/batch-eligibility.ts'
import { comparedBefore } from '../plan/input-order.ts'
import type { Step } from '../plan/plan.ts'
import { isWork } from '../plan/steps.ts'
import { inputMissing } from './complete-request.ts'
import { attempt, type ReportFailure } from './failures.ts'

/** A step that requests pictures. */
export type GenerateStep = Extract<Step, { kind: 'generate' }>

/**
 * Executes the steps of a plan, all at the same time, except that an asset waits for its inputs and
 * for the pictures that it is compared with, and batches wait for all steps that send no request. A
 * step that fails is reported and stops nothing else but the assets that it is an input of.
 *
 * @param openBatches called first if the plan sends batches; returns what sends them
 */
export async function runSteps(
  steps: readonly Step[],
  {
    assetByName,
    execute,
    openBatches,
    reportFailure,
  }: {
    assetByName: ReadonlyMap<string, Asset>
    execute: (step: Step) => Promise<void>
    openBatches: () => Promise<(steps: readonly GenerateStep[]) => Promise<void>>
    reportFailure: ReportFailure
  },
): Promise<void> {
  // Pictures are examined once all of them are there.
  const work = steps.filter((step) => isWork(step) && step.kind !== 'examine')
  const comparedWith = comparedBefore([...assetByName.values()])
  const jobByAsset = new Map<string, Promise<boolean>>()

  /** Starts a step that is not started yet. @returns whether it succeeded */
  const start = (step: Step): Promise<boolean> => {
    const known = jobByAsset.get(step.asset)
    if (known !== undefined) return known
    const job = attempt(step.asset, reportFailure, async () => {
      if (step.kind === 'generate') await makeInputs(assetByName.get(step.asset)!)
      await execute(step)
    })
    jobByAsset.set(step.asset, job)
    return job
  }
  const makeInputs = async (asset: Asset): Promise<void> => {
    const compared = comparedWith.get(asset.name) ?? []
    await Promise.all(work.filter((step) => compared.includes(step.asset)).map(start))
    const inputs = stepsOfInputs(asset, work)
    const made = await Promise.all(inputs.map(start))
    const failed = inputs.find((_, index) => made[index] === false)
    if (failed !== undefined) throw inputMissing(failed.asset)
  }

  const batched = work.flatMap((step) =>
    step.kind === 'generate' && step.batch === true ? [step] : [],
  )
  const sendBatches = batched.length === 0 ? undefined : await openBatches()
  const unpaid = work.filter(({ kind }) => kind !== 'generate')
  await Promise.all([
    sendBatches === undefined
      ? undefined
      : Promise.all(unpaid.map(start)).then(() => sendBatches(batched)),
    ...work.filter((step) => !comesInBatch(step)).map(start),
  ])
}

/** Returns the steps that produce the inputs of an asset. */
function stepsOfInputs({ inputs }: Asset, work: readonly Step[]): Step[] {
  const needed = new Set(inputs.flatMap(({ kind, target }) => (kind === 'asset' ? [target] : [])))
  return needed.size === 0 ? [] : work.filter(({ asset }) => needed.has(asset))
}

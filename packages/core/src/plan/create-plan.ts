import { compareText } from '../digest.ts'
import { createContext, type PlanContext, recordStep } from './context.ts'
import { addInputs, sortInputsFirst } from './input-order.ts'
import { planAsset } from './plan-asset.ts'
import { unrequestedOutputs } from './plan-outputs.ts'
import { planVerdict } from './plan-verdict.ts'
import type { Plan, PlanOptions, Step } from './plan.ts'
import { withRemoteMasters } from './remote-masters.ts'
import { notesFor } from './step-notes.ts'
import { sumPrices } from './steps.ts'

/**
 * Decides what to do for each asset of the manifest, and why. Pure: the same options give the same
 * plan on every machine.
 */
export function createPlan(given: PlanOptions): Plan {
  const options = withRemoteMasters(given)
  const { only, previous } = options
  const context = createContext(options)
  const planned = planAssets(context)
  const steps = [
    ...(previous?.steps ?? []),
    ...planned.steps,
    ...planned.verdicts,
    ...(only === undefined ? [...pruneOrphans(context), ...pruneOutputs(options)] : []),
  ].sort(compareSteps)
  return {
    version: 1,
    steps,
    unchanged: (previous?.omitted ?? 0) + planned.unchanged,
    ...sumPrices(steps),
    notes: planned.notes,
  }
}

/** Plans the selected assets, each after the assets that it is made from. */
function planAssets(
  context: PlanContext,
): Pick<Plan, 'steps' | 'unchanged' | 'notes'> & { verdicts: Step[] } {
  const { manifest, only, previous } = context.options
  const selected = only === undefined ? undefined : addInputs(only, manifest.assets)
  const steps: Step[] = []
  const notes: Plan['notes'] = []
  let unchanged = 0
  for (const asset of sortInputsFirst(manifest.assets)) {
    if (selected !== undefined && !selected.has(asset.name)) continue
    if (previous?.unchanged.has(asset.name) === true) {
      unchanged++
      continue
    }
    const step = planAsset(asset, context)
    recordStep(context, asset.name, step)
    if (step === undefined) {
      unchanged++
      continue
    }
    steps.push(step)
    const texts = notesFor(asset, step, context.options)
    notes.push(...texts.map((text) => ({ asset: asset.name, text })))
  }
  const verdicts = planVerdicts(context)
  const quiet = verdicts.filter(({ asset }) => context.stepByAsset.get(asset) === undefined)
  return { steps, verdicts, unchanged: unchanged - quiet.length, notes }
}

/** Plans what is to be examined, once it is known which pictures this plan replaces. */
function planVerdicts(context: PlanContext): Step[] {
  const { assets } = context.options.manifest
  return assets.flatMap((asset) =>
    asset.expect === null || !context.stepByAsset.has(asset.name)
      ? []
      : (planVerdict(asset, asset.expect, context) ?? []),
  )
}

/** The lockfile entries of assets that have left the manifest, except those that were renamed. */
function pruneOrphans({ orphans, movedFrom }: PlanContext): Step[] {
  return orphans
    .filter((asset) => !movedFrom.has(asset))
    .map((asset) => ({ kind: 'prune', asset, reasons: [{ code: 'not-in-manifest' }] }))
}

/** The output files that the lockfile records and the manifest no longer requests. */
function pruneOutputs({ manifest, lock }: PlanOptions): Step[] {
  return manifest.assets.flatMap((asset): Step[] => {
    const files = unrequestedOutputs(asset, lock.assets.get(asset.name))
    if (files.length === 0) return []
    return [{ kind: 'prune', asset: asset.name, reasons: [{ code: 'outputs-not-asked', files }] }]
  })
}

const kindsInOrder: readonly Step['kind'][] = [
  'generate',
  'recover',
  'derive',
  'move',
  'examine',
  'prune',
  'keep',
]

function compareSteps(a: Step, b: Step): number {
  const byKind = kindsInOrder.indexOf(a.kind) - kindsInOrder.indexOf(b.kind)
  return byKind || compareText(a.asset, b.asset)
}

import PQueue from 'p-queue'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { createBudget } from '../generate/budget.ts'
import { listKeys } from '../generate/journal.ts'
import { createCheckpoint } from '../lock/checkpoint.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { isWork, type Plan, type Step } from '../plan/plan.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { HashIndex } from '../store/hash-index.ts'
import { moveAsset } from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { ensureStateFolder } from '../store/state.ts'
import { ask } from './ask.ts'
import type { RunContext, RunCounts } from './context.ts'
import { createCutting } from './cut.ts'
import { recover } from './settle.ts'
import { takeSource } from './source.ts'

export type RunOptions = {
  paths: ProjectPaths
  manifest: Manifest
  lock: Lock
  plan: Plan
  index: HashIndex
  /** Made only when a picture has to be asked for. */
  provider: () => Promise<ImageProvider>
  /** Whether files are cut too, or only masters made. */
  derive: boolean
  /** Money for this run, USD; no limit where absent. */
  maxUsd?: number | undefined
  /** Unfinished pictures to ask for, 0 to 3, whatever the manifest says. */
  partials?: number | undefined
  onEvent: OnEvent
  signal?: AbortSignal | undefined
}

export type RunResult = RunCounts & {
  /** USD spent. */
  usd: number
  lock: Lock
}

/**
 * Carries a plan out. One asset's failure never stops the others. Each picture goes to the
 * journal, then becomes the master, then reaches the lockfile, and only then leaves the journal.
 *
 * @throws LimnError where the disk refuses; what was received is in the journal then
 */
export async function run({ paths, manifest, lock, plan, index, provider: makeProvider, derive, maxUsd, partials, onEvent, signal }: RunOptions): Promise<RunResult> {
  const result: RunCounts = { generated: 0, recovered: 0, moved: 0, derived: 0, failed: [] }
  const generates = plan.steps.filter(({ kind }) => kind === 'generate').length
  await ensureStateFolder(paths.state)
  // A missing key stops the run before anything is done.
  const provider = generates > 0 ? await makeProvider() : undefined
  const context: RunContext = {
    paths,
    manifest,
    plan,
    assetByName: new Map(manifest.assets.map((asset) => [asset.name, asset])),
    index,
    checkpoint: createCheckpoint(paths, lock),
    budget: createBudget(maxUsd),
    journalKeys: new Set(listKeys(paths.journal)),
    progress: { generate: { done: 0, total: generates, inFlight: 0 }, derive: { done: 0, total: 0 }, usd: 0 },
    result,
    provider,
    partials,
    onEvent,
    signal,
    isStopped: () => signal?.aborted === true,
    report: () => onEvent({ type: 'progress', progress: structuredClone(context.progress) }),
    fail(asset, error, file) {
      const failure = file === undefined ? { asset, error } : { asset, file, error }
      result.failed.push(failure)
      onEvent({ type: 'failed', ...failure })
    },
    cut: (asset, files, makeCutter) => (derive ? cutting.add(asset, files, makeCutter) : undefined),
  }
  const cutting = createCutting(context)
  const asking = new PQueue({ concurrency: provider?.concurrency ?? manifest.providers[0]!.limits.inFlight })
  const masters = new PQueue({ concurrency: 2 })
  for (const step of plan.steps) if (step.kind === 'move') await attempt(step.asset, () => move(step, context))
  try {
    // What a picture is made from comes first; the others go on meanwhile.
    const jobByAsset = new Map<string, Promise<boolean>>()
    const start = (step: Step): Promise<boolean> => {
      const known = jobByAsset.get(step.asset)
      if (known !== undefined) return known
      const job = attempt(step.asset, () => carryOut(step))
      jobByAsset.set(step.asset, job)
      return job
    }
    const carryOut = async (step: Step): Promise<void> => {
      if (step.kind === 'recover') await masters.add(() => recover(step, context))
      else if (step.kind === 'derive' && context.assetByName.get(step.asset)!.source !== null) await masters.add(() => takeSource(step, context))
      else if (step.kind === 'derive' || step.kind === 'move') context.cut(step.asset, step.outputs)
      else if (step.kind === 'generate') {
        const needed = new Set(step.waitsFor)
        const inputs = needed.size === 0 ? [] : plan.steps.filter((other) => needed.has(other.asset) && isWork(other))
        const made = await Promise.all(inputs.map(start))
        const failed = inputs.find((_, index) => made[index] === false)
        if (failed !== undefined) throw new LimnError('asset/no-master', `It is made from ${failed.asset}, which has no picture.`, { hint: `See to ${failed.asset} first, then run the command again.` })
        await asking.add(() => ask(step, context))
      }
    }
    await Promise.all(plan.steps.filter(isWork).map(start))
    await cutting.onIdle()
  } finally {
    try {
      await context.checkpoint.flush()
    } finally {
      index.save()
      await provider?.close?.()
    }
  }
  return { ...result, usd: context.budget.spent, lock: context.checkpoint.lock }

  /** Does some work for an asset; a failure is told and stops nothing else. @returns whether it was done */
  async function attempt(asset: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      context.fail(asset, error)
      return false
    }
  }
}

async function move({ asset, from }: Extract<Step, { kind: 'move' }>, { paths, manifest, checkpoint, result, onEvent }: RunContext): Promise<void> {
  const entry = await moveAsset({ paths, out: manifest.out, from, to: asset, entry: checkpoint.lock.assets.get(from)! })
  checkpoint.set([[from, undefined], [asset, entry]])
  await checkpoint.flush()
  result.moved++
  onEvent({ type: 'moved', asset, from, path: entry.master.path })
}

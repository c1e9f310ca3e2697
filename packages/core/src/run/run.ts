import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'
import type { HashIndex } from '../cache/file-digests.ts'
import { loadCutter } from '../derive/cut-output.ts'
import { formatPlace } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { openHistory, readHistory } from '../history/history-file.ts'
import { nothingSaved, spentIn } from '../history/tally.ts'
import { type BudgetLimit, createBudget } from '../limits/budget.ts'
import { type Clock, systemClock } from '../limits/clock.ts'
import { createLimiters } from '../limits/limiter-per-provider.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { comesInBatch } from '../plan/batch-eligibility.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { isWork } from '../plan/steps.ts'
import type { BatchClient } from '../providers/openai/batch-client.ts'
import type { ImageProvider } from '../providers/provider.ts'
import { listKeys } from '../store/journal.ts'
import { moveAsset } from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { ensureStateFolder } from '../store/state-folder.ts'
import type { RunContext, RunCounts } from './context.ts'
import { createCutting } from './cut-outputs.ts'
import { findReceived, settle } from './install-master.ts'
import { createCheckpoint } from './lock-writer.ts'
import { takeSource } from './read-source.ts'
import { ask } from './request-pictures.ts'
import { createRunRecord, keptBy } from './run-history.ts'

export type RunOptions = {
  paths: ProjectPaths
  manifest: Manifest
  lock: Lock
  plan: Plan
  index: HashIndex
  /** Made only when a picture has to be asked for; tells what happens to it by `onEvent`. */
  provider: (onEvent: OnEvent) => Promise<ImageProvider>
  /** The Batch API, asked for only where the plan sends something in a batch. */
  batchClient?: (() => Promise<BatchClient>) | undefined
  /** Whether files are cut too, or only masters made. */
  derive: boolean
  /** Money for this run beside the manifest's `budget`, USD; no limit where absent. */
  maxUsd?: number | undefined
  /** As the history names it. */
  profile?: string | undefined
  /** Whether the plan is that of the whole manifest. */
  isWhole: boolean
  /** What waits go by. Default the system's. */
  clock?: Clock | undefined
  /** Unfinished pictures to ask for, 0 to 3, whatever the manifest says. */
  partials?: number | undefined
  onEvent: OnEvent
  signal?: AbortSignal | undefined
  quit?: AbortSignal | undefined
}

export type RunResult = RunCounts & {
  /** USD spent. */
  usd: number
  lock: Lock
}

/**
 * So long after the last request of a row was sent is loaded what their answers need, ms: loading
 * holds up what else there is to do.
 */
const LOAD_AFTER_MS = 150

/**
 * Carries a plan out. One asset's failure never stops the others. Each picture goes to the journal,
 * then becomes the master, then reaches the lockfile, and only then leaves the journal.
 *
 * @throws LimnError where the disk refuses; what was received is in the journal then
 */
export async function run({
  paths,
  manifest,
  lock,
  plan,
  index,
  provider: makeProvider,
  batchClient,
  derive,
  maxUsd,
  profile,
  isWhole,
  partials,
  clock = systemClock,
  onEvent: tell,
  signal,
  quit,
}: RunOptions): Promise<RunResult> {
  const result: RunCounts = {
    generated: 0,
    recovered: 0,
    moved: 0,
    derived: 0,
    sent: [],
    failed: [],
  }
  const generates = plan.steps.filter(({ kind }) => kind === 'generate').length
  await ensureStateFolder(paths.state)
  const history = openHistory(paths.state)
  const record = createRunRecord(history, profile)
  const limiters = createLimiters(manifest.providers, {
    concurrency: () => provider?.concurrency,
    clock,
    signal,
  })
  const onEvent: OnEvent = (event) => {
    limiters.follow(event)
    record.follow(event)
    if (event.type === 'generating') loading?.refresh()
    tell(event)
  }
  let provider: ImageProvider | undefined
  let loading: NodeJS.Timeout | undefined
  // A missing key stops the run before anything is done.
  if (generates > 0) provider = await makeProvider(onEvent)
  const context: RunContext = {
    paths,
    manifest,
    plan,
    assetByName: new Map(manifest.assets.map((asset) => [asset.name, asset])),
    index,
    checkpoint: createCheckpoint(paths, lock),
    budget: createBudget(generates > 0 ? limitsOf(manifest, maxUsd, paths) : []),
    limiters,
    record,
    clock,
    journalKeys: new Set(listKeys(paths.journal)),
    progress: {
      generate: { done: 0, total: generates, inFlight: 0 },
      derive: { done: 0, total: 0 },
      usd: 0,
    },
    result,
    asking: new PQueue({ concurrency: limiters.mostInFlight }),
    keeping: new PQueue({ concurrency: 3 }),
    settling: new PQueue({ concurrency: 2 }),
    processors: new PQueue({ concurrency: availableParallelism() }),
    provider,
    partials,
    onEvent,
    signal,
    quit,
    isStopped: () => signal?.aborted === true,
    diskFailure: undefined,
    report: () => onEvent({ type: 'progress', progress: structuredClone(context.progress) }),
    fail(asset, error, file) {
      const place = context.assetByName.get(asset)?.place
      if (error instanceof LimnError && place !== undefined) error.location ??= formatPlace(place)
      const failure = file === undefined ? { asset, error } : { asset, file, error }
      result.failed.push(failure)
      onEvent({ type: 'failed', ...failure })
    },
    cut: (asset, files, decoded) => (derive ? cutting.add(asset, files, decoded) : undefined),
  }
  const cutting = createCutting(context)
  for (const step of plan.steps) {
    if (step.kind === 'move') await attempt(step.asset, () => move(step, context))
  }
  // What reads and cuts pictures is loaded while the first of them is drawn; where it can't be, the first to need it tells.
  if (provider !== undefined) {
    loading = setTimeout(() => {
      loading = undefined
      void loadCutter().catch(() => {})
    }, LOAD_AFTER_MS)
  }
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
      if (step.kind === 'recover') {
        await context.settling.add(() =>
          unlessStopped(async () => settle(await findReceived(step, context), context)),
        )
      } else if (step.kind === 'derive' && context.assetByName.get(step.asset)!.source !== null) {
        await context.settling.add(() => unlessStopped(() => takeSource(step, context)))
      } else if (step.kind === 'derive' || step.kind === 'move') {
        context.cut(step.asset, step.outputs)
      } else if (step.kind === 'generate') {
        // A picture that is only taken or moved has to be in its place as well.
        const needed = new Set(
          context.assetByName
            .get(step.asset)!
            .inputs.flatMap(({ kind, target }) => (kind === 'asset' ? [target] : [])),
        )
        const inputs =
          needed.size === 0
            ? []
            : plan.steps.filter((other) => needed.has(other.asset) && isWork(other))
        const made = await Promise.all(inputs.map(start))
        const failed = inputs.find((_, index) => made[index] === false)
        if (failed !== undefined) {
          throw new LimnError(
            'asset/no-master',
            `It is made from ${failed.asset}, which has no picture.`,
            { hint: `See to ${failed.asset} first, then run the command again.` },
          )
        }
        await ask(step, context)
      }
    }
    const batched = plan.steps.flatMap((step) =>
      step.kind === 'generate' && step.batch === true ? [step] : [],
    )
    const client = batched.length === 0 ? undefined : await batchClient!()
    // What goes with a request is in its place by then.
    const sending =
      client === undefined
        ? undefined
        : Promise.all(
            plan.steps.filter((step) => isWork(step) && step.kind !== 'generate').map(start),
          ).then(async () =>
            (await import('./send-batches.ts')).sendBatches(batched, client, context),
          )
    await Promise.all([
      sending,
      ...plan.steps.filter((step) => isWork(step) && !comesInBatch(step)).map(start),
    ])
    await Promise.race(
      [cutting.onIdle(), quit === undefined ? undefined : aborted(quit)].filter(
        (wait) => wait !== undefined,
      ),
    )
  } finally {
    clearTimeout(loading)
    try {
      await context.checkpoint.flush()
    } finally {
      index.save()
      await context.record.end({
        generated: result.generated,
        failed: new Set(result.failed.map(({ asset }) => asset)).size,
        usd: context.budget.spent,
        kept: isWhole ? keptBy(manifest, lock, plan) : nothingSaved,
      })
      await history.close()
      await provider?.close?.()
    }
  }
  return { ...result, usd: context.budget.spent, lock: context.checkpoint.lock }

  async function unlessStopped(work: () => Promise<void>): Promise<void> {
    if (context.isStopped()) throw new LimnError('aborted', 'Stopped before it was its turn.')
    await work()
  }

  /**
   * Does some work for an asset; a failure is told and stops nothing else. @returns whether it was
   * done
   */
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

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

async function move(
  { asset, from }: Extract<Step, { kind: 'move' }>,
  { paths, manifest, checkpoint, result, onEvent }: RunContext,
): Promise<void> {
  const entry = await moveAsset({
    paths,
    out: manifest.out,
    from,
    to: asset,
    entry: checkpoint.lock.assets.get(from)!,
  })
  checkpoint.set([
    [from, undefined],
    [asset, entry],
  ])
  await checkpoint.flush()
  result.moved++
  onEvent({ type: 'moved', asset, from, path: entry.master.path })
}

/**
 * The sums that a run may not pass. What this machine spent this month is looked up by the only
 * writer, so that nobody else adds to it meanwhile.
 */
function limitsOf(
  { budget }: Manifest,
  maxUsd: number | undefined,
  { state }: ProjectPaths,
): BudgetLimit[] {
  const month = new Date().toISOString().slice(0, 7)
  return [
    ...(maxUsd === undefined ? [] : [{ of: 'max-cost' as const, usd: maxUsd }]),
    ...(budget.run === null ? [] : [{ of: 'run' as const, usd: budget.run }]),
    ...(budget.month === null
      ? []
      : [{ of: 'month' as const, usd: budget.month, before: spentIn(month, readHistory(state)) }]),
  ]
}

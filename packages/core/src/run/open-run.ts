import type { FileDigests } from '../cache/file-digests.ts'
import { requireWritesAllowed } from '../disk/write-guard.ts'
import type { LimnEvent, OnEvent } from '../events.ts'
import { type History, openHistory } from '../history/history-file.ts'
import { openSharedSpending } from '../history/shared-spending.ts'
import type { Judge } from '../judge/judge.ts'
import { type BudgetLimit, createBudget } from '../limits/budget.ts'
import { type Clock, systemClock } from '../limits/clock.ts'
import { createEstimates } from '../limits/estimates.ts'
import { createLimiters } from '../limits/limiter-per-provider.ts'
import { MAX_ATTEMPTS } from '../limits/retry.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Plan } from '../plan/plan.ts'
import { priceOfStep } from '../plan/steps.ts'
import type { BatchClient } from '../providers/batch-client.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { RemoteAccess } from '../remote/remote-access.ts'
import type { RemoteRun } from '../remote/remote-run.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { openWrittenFiles } from '../store/written-files.ts'
import { createOutputCutter } from './cut-outputs.ts'
import { createFailureReporter } from './failures.ts'
import { createLockWriter } from './lock-writer.ts'
import { monthBudget } from './month-budget.ts'
import type { Orders } from './orders.ts'
import type { PictureExaminer } from './picture-examiner.ts'
import type { InstallStages, RequestStages } from './picture-stages.ts'
import { createDecoderPreload, type DecoderPreload } from './preload-decoder.ts'
import { createProgress } from './progress.ts'
import type { ProviderAccess } from './provider-access.ts'
import { createQueues } from './queues.ts'
import { createRunCounts, type RunCounts } from './run-counts.ts'
import { createRunHistory } from './run-history.ts'
import { openRunJournal } from './run-journal.ts'
import type { StopSignals } from './stop-signals.ts'
import { noTelemetry, openTelemetry } from './telemetry.ts'
import type { Workspace } from './workspace.ts'

export type RunOptions = {
  paths: ProjectPaths
  /** Variables of the user that say where state is stored. Default: none is stored. */
  env?: ProviderEnvironment | undefined
  manifest: Manifest
  lock: Lock
  plan: Plan
  digests: FileDigests
  /** Creates the provider, which reports to `onEvent`. Called only if the plan requests a picture. */
  provider: (onEvent: OnEvent) => Promise<ImageProvider>
  /**
   * Opens what has the requests sent by other processes, instead of the provider. Called only if
   * the plan requests a picture. Default: this process sends them.
   */
  orders?: ((onEvent: OnEvent) => Promise<Orders>) | undefined
  /** Returns the Batch API for a model. Called only if the plan sends a batch. */
  batchClient?: ((model: string) => Promise<BatchClient>) | undefined
  /** Opens the judge. Called only if a picture is judged. */
  judge?: (() => Promise<Judge>) | undefined
  /** The remote store. Default: none. */
  remote?: RemoteAccess | undefined
  /** Whether to derive outputs, not only to generate masters. */
  derive: boolean
  /**
   * Whether received pictures become candidates, whose record is on the shelf: masters and the
   * lockfile stay. Default false.
   */
  asCandidates?: boolean | undefined
  /** The budget of this run, USD, in addition to the manifest's. Default: no limit. */
  maxUsd?: number | undefined
  /** Whether to retry requests that may have been billed. Default: what the manifest says. */
  retryUncertain?: boolean | undefined
  /** The profile, for the history. */
  profile?: string | undefined
  /** Whether the plan covers the whole manifest. */
  isWhole: boolean
  /** Default: the system's clock. */
  clock?: Clock | undefined
  /** The number of partials to request, 0 to 3. Default: the manifest's. */
  partials?: number | undefined
  onEvent: OnEvent
  /** Starts nothing more, and finishes work in progress. */
  signal?: AbortSignal | undefined
  /** Does not wait for work in progress either. */
  quit?: AbortSignal | undefined
}

/** The stages that the steps of a plan pass. */
export type RunStages = InstallStages & RequestStages

/** A run that is ready to execute its plan. */
export type OpenRun = {
  stages: RunStages
  /** Updated while the run goes on. */
  counts: RunCounts
  historyFile: History
  preload: DecoderPreload
}

/**
 * Creates the parts of a run.
 *
 * @throws LimnError if the provider cannot be created, for example without a key; `store/…` if the
 *   journal or the history cannot be read
 */
export async function openRun(options: RunOptions): Promise<OpenRun> {
  const { paths, manifest, plan, clock = systemClock, signal } = options
  const shared = openSharedSpending(paths, options.env ?? {})
  const historyFile = openHistory(paths.state, shared)
  const month = monthBudget(options, shared)
  const history = createRunHistory(historyFile, {
    profile: options.profile,
    async requireSendable(usd) {
      // This process may have been paused since its turn came.
      await requireWritesAllowed()
      month?.update()
      budget.requireRoom(usd)
    },
  })
  const { counts, follow: count } = createRunCounts()
  const preload = createDecoderPreload()
  let provider: ImageProvider | undefined
  let orders: Orders | undefined
  const limiters = createLimiters(manifest.providers, {
    isBalanced: manifest.isBalanced,
    concurrency: () => orders?.maxOpen ?? provider?.concurrency,
    clock,
    signal,
  })
  const onEvent = (event: LimnEvent): void => {
    limiters.follow(event)
    history.follow(event)
    count(event)
    if (event.type === 'generating') preload.postpone()
    options.onEvent(event)
  }
  const requests = plan.steps.filter(({ kind }) => kind === 'generate').length
  // A missing key stops the run before it does anything.
  if (requests > 0 && options.orders !== undefined) orders = await options.orders(onEvent)
  else if (requests > 0) provider = await options.provider(onEvent)
  const isPaid = requests > 0 || plan.steps.some((step) => priceOfStep(step) !== 0)
  const budget = createBudget(isPaid ? budgetLimits(options, month?.limit) : [])
  const access: ProviderAccess = {
    provider,
    budget,
    estimates: createEstimates(),
    modelsWithOne: new Set(),
    planFactor: planFactorOf(options),
    limiters,
    history,
    telemetry:
      requests > 0
        ? await openTelemetry({ run: history.run, env: options.env ?? {} })
        : noTelemetry,
    clock,
    retryUncertain: options.retryUncertain ?? false,
  }
  // With orders, the other processes use the store.
  const remote = orders === undefined ? await openRemoteRun(options, { clock, onEvent }) : undefined
  const stages = createStages(options, { access, orders, remote, requests, onEvent })
  const examiner = await openExaminer(options, stages)
  return { stages: { ...stages, examiner }, counts, historyFile, preload }
}

/** Creates the stages that a picture passes. `requests` is the number of assets to request. */
function createStages(
  {
    paths,
    manifest,
    plan,
    lock,
    digests,
    derive,
    asCandidates,
    partials,
    signal,
    quit,
  }: RunOptions,
  {
    access,
    orders,
    remote,
    requests,
    onEvent,
  }: {
    access: ProviderAccess
    orders: Orders | undefined
    remote: RemoteRun | undefined
    requests: number
    onEvent: OnEvent
  },
): Omit<RunStages, 'examiner'> {
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  const written = openWrittenFiles(paths)
  const workspace: Workspace = { paths, manifest, assetByName, digests, written }
  const lockWriter = createLockWriter(paths, lock)
  const queues = createQueues(access.limiters.maxInFlight)
  const progress = createProgress(requests, access.budget, onEvent)
  const signals: StopSignals = { stop: signal, quit }
  const reportFailure = createFailureReporter(manifest, onEvent)
  const journal = openRunJournal(paths, { queues, clock: access.clock, quit })
  const shared = {
    workspace,
    lockWriter,
    queues,
    remote,
    progress,
    signals,
    reportFailure,
    onEvent,
  }
  const outputs = derive ? createOutputCutter(shared) : undefined
  return {
    ...shared,
    plan,
    access,
    orders,
    journal,
    outputs,
    partials,
    asCandidates: asCandidates ?? false,
  }
}

/** Opens what examines pictures, if the manifest expects anything of them. */
async function openExaminer(
  { manifest: { assets, judge: settings }, paths: { root }, plan, judge }: RunOptions,
  { workspace, lockWriter, access, signals, onEvent }: Omit<RunStages, 'examiner'>,
): Promise<PictureExaminer | undefined> {
  if (assets.every(({ expect }) => expect === null)) return undefined
  const [{ createPictureExaminer }, { createRunJudge }] = await Promise.all([
    import('./picture-examiner.ts'),
    import('./run-judge.ts'),
  ])
  const open = judge ?? (() => Promise.reject(new Error('The run has no judge.')))
  return createPictureExaminer({
    workspace,
    plan,
    lockWriter,
    judge: createRunJudge({ root, settings, open, access, signals, onEvent }),
  })
}

async function openRemoteRun(
  { remote: access, manifest, signal: stop, quit }: RunOptions,
  { clock, onEvent }: { clock: Clock; onEvent: OnEvent },
): Promise<RemoteRun | undefined> {
  if (access === undefined) return undefined
  const { createRemoteRun } = await import('../remote/remote-run.ts')
  const isOnlyCopy = manifest.masters === 'remote'
  return createRemoteRun({ access, clock, onEvent, isOnlyCopy, stop, quit })
}

/** Returns the limits of a run's budget. */
function budgetLimits(options: RunOptions, month: BudgetLimit | undefined): BudgetLimit[] {
  const {
    manifest: { budget },
    maxUsd,
  } = options
  const limits: BudgetLimit[] = []
  const planFactor = planFactorOf(options)
  if (planFactor < Infinity) limits.push({ of: 'plan', usd: options.plan.usd * planFactor })
  if (maxUsd !== undefined) limits.push({ of: 'max-cost', usd: maxUsd })
  if (budget.run !== null) limits.push({ of: 'run', usd: budget.run })
  if (month !== undefined) limits.push(month)
  return limits
}

/**
 * Returns how many times its price in the plan a run may cost: once, because nobody agreed to more
 * than the plan said, unless `maxUsd` sets the limit. A request that may be retried after it was
 * billed can cost its price once per attempt.
 */
function planFactorOf({ manifest, maxUsd, retryUncertain, partials }: RunOptions): number {
  // The caller knows what partials cost that the manifest does not ask for.
  if (maxUsd !== undefined || partials !== undefined) return Infinity
  const mayPayTwice =
    retryUncertain === true ||
    manifest.providers.some(({ limits, quirks }) => limits.retryUncertain || quirks.idempotencyKeys)
  return mayPayTwice ? MAX_ATTEMPTS : 1
}

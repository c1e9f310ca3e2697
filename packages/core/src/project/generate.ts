import type { OnEvent } from '../events.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Plan } from '../plan/plan.ts'
import { hasWork } from '../plan/steps.ts'
import type { RemoteAccess } from '../remote/remote-access.ts'
import type { Orders } from '../run/orders.ts'
import { noCounts } from '../run/run-counts.ts'
import type { RunResult } from '../run/run.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { hasWriterCrashed, type WriterSession } from '../store/single-writer.ts'
import { listUnsent } from '../store/unsent.ts'
import type { ProjectContext } from './context.ts'
import { groupPlan } from './group-plan.ts'
import { needsRemote, requireQueueStore } from './named-remote.ts'
import type { GenerateOptions } from './options.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { hasInstalledInJournal, readAfterCleanUp } from './read-after-clean-up.ts'
import { requireMerged } from './require-merged.ts'
import { requireSameCost, requireSamePlan } from './require-same-plan.ts'
import {
  requestsPictures,
  requireAnyKey,
  requireConsent,
  requireOverlays,
  requireWritableFolders,
} from './requirements.ts'
import { runAsWriter, stopSignal } from './run-as-writer.ts'
import { keepChosen, selectSteps } from './select-steps.ts'
import { settleEarlierRuns } from './settle-earlier-runs.ts'
import type { FullSnapshot, Snapshot } from './snapshot.ts'

/** The options of `generate`. */
export type { GenerateOptions } from './options.ts'

export type GenerateResult = Omit<RunResult, 'lock'> & {
  /** The plan that was executed. */
  plan: Plan
  /**
   * Set only if there was nothing to do: the snapshot that was read, and its plan with the steps
   * that the options exclude.
   */
  seen?: { plan: Plan; snapshot: Snapshot }
}

/**
 * What planning takes in addition to the snapshot: the options, and requests that failed in a
 * batch.
 */
type PlanRequest = {
  options: GenerateOptions
  failedInBatch: ReadonlySet<string>
  /** The assets of the shard; `undefined` if the run is not split. */
  own?: ReadonlySet<string> | undefined
  /** The remote store; `undefined` if there is none, or it is not needed. */
  remote?: RemoteAccess | undefined
}

/** A snapshot, its plan, and the steps of it that the options select. */
type Planned = { snapshot: FullSnapshot; wholePlan: Plan; plan: Plan }

/** The assets to request, and the most that they may cost, USD. */
type Chosen = { assets: ReadonlySet<string>; maxUsd?: number | undefined }

/** A plan that was approved, if the options ask for approval. */
type ApprovedPlan = PlanRequest & {
  approved: Plan
  /** What `choose` returned; `undefined` for everything. */
  chosen: Chosen | undefined
}

/**
 * Collects finished batches, plans, then executes the plan. With a saved plan, or if only free
 * steps are executed, batches are not collected.
 *
 * @throws ManifestError, LimnError
 */
export async function generate(
  context: ProjectContext,
  options: GenerateOptions = {},
): Promise<GenerateResult> {
  const own = await assetsOf(context, options)
  const failures = await settleEarlierRuns(context, options)
  const failedInBatch = new Set(
    failures.flatMap(({ asset, request }) => (isForced(asset, options) ? [] : [request])),
  )
  const result = await planAndExecute(context, { options, failedInBatch, own })
  const failed = failures.map(({ asset, error }) => ({ asset, error }))
  const unsent = result.unsent + (await sendUnsentMasters(context, options, result))
  return { ...result, failed: [...failed, ...result.failed], unsent }
}

/**
 * Uploads the masters that earlier runs could not. A run whose own uploads failed has just tried.
 *
 * @returns how many pictures are still only on this machine
 */
async function sendUnsentMasters(
  context: ProjectContext,
  options: GenerateOptions,
  { unsent }: Pick<GenerateResult, 'unsent'>,
): Promise<number> {
  const { freeOnly = false, signal, quit } = options
  if (freeOnly || unsent > 0 || signal?.aborted === true || quit?.aborted === true) return 0
  const digests = listUnsent(context.paths)
  if (digests.length === 0) return 0
  const { sendUnsent } = await import('./send-unsent.ts')
  return sendUnsent(context, digests, options)
}

/** Returns the assets of the shard that the options name; `undefined` if they name none. */
async function assetsOf(
  context: ProjectContext,
  options: GenerateOptions,
): Promise<ReadonlySet<string> | undefined> {
  const { shard } = options
  if (shard === undefined) return undefined
  const { ownAssets } = await import('./shard/own-assets.ts')
  return ownAssets(context, { ...options, shard }, { isRun: true })
}

/** Whether an asset is requested whatever exists of it. */
function isForced(asset: string, { names, force }: GenerateOptions): boolean {
  return force === true && names?.includes(asset) === true
}

async function planAndExecute(
  context: ProjectContext,
  request: PlanRequest,
): Promise<GenerateResult> {
  const { options } = request
  const { onEvent = () => {}, signal } = options
  const { planned, remote } = await planWithRemote(context, request)
  const { snapshot, wholePlan } = planned
  const { manifest } = snapshot
  requireSamePlan(options.plan, planned.plan)
  for (const diagnostic of snapshot.warnings) onEvent({ type: 'warning', diagnostic })
  await requireEmittable(context, snapshot, options)
  if (await isNothingToDo(planned.plan, snapshot, context.paths)) {
    const { plan } = planned
    onEvent({ type: 'planned', plan, currency: manifest.currency })
    await emit(context, { read: () => snapshot, manifest, options })
    const { digests: _, ...seen } = snapshot
    return { ...nothingDone(), plan, seen: { plan: wholePlan, snapshot: seen } }
  }
  const chosen = await choose(planned, options)
  const plan = keepChosen(planned.plan, chosen?.assets)
  requireMerged(plan, context.paths)
  const derive = options.derive ?? true
  await requireWritableFolders(plan, { context, manifest, derive })
  await requireOverlays(plan, { context, manifest, derive })
  // The workers of a queue have the keys.
  const isSentHere = options.queue === undefined
  if (isSentHere) await requireAnyKey(plan, { context, manifest })
  await options.approve?.(plan, manifest)
  if (isSentHere) await requireConsent(plan, { context, manifest })
  const result = await runAsWriter(
    context,
    { onWait: () => onEvent({ type: 'waiting' }), signal },
    (session) => executeAsWriter(context, { ...request, remote, approved: plan, chosen }, session),
  )
  await emit(context, { read: () => context.read(), manifest, options })
  return result
}

/** Returns whether a run writes what has all pictures. A shard has only a part of them. */
function emits({ derive = true, shard }: GenerateOptions): boolean {
  return derive && shard === undefined
}

/** Checks that the module of all pictures and atlases can be written, before anything is paid for. */
async function requireEmittable(
  { paths }: ProjectContext,
  { manifest, lock }: Snapshot,
  options: GenerateOptions,
): Promise<void> {
  if (!emits(options)) return
  if (manifest.emit !== null) {
    const { requireOwnFiles } = await import('./emit/emit-pictures.ts')
    requireOwnFiles(paths, manifest.emit)
  }
  if (manifest.atlases !== undefined) {
    const { requireOwnAtlases } = await import('./atlas/write-atlases.ts')
    requireOwnAtlases(paths, { manifest, lock })
  }
}

type Emission = {
  /** Returns the state after the run. */
  read: () => Snapshot | Promise<Snapshot>
  manifest: Manifest
  options: GenerateOptions
}

/** Writes the module of all pictures and the atlases that have changed. */
async function emit(
  { paths }: ProjectContext,
  { read, manifest, options }: Emission,
): Promise<void> {
  const { emit: module, atlases } = manifest
  if (!emits(options) || (module === null && atlases === undefined)) return
  const snapshot = await read()
  if (module !== null) {
    const { emitPictures } = await import('./emit/emit-pictures.ts')
    const file = await emitPictures(paths, snapshot)
    if (file !== undefined) options.onEvent?.({ type: 'emitted', file })
  }
  if (atlases === undefined) return
  const { writeAtlases } = await import('./atlas/write-atlases.ts')
  for (const file of await writeAtlases(paths, snapshot)) {
    options.onEvent?.({ type: 'packed', file })
  }
}

/** Asks which assets are requested. @returns `undefined` for all */
async function choose(
  { snapshot, plan }: Planned,
  options: GenerateOptions,
): Promise<Chosen | undefined> {
  if (options.choose === undefined) return undefined
  return options.choose(await groupPlan(plan, snapshot), plan, snapshot.manifest)
}

/** Lowers the limit of a run to what a person was shown. */
function withLimit(options: GenerateOptions, shownUsd: number | undefined): GenerateOptions {
  if (shownUsd === undefined) return options
  return { ...options, maxUsd: Math.min(options.maxUsd ?? Infinity, shownUsd) }
}

async function planNow(context: ProjectContext, request: PlanRequest): Promise<Planned> {
  const snapshot = await context.read()
  const wholePlan = planOf(snapshot, request)
  const { manifest } = snapshot
  return {
    snapshot,
    wholePlan,
    plan: selectSteps(wholePlan, request.options, { manifest, context, own: request.own }),
  }
}

/**
 * Plans. If the plan requests pictures and there is a remote store, recovers what the store has and
 * plans again, until it has nothing more: an input that was recovered completes other requests.
 */
async function planWithRemote(
  context: ProjectContext,
  request: PlanRequest,
): Promise<{ planned: Planned; remote?: RemoteAccess }> {
  const { freeOnly = false, plan: saved, queue, onEvent = () => {}, signal } = request.options
  let planned = await planNow(context, request)
  const { manifest } = planned.snapshot
  const isQueued = queue !== undefined && requestsPictures(planned.plan)
  if (isQueued) requireQueueStore(manifest, context)
  if (freeOnly || !(isQueued || needsRemote(planned.plan, manifest, context))) return { planned }
  const { openRemote } = await import('./recover-from-remote.ts')
  const { access, recover, reportUnasked } = await openRemote(context, manifest, {
    onEvent,
    signal,
  })
  // A saved plan says what is requested.
  if (saved !== undefined) return { planned, remote: access }
  while (await recover(planned.plan, planned.snapshot)) planned = await planNow(context, request)
  reportUnasked(planned.plan)
  return { planned, remote: access }
}

/** Executes the plan. Plans again first: another process may have done the work meanwhile. */
async function executeAsWriter(
  context: ProjectContext,
  { approved, chosen, ...request }: ApprovedPlan,
  session: WriterSession,
): Promise<GenerateResult> {
  const { options } = request
  const { onEvent = () => {} } = options
  const snapshot = await readAfterCleanUp(context, session)
  if (snapshot.lock.isMerged === true) {
    const { writeLock } = await import('../lock/file.ts')
    await writeLock(context.paths.lock, snapshot.lock, { mastersFolder: context.paths.masters })
  }
  const { manifest } = snapshot
  const { own } = request
  const whole = selectSteps(planOf(snapshot, request), options, { manifest, context, own })
  requireSamePlan(options.plan, whole)
  const plan = keepChosen(whole, chosen?.assets)
  if (options.approve !== undefined || chosen !== undefined) requireSameCost(approved, plan)
  onEvent({ type: 'planned', plan, currency: manifest.currency })
  if (!hasWork(plan)) return { ...nothingDone(), plan }
  const result = await execute(context, {
    plan,
    snapshot,
    options: withLimit(options, chosen?.maxUsd),
    session,
    remote: request.remote,
  })
  return { ...result, plan }
}

/** What is executed, by whom. */
type Execution = {
  plan: Plan
  snapshot: Pick<FullSnapshot, 'manifest' | 'lock' | 'digests'>
  options: GenerateOptions
  session: WriterSession
  /** The remote store. Default: none. */
  remote?: RemoteAccess | undefined
  /** Whether received pictures become candidates, and no masters. Default false. */
  asCandidates?: boolean
}

/**
 * Executes a plan as the single writer.
 *
 * @throws LimnError
 */
export async function execute(
  context: ProjectContext,
  {
    plan,
    snapshot: { manifest, lock, digests },
    options,
    session,
    remote,
    asCandidates,
  }: Execution,
): Promise<Omit<RunResult, 'lock'>> {
  const { paths, env, access, profile, clock } = context
  const { onEvent = () => {}, derive = true, names = [], shard, quit } = options
  const { maxUsd, retryUncertain, partials } = options
  // Another process may have been killed while this one waited to be the writer.
  requireMerged(plan, paths)
  const signal = stopSignal(session, options.signal)
  const { models, providers, isBalanced } = manifest
  const { run } = await import('../run/run.ts')
  const { lock: _, ...result } = await run({
    paths,
    env,
    manifest,
    lock,
    plan,
    digests,
    async provider(onProviderEvent) {
      const { createProvider } = await import('../providers/create-provider.ts')
      return createProvider(providers, {
        access,
        models,
        root: paths.root,
        isBalanced,
        onEvent: onProviderEvent,
      })
    },
    orders: ordersOf(context, { options, remote, signal }),
    async batchClient(model) {
      const { createBatchClient } = await import('../providers/create-batch-client.ts')
      const [settings] = providers
      return createBatchClient({ settings: settings!, model, access, models, root: paths.root })
    },
    async judge() {
      const { createJudge } = await import('../judge/judge.ts')
      return createJudge(manifest.judge, { access, root: paths.root })
    },
    remote,
    derive,
    asCandidates,
    maxUsd,
    retryUncertain,
    profile,
    isWhole: names.length === 0 && shard === undefined && options.choose === undefined,
    clock,
    partials,
    onEvent,
    signal,
    quit,
  })
  return result
}

/** Returns what opens the queue of a run; `undefined` if this process sends the requests. */
function ordersOf(
  context: ProjectContext,
  {
    options: { queue, quit },
    remote,
    signal,
  }: { options: GenerateOptions; remote: RemoteAccess | undefined; signal: AbortSignal },
): ((onEvent: OnEvent) => Promise<Orders>) | undefined {
  if (queue === undefined || remote === undefined) return undefined
  return async (onEvent) => {
    const { openOrders } = await import('./queue.ts')
    return openOrders(queue, context, { remote, onEvent, signal, quit })
  }
}

function planOf(snapshot: Snapshot, { options, failedInBatch }: PlanRequest): Plan {
  const { names, force, batch, examine } = options
  return planSnapshot(snapshot, { names, force, batch, examine, failedInBatch })
}

/** Returns whether neither the plan, nor a merged lockfile, nor a crashed run needs a writer. */
async function isNothingToDo(
  plan: Plan,
  snapshot: Snapshot,
  paths: ProjectPaths,
): Promise<boolean> {
  return (
    !hasWork(plan) &&
    snapshot.lock.isMerged !== true &&
    !hasInstalledInJournal(snapshot) &&
    !(await hasWriterCrashed(paths))
  )
}

function nothingDone(): Omit<RunResult, 'lock'> {
  return { ...noCounts(), usd: 0 }
}

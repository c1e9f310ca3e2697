import { dirname, join } from 'node:path'
import { canonicalJson } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { type Plan } from '../plan/plan.ts'
import { hasWork, isNewSource, isWork } from '../plan/steps.ts'
import type { BatchFailure } from '../run/collect-batches.ts'
import type { RunResult } from '../run/run.ts'
import { readBatchRecords } from '../store/batch-records.ts'
import { readIntents } from '../store/intents.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { hasWriterCrashed, type WriterSession } from '../store/single-writer.ts'
import type { ProjectContext } from './context.ts'
import type { PlanSelection } from './options.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { IndexedSnapshot, Snapshot } from './snapshot.ts'

export type GenerateOptions = PlanSelection & {
  /** A saved plan: the run fails if it no longer applies. */
  plan?: Plan | undefined
  /** Executes only steps that cost nothing. Default false. */
  freeOnly?: boolean | undefined
  /** Whether to derive outputs, not only to generate masters. Default true. */
  derive?: boolean | undefined
  /** Limit for this run in addition to the manifest's `budget`, USD. Default no limit. */
  maxUsd?: number | undefined
  /** Partial pictures to request from models that stream, 0 to 3. Overrides the manifest. */
  partials?: number | undefined
  /**
   * Receives the plan before any step is executed and before other processes have to wait; throws
   * to reject it. If the plan becomes more expensive afterwards, the run fails.
   */
  approve?: ((plan: Plan, manifest: Manifest) => Promise<void>) | undefined
  onEvent?: OnEvent | undefined
  /** When it fires, no further step starts; requests in flight are still received. */
  signal?: AbortSignal | undefined
  /**
   * When it fires, requests in flight are abandoned too; received pictures are still stored. Fires
   * after `signal`.
   */
  quit?: AbortSignal | undefined
}

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
type PlanRequest = { options: GenerateOptions; failedInBatch: ReadonlySet<string> }

/** A plan that was approved, if the options ask for approval. */
type ApprovedPlan = PlanRequest & { approved: Plan }

const NOTHING_DONE = {
  generated: 0,
  recovered: 0,
  moved: 0,
  derived: 0,
  sent: [],
  failed: [],
  usd: 0,
} satisfies Omit<RunResult, 'lock'>

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
  await completeInterrupted(context, options)
  const failures = await collectFinishedBatches(context, options)
  const failedInBatch = new Set(failures.map(({ request }) => request))
  const result = await planAndExecute(context, { options, failedInBatch })
  const failed = failures.map(({ asset, error }) => ({ asset, error }))
  return { ...result, failed: [...failed, ...result.failed] }
}

/**
 * Completes what a crashed writer left unfinished, if anything, so that the plan does not request a
 * picture again that is in place.
 */
async function completeInterrupted(
  context: ProjectContext,
  { onEvent = () => {}, signal }: GenerateOptions,
): Promise<void> {
  if (readIntents(context.paths).length === 0) return
  await runAsWriter(context, { onWait: () => onEvent({ type: 'waiting' }), signal }, async () => {})
}

/** Moves the pictures of finished batches to the journal, if any batch is open. */
async function collectFinishedBatches(
  context: ProjectContext,
  { freeOnly = false, plan: saved, onEvent = () => {}, signal }: GenerateOptions,
): Promise<BatchFailure[]> {
  if (freeOnly || saved !== undefined) return []
  if (readBatchRecords(context.paths.batches).length === 0) return []
  return runAsWriter(
    context,
    { onWait: () => onEvent({ type: 'waiting' }), signal },
    async ({ lost }) => {
      const { collectIntoJournal } = await import('./batches.ts')
      return collectIntoJournal(context, { onEvent, signal: anyOf(signal, lost) })
    },
  )
}

async function planAndExecute(
  context: ProjectContext,
  request: PlanRequest,
): Promise<GenerateResult> {
  const { options } = request
  const { onEvent = () => {}, signal } = options
  const snapshot = await context.read()
  const wholePlan = planOf(snapshot, request)
  const plan = selectSteps(wholePlan, options)
  requireSamePlan(options.plan, plan)
  for (const diagnostic of snapshot.warnings) onEvent({ type: 'warning', diagnostic })
  if (await isNothingToDo(plan, snapshot, context.paths)) {
    onEvent({ type: 'planned', plan, currency: snapshot.manifest.currency })
    const { digests: _, ...seen } = snapshot
    return { ...NOTHING_DONE, plan, seen: { plan: wholePlan, snapshot: seen } }
  }
  await requireWritableFolders(plan, { context, manifest: snapshot.manifest, options })
  await options.approve?.(plan, snapshot.manifest)
  return runAsWriter(context, { onWait: () => onEvent({ type: 'waiting' }), signal }, (session) =>
    executeAsWriter(context, { ...request, approved: plan }, session),
  )
}

/** Executes the plan. Plans again first: another process may have done the work meanwhile. */
async function executeAsWriter(
  context: ProjectContext,
  { approved, ...request }: ApprovedPlan,
  session: WriterSession,
): Promise<GenerateResult> {
  const { options } = request
  const { onEvent = () => {} } = options
  const snapshot = await readAfterCleanUp(context, session)
  if (snapshot.lock.isMerged === true) {
    const { writeLock } = await import('../lock/file.ts')
    await writeLock(context.paths.lock, snapshot.lock, {
      mastersFolder: context.paths.masters,
      requireWriter: session.requireWriter,
    })
  }
  const plan = selectSteps(planOf(snapshot, request), options)
  requireSamePlan(options.plan, plan)
  if (options.approve !== undefined) requireSameCost(approved, plan)
  onEvent({ type: 'planned', plan, currency: snapshot.manifest.currency })
  if (!hasWork(plan)) return { ...NOTHING_DONE, plan }
  const result = await execute(context, { plan, snapshot, options, session })
  return { ...result, plan }
}

/** Reads the project once what a crashed run left behind is in place. */
async function readAfterCleanUp(
  context: ProjectContext,
  session: WriterSession,
): Promise<IndexedSnapshot> {
  const { paths, read } = context
  const { recoverFromFallback } = await import('../store/journal-fallback.ts')
  let snapshot = await read()
  if (await recoverFromFallback(paths)) snapshot = await read()
  if (session.isAfterCrash) {
    const { cleanUpAfterCrash } = await import('../store/clean-up-after-crash.ts')
    if (await cleanUpAfterCrash({ paths, ...snapshot })) snapshot = await read()
    await session.markCleanedUp()
  }
  return snapshot
}

async function execute(
  { paths, env, profile, clock }: ProjectContext,
  {
    plan,
    snapshot: { manifest, lock, digests },
    options,
    session: { lost, requireWriter },
  }: { plan: Plan; snapshot: IndexedSnapshot; options: GenerateOptions; session: WriterSession },
): Promise<Omit<RunResult, 'lock'>> {
  const { onEvent = () => {}, derive = true, maxUsd, names = [], partials, signal, quit } = options
  const { models, providers } = manifest
  const { run } = await import('../run/run.ts')
  const { lock: _, ...result } = await run({
    paths,
    manifest,
    lock,
    plan,
    digests,
    requireWriter,
    async provider(onProviderEvent) {
      const { createProvider } = await import('../providers/create-provider.ts')
      return createProvider(providers, { env, models, root: paths.root, onEvent: onProviderEvent })
    },
    async batchClient() {
      const { createBatchClient } = await import('../providers/openai/batch-client.ts')
      return createBatchClient({ settings: providers[0]!, env, models })
    },
    derive,
    maxUsd,
    profile,
    isWhole: names.length === 0,
    clock,
    partials,
    onEvent,
    signal: anyOf(signal, lost),
    quit,
  })
  return result
}

function planOf(snapshot: Snapshot, { options, failedInBatch }: PlanRequest): Plan {
  const { names, force, batch } = options
  return planSnapshot(snapshot, { names, force, batch, failedInBatch })
}

/** Leaves out the steps that the options exclude. */
function selectSteps(
  plan: Plan,
  { freeOnly = false, derive = true }: Pick<GenerateOptions, 'freeOnly' | 'derive'>,
): Plan {
  const steps = plan.steps.filter(
    (step) =>
      (!freeOnly || step.kind !== 'generate' || step.usd === 0) &&
      (derive || step.kind !== 'derive' || isNewSource(step)),
  )
  return steps.length === plan.steps.length ? plan : { ...plan, steps }
}

/** Returns whether neither the plan, nor a merged lockfile, nor a crashed run needs a writer. */
async function isNothingToDo(
  plan: Plan,
  { lock }: Snapshot,
  paths: ProjectPaths,
): Promise<boolean> {
  return !hasWork(plan) && lock.isMerged !== true && !(await hasWriterCrashed(paths))
}

/** @throws LimnError `store/read-only`, `store/outside` if a folder cannot be written to */
async function requireWritableFolders(
  plan: Plan,
  {
    context: { paths },
    manifest,
    options: { derive = true },
  }: { context: ProjectContext; manifest: Manifest; options: GenerateOptions },
): Promise<void> {
  const { requireWritable } = await import('../disk/preflight.ts')
  await requireWritable(paths.root, foldersOf(plan, paths, derive ? manifest.out : null))
}

/** Returns the folders that a plan writes to. The cache is left out: a run works without it. */
function foldersOf(
  { steps }: Plan,
  { root, lock, journal, masters }: ProjectPaths,
  out: string | null,
): string[] {
  const writesMasters = steps.some(
    ({ kind }) => kind === 'generate' || kind === 'recover' || kind === 'move',
  )
  return [
    ...(writesMasters ? [dirname(lock), journal, join(root, masters)] : []),
    ...(out !== null && steps.some(isWork) ? [join(root, out)] : []),
  ]
}

/** @throws LimnError `plan/stale` if the plan costs more than the approved one */
function requireSameCost(approved: Plan, current: Plan): void {
  if (current.usd <= approved.usd && current.unknownPrices <= approved.unknownPrices) return
  throw new LimnError(
    'plan/stale',
    'The plan costs more than the one that was approved: the manifest, the lockfile or the files have changed.',
    { hint: 'Run the command again.' },
  )
}

/** @throws LimnError `plan/stale` if there is a saved plan and it no longer applies */
function requireSamePlan(saved: Plan | undefined, current: Plan): void {
  if (saved === undefined || canonicalJson(saved) === canonicalJson(current)) return
  throw new LimnError(
    'plan/stale',
    'The saved plan no longer applies: the manifest, the lockfile or the files have changed since.',
    { hint: 'Make a new one with `limn plan --out FILE`.' },
  )
}

function anyOf(signal: AbortSignal | undefined, lost: AbortSignal): AbortSignal {
  return signal === undefined ? lost : AbortSignal.any([signal, lost])
}

import { dirname, join } from 'node:path'
import { canonicalJson } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { isThisMachine } from '../models/consent.ts'
import { type Plan } from '../plan/plan.ts'
import { hasWork, isNewSource, isWork } from '../plan/steps.ts'
import { baseURLOf } from '../providers/environment.ts'
import type { BatchFailure } from '../run/batch-collection.ts'
import type { RunResult } from '../run/run.ts'
import { readBatchRecords } from '../store/batch-records.ts'
import { readIntents } from '../store/intents.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { listLinkKeys } from '../store/pending-links.ts'
import { hasWriterCrashed, type WriterSession } from '../store/single-writer.ts'
import type { ProjectContext } from './context.ts'
import type { PlanSelection } from './options.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { FullSnapshot, Snapshot } from './snapshot.ts'

export type GenerateOptions = PlanSelection & {
  /** A saved plan: the run fails if it no longer applies. */
  plan?: Plan | undefined
  /** Executes only steps that cost nothing and contact no host outside this machine. Default false. */
  freeOnly?: boolean | undefined
  /** Whether to derive outputs, not only to generate masters. Default true. */
  derive?: boolean | undefined
  /** Limit for this run in addition to the manifest's `budget`, USD. Default no limit. */
  maxUsd?: number | undefined
  /**
   * Whether to retry requests that may have been billed, each attempt of which may be billed.
   * Default: `limits.retryUncertain` of the manifest.
   */
  retryUncertain?: boolean | undefined
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
  const failures = await collectPending(context, options)
  const failedInBatch = new Set(
    failures.flatMap(({ asset, request }) => (isForced(asset, options) ? [] : [request])),
  )
  const result = await planAndExecute(context, { options, failedInBatch })
  const failed = failures.map(({ asset, error }) => ({ asset, error }))
  return { ...result, failed: [...failed, ...result.failed] }
}

/** Whether an asset is requested whatever exists of it. */
function isForced(asset: string, { names, force }: GenerateOptions): boolean {
  return force === true && names?.includes(asset) === true
}

/**
 * Completes what a crashed writer left unfinished, if anything, so that the plan does not request a
 * picture again that is in place.
 *
 * @throws LimnError `store/read-only`, `store/outside` if that can't be written
 */
async function completeInterrupted(
  context: ProjectContext,
  { onEvent = () => {}, signal }: GenerateOptions,
): Promise<void> {
  const { paths } = context
  if (readIntents(paths).length === 0) return
  const { requireWritable } = await import('../disk/preflight.ts')
  await requireWritable(paths.root, [dirname(paths.lock), join(paths.root, paths.masters)])
  await runAsWriter(context, { onWait: () => onEvent({ type: 'waiting' }), signal }, async () => {})
}

/**
 * Moves the pictures of finished batches, and those behind links that an earlier run could not
 * fetch, to the journal.
 */
async function collectPending(
  context: ProjectContext,
  { freeOnly = false, plan: saved, onEvent = () => {}, signal }: GenerateOptions,
): Promise<BatchFailure[]> {
  if (freeOnly || saved !== undefined) return []
  const { paths } = context
  const hasBatches = readBatchRecords(paths.batches).length > 0
  const hasLinks = listLinkKeys(paths.journal).length > 0
  if (!hasBatches && !hasLinks) return []
  return runAsWriter(
    context,
    { onWait: () => onEvent({ type: 'waiting' }), signal },
    async ({ lost }) => {
      const { collectIntoJournal } = await import('./batches.ts')
      const { collectLinksIntoJournal } = await import('./pending-links.ts')
      const collecting = { onEvent, signal: anyOf(signal, lost) }
      return [
        ...(hasLinks ? await collectLinksIntoJournal(context, collecting) : []),
        ...(hasBatches ? await collectIntoJournal(context, collecting) : []),
      ]
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
  const plan = selectSteps(wholePlan, options, canGenerateForFree(snapshot.manifest, context))
  requireSamePlan(options.plan, plan)
  for (const diagnostic of snapshot.warnings) onEvent({ type: 'warning', diagnostic })
  if (await isNothingToDo(plan, snapshot, context.paths)) {
    onEvent({ type: 'planned', plan, currency: snapshot.manifest.currency })
    const { digests: _, ...seen } = snapshot
    return { ...nothingDone(), plan, seen: { plan: wholePlan, snapshot: seen } }
  }
  await requireWritableFolders(plan, { context, manifest: snapshot.manifest, options })
  await requireAnyKey(plan, snapshot.manifest.providers, context)
  await options.approve?.(plan, snapshot.manifest)
  await requireConsent(plan, snapshot.manifest.providers, context)
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
    await writeLock(context.paths.lock, snapshot.lock, { mastersFolder: context.paths.masters })
  }
  const plan = selectSteps(
    planOf(snapshot, request),
    options,
    canGenerateForFree(snapshot.manifest, context),
  )
  requireSamePlan(options.plan, plan)
  if (options.approve !== undefined) requireSameCost(approved, plan)
  onEvent({ type: 'planned', plan, currency: snapshot.manifest.currency })
  if (!hasWork(plan)) return { ...nothingDone(), plan }
  const result = await execute(context, { plan, snapshot, options, session })
  return { ...result, plan }
}

/** Reads the project once what a crashed run left behind is in place. */
async function readAfterCleanUp(
  context: ProjectContext,
  session: WriterSession,
): Promise<FullSnapshot> {
  const { paths, read } = context
  const { recoverFromFallback } = await import('../store/journal-fallback.ts')
  let snapshot = await read()
  if (await recoverFromFallback(paths)) snapshot = await read()
  if (session.isAfterCrash) {
    const { cleanUpAfterCrash } = await import('../store/clean-up-after-crash.ts')
    if (await cleanUpAfterCrash({ paths, ...snapshot })) snapshot = await read()
    await session.markCleanedUp()
  } else if (hasInstalledInJournal(snapshot)) {
    const { removeInstalledPictures } = await import('../store/clean-up-after-crash.ts')
    if (await removeInstalledPictures(paths, snapshot.lock)) snapshot = await read()
  }
  return snapshot
}

async function execute(
  { paths, env, access, profile, clock }: ProjectContext,
  {
    plan,
    snapshot: { manifest, lock, digests },
    options,
    session: { lost },
  }: { plan: Plan; snapshot: FullSnapshot; options: GenerateOptions; session: WriterSession },
): Promise<Omit<RunResult, 'lock'>> {
  const { onEvent = () => {}, derive = true, names = [], signal, quit } = options
  const { maxUsd, retryUncertain, partials } = options
  const { models, providers } = manifest
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
        onEvent: onProviderEvent,
      })
    },
    async batchClient() {
      const { createBatchClient } = await import('../providers/openai/batch-client.ts')
      return createBatchClient({ settings: providers[0]!, access, models })
    },
    derive,
    maxUsd,
    retryUncertain,
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

/**
 * Requires the key of a provider before anything about the plan is shown: without one, no picture
 * of it can be generated.
 *
 * @throws LimnError `provider/no-key` of the first provider, if none has its key
 */
async function requireAnyKey(
  { steps }: Plan,
  providers: Manifest['providers'],
  { env }: ProjectContext,
): Promise<void> {
  if (!steps.some(({ kind }) => kind === 'generate')) return
  const { findKeyFailure } = await import('../providers/openai/key.ts')
  const failures = providers.map((settings) => findKeyFailure(settings, env))
  if (failures[0] !== undefined && failures.every((failure) => failure !== undefined)) {
    throw failures[0]
  }
}

/**
 * Asks for consent to use the first provider, before other processes have to wait. The providers
 * that a run fails over to ask when their turn comes.
 *
 * @throws LimnError `provider/no-consent`, `config/not-trusted`, `config/not-found`
 */
async function requireConsent(
  { steps }: Plan,
  [first, ...others]: Manifest['providers'],
  { access, paths }: ProjectContext,
): Promise<void> {
  if (first === undefined || first.server === 'local') return
  if (!steps.some(({ kind }) => kind === 'generate')) return
  const { requireProviderConsent } = await import('../providers/key-access.ts')
  try {
    await requireProviderConsent(first, { access, root: paths.root })
  } catch (error) {
    // The next provider of the list takes over.
    if (others.length === 0 || !(error instanceof LimnError)) throw error
  }
}

/**
 * Returns whether free pictures of the manifest's providers are free work: only if no host outside
 * this machine, and no program of the project, takes part.
 */
function canGenerateForFree({ providers }: Manifest, { env }: ProjectContext): boolean {
  return providers.every(
    (settings) => settings.server === 'local' || isThisMachine(baseURLOf(settings, env) ?? ''),
  )
}

/** Leaves out the steps that the options exclude. */
function selectSteps(
  plan: Plan,
  { freeOnly = false, derive = true }: Pick<GenerateOptions, 'freeOnly' | 'derive'>,
  canGenerateForFree: boolean,
): Plan {
  const steps = plan.steps.filter(
    (step) =>
      (!freeOnly || step.kind !== 'generate' || (step.usd === 0 && canGenerateForFree)) &&
      (derive || step.kind !== 'derive' || isNewSource(step)),
  )
  return steps.length === plan.steps.length ? plan : { ...plan, steps }
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

/**
 * Returns whether a picture in the journal is a master already. A power failure may leave one
 * behind and no other trace; a later picture of the same request would be taken for an older one.
 */
function hasInstalledInJournal({ inventory: { journal }, lock }: Snapshot): boolean {
  if (journal.size === 0) return false
  const received = new Set(journal.values())
  return [...lock.assets.values()].some(({ master }) => received.has(master.sha256))
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

function nothingDone(): Omit<RunResult, 'lock'> {
  return { generated: 0, recovered: 0, moved: 0, derived: 0, sent: [], failed: [], usd: 0 }
}

function anyOf(signal: AbortSignal | undefined, lost: AbortSignal): AbortSignal {
  return signal === undefined ? lost : AbortSignal.any([signal, lost])
}

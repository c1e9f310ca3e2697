import { dirname, join } from 'node:path'
import { canonicalJson } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { HistoryEntry } from '../history/entry.ts'
import type { Clock } from '../limits/clock.ts'
import type { Manifest, ProviderId } from '../manifest/manifest.ts'
import type { Followed } from '../manifest/read.ts'
import { DRAFT_PROFILE } from '../manifest/resolve/profiles.ts'
import type { Plan } from '../plan/plan.ts'
import { hasWork, isNewSource, isWork } from '../plan/steps.ts'
import { hasCustomBaseURL, type ProviderEnvironment } from '../providers/environment.ts'
import type { BatchClient } from '../providers/openai/batch-client.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { BatchFailure } from '../run/collect-batches.ts'
import type { RunResult } from '../run/run.ts'
import { draftPaths, type ProjectPaths, projectPaths } from '../store/paths.ts'
import type { Upkeep } from './adopt.ts'
import type { Batches } from './batches.ts'
import type { LockFault } from './check.ts'
import type { Look, Snapshot } from './snapshot.ts'

export type ProjectOptions = {
  /** Folder that `manifest` is relative to. Absolute. */
  cwd: string
  /** Path of the manifest. Default `images.yaml`. */
  manifest?: string | undefined
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId | undefined
  /**
   * Profile that overrides the run: the manifest's own, or `draft` (kept apart: no lockfile, no
   * master is touched), `preview`, `production`, `premium`.
   */
  profile?: string | undefined
  /** Where keys and base URLs are found, by the name of their variable. Default none. */
  env?: ProviderEnvironment | undefined
  /** What waits for servers go by. Default the system's. */
  clock?: Clock | undefined
}

export type PlanSelection = {
  /** Only these assets, or those below them (`product/mug`). */
  names?: readonly string[] | undefined
  /** Generate again what is named, and what a person edited. */
  force?: boolean | undefined
  /** Ask in batches, at half the price, where that is possible. Default false. */
  batch?: boolean | undefined
}

export type GenerateOptions = PlanSelection & {
  /** A plan made before: refused where it no longer fits. */
  plan?: Plan | undefined
  /** Only what costs nothing. Default false. */
  freeOnly?: boolean | undefined
  /** Whether files are cut too, or only masters made. Default true. */
  derive?: boolean | undefined
  /** Money for this run beside what the manifest's `budget` says, USD. No limit where absent. */
  maxUsd?: number | undefined
  /** Unfinished pictures to ask for, 0 to 3, where the model streams; whatever the manifest says. */
  partials?: number | undefined
  /**
   * Told of the plan before anything of it is done, and before other processes are kept waiting;
   * throws where it is not to be carried out. A plan that has become dearer meanwhile is refused.
   */
  approve?: ((plan: Plan, manifest: Manifest) => Promise<void>) | undefined
  onEvent?: OnEvent | undefined
  /** Nothing more is begun when it fires; what is under way arrives. */
  signal?: AbortSignal | undefined
  /**
   * What is under way is left too when it fires; what has arrived is still written down. Fires
   * after `signal`.
   */
  quit?: AbortSignal | undefined
}

export type GenerateResult = Omit<RunResult, 'lock'> & {
  /** What was carried out. */
  plan: Plan
  /**
   * Where there was nothing to do: what was read for that, and all that the plan had before steps
   * were left out of it.
   */
  seen?: { plan: Plan; snapshot: Snapshot }
}

/** What stands in the way of a clean `check`, an asset a line. */
export type CheckProblem = { asset: string; step: Plan['steps'][number] }

export type Project = Upkeep &
  Batches & {
    readonly paths: ProjectPaths
    /**
     * What the manifest was last read from, and the pictures that it names, absolute: `images.yaml`
     * alone until it is read.
     */
    readonly followed: Followed
    /**
     * Reads manifest, lock and disk. Writes only the cache.
     *
     * @throws ManifestError, LimnError
     */
    snapshot(): Promise<Snapshot>
    /** Works out what would be done. @throws ManifestError, LimnError */
    plan(selection?: PlanSelection): Promise<{ plan: Plan; snapshot: Snapshot }>
    /**
     * Fetches what batches have drawn, plans, then carries the plan out. With a saved plan, or
     * where only what is free is made, batches are left alone.
     *
     * @throws ManifestError, LimnError
     */
    generate(options?: GenerateOptions): Promise<GenerateResult>
    /** What is known of past runs on this machine, oldest first. @throws LimnError `store/failed` */
    history(): Promise<HistoryEntry[]>
    /**
     * What is stale, missing or tampered with: offline, writes nothing but the cache. `problems`
     * and `faults` are empty where all is well; `unknown` names what only the lock has.
     */
    check(): Promise<{
      plan: Plan
      problems: CheckProblem[]
      faults: LockFault[]
      unknown: string[]
      snapshot: Snapshot
    }>
  }

/**
 * Opens the project of a manifest. Touches nothing yet: each stage is loaded when it is needed, so
 * that a dev server is there at once.
 */
export function openProject({
  cwd,
  manifest,
  provider,
  profile,
  env = {},
  clock,
}: ProjectOptions): Project {
  const whole = projectPaths(cwd, manifest)
  // Drafts live in a lock and a folder of their own, which are never committed.
  const paths = profile === DRAFT_PROFILE ? draftPaths(whole) : whole
  let followed: Followed = { files: [paths.manifest], folders: [] }

  const lookNow = async (): Promise<Look> => {
    const { look } = await import('./snapshot.ts')
    const seen = await look({ paths, provider, profile, onFollow: (files) => (followed = files) })
    // Other servers go on with models that OpenAI has shut down.
    return hasCustomBaseURL(env)
      ? { ...seen, warnings: seen.warnings.filter(({ code }) => code !== 'manifest/retired-model') }
      : seen
  }

  async function planFor(
    snapshot: Snapshot,
    { names = [], force, batch }: PlanSelection,
    failedInBatch?: ReadonlySet<string>,
  ): Promise<Plan> {
    const { createPlan } = await import('../plan/create-plan.ts')
    const only =
      names.length === 0
        ? undefined
        : (await import('../manifest/select-assets.ts')).selectAssets(snapshot.manifest, names)
    return createPlan({ ...snapshot, only, force, batch, failedInBatch })
  }

  async function snapshot(): Promise<Snapshot> {
    const { index: _, ...seen } = await lookNow()
    return seen
  }

  async function plan(selection: PlanSelection = {}): Promise<{ plan: Plan; snapshot: Snapshot }> {
    const seen = await snapshot()
    return { plan: await planFor(seen, selection), snapshot: seen }
  }

  async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
    const failures = await collectBatches(options)
    const result = await carryOut(options, new Set(failures.map(({ request }) => request)))
    return {
      ...result,
      failed: [...failures.map(({ asset, error }) => ({ asset, error })), ...result.failed],
    }
  }

  /** Brings what batches have drawn into the journal, where any are waited for. */
  async function collectBatches({
    freeOnly = false,
    plan: saved,
    onEvent = () => {},
    signal,
  }: GenerateOptions): Promise<BatchFailure[]> {
    if (freeOnly || saved !== undefined) return []
    const { readBatchRecords } = await import('../store/batch-records.ts')
    if (readBatchRecords(paths.batches).length === 0) return []
    const { runAsSingleWriter } = await import('../store/single-writer.ts')
    return runAsSingleWriter(
      { paths, onWait: () => onEvent({ type: 'waiting' }), signal },
      async ({ lost }) =>
        (await import('./batches.ts')).collect(await lookNow(), {
          paths,
          env,
          clock,
          onEvent,
          signal: signal === undefined ? lost : AbortSignal.any([signal, lost]),
        }),
    )
  }

  async function carryOut(
    options: GenerateOptions,
    failedInBatch: ReadonlySet<string>,
  ): Promise<GenerateResult> {
    const {
      onEvent = () => {},
      derive = true,
      freeOnly = false,
      maxUsd,
      partials,
      signal,
      quit,
    } = options
    const chooseSteps = (whole: Plan): Plan => {
      const steps = whole.steps.filter(
        (step) =>
          (!freeOnly || step.kind !== 'generate' || step.usd === 0) &&
          (derive || step.kind !== 'derive' || isNewSource(step)),
      )
      return steps.length === whole.steps.length ? whole : { ...whole, steps }
    }
    const first = await lookNow()
    const everything = await planFor(first, options, failedInBatch)
    const planned = chooseSteps(everything)
    refuseStale(options.plan, planned)
    for (const diagnostic of first.warnings) onEvent({ type: 'warning', diagnostic })
    const idle = { generated: 0, recovered: 0, moved: 0, derived: 0, sent: [], failed: [], usd: 0 }
    const { runAsSingleWriter, hasWriterCrashed } = await import('../store/single-writer.ts')
    if (!hasWork(planned) && first.lock.isMerged !== true && !(await hasWriterCrashed(paths))) {
      onEvent({ type: 'planned', plan: planned, currency: first.manifest.currency })
      const { index: _, ...snapshot } = first
      return { ...idle, plan: planned, seen: { plan: everything, snapshot } }
    }
    const [{ requireWritable }, { recoverFromFallback }] = await Promise.all([
      import('../disk/preflight.ts'),
      import('../store/journal-fallback.ts'),
    ])
    await requireWritable(
      paths.root,
      foldersOf(planned, { paths, out: derive ? first.manifest.out : null }),
    )
    await options.approve?.(planned, first.manifest)
    return runAsSingleWriter(
      { paths, onWait: () => onEvent({ type: 'waiting' }), signal },
      async ({ isAfterCrash, markCleanedUp, lost }) => {
        // Another process may have done the work while this one waited.
        let seen = await lookNow()
        if (await recoverFromFallback(paths)) seen = await lookNow()
        if (isAfterCrash) {
          const { cleanUpAfterCrash } = await import('../store/clean-up-after-crash.ts')
          if (await cleanUpAfterCrash({ paths, ...seen })) seen = await lookNow()
          await markCleanedUp()
        }
        const { manifest, lock, inventory, index, warnings } = seen
        if (lock.isMerged === true) {
          await (await import('../lock/file.ts')).writeLock(paths.lock, lock)
        }
        const fresh = chooseSteps(
          await planFor({ manifest, lock, inventory, warnings }, options, failedInBatch),
        )
        refuseStale(options.plan, fresh)
        if (options.approve !== undefined) refuseDearer(planned, fresh)
        onEvent({ type: 'planned', plan: fresh, currency: manifest.currency })
        if (!hasWork(fresh)) return { ...idle, plan: fresh }
        const { run } = await import('../run/run.ts')
        const makeProvider = async (tell: OnEvent): Promise<ImageProvider> =>
          (await import('../providers/create-provider.ts')).createProvider(manifest.providers, {
            env,
            models: manifest.models,
            root: paths.root,
            onEvent: tell,
          })
        const batchClient = async (): Promise<BatchClient> =>
          (await import('../providers/openai/batch-client.ts')).createBatchClient({
            settings: manifest.providers[0]!,
            env,
            models: manifest.models,
          })
        const { lock: _, ...result } = await run({
          paths,
          manifest,
          lock,
          plan: fresh,
          index,
          provider: makeProvider,
          batchClient,
          derive,
          maxUsd,
          profile,
          isWhole: options.names === undefined || options.names.length === 0,
          clock,
          partials,
          onEvent,
          signal: signal === undefined ? lost : AbortSignal.any([signal, lost]),
          quit,
        })
        return { ...result, plan: fresh }
      },
    )
  }

  // Loaded for those few commands that are about them.
  const openBatches = async (): Promise<Batches> =>
    (await import('./batches.ts')).createBatches({ paths, env, look: lookNow })
  const openUpkeep = async (): Promise<Upkeep> =>
    (await import('./adopt.ts')).createUpkeep({ cwd, paths, look: lookNow })

  async function check(): ReturnType<Project['check']> {
    const { plan: planned, snapshot: seen } = await plan()
    const outputsAreLocal = seen.manifest.out === null
    const problems = planned.steps.filter((step) => {
      if (step.kind === 'prune') return false
      // Outputs that this machine has not made yet are no fault of the repo.
      return !(
        step.kind === 'derive' &&
        outputsAreLocal &&
        step.reasons.every(({ code }) => code === 'outputs-missing')
      )
    })
    const { auditLock, unknownInLock } = await import('./check.ts')
    return {
      plan: planned,
      problems: problems.map((step) => ({ asset: step.asset, step })),
      faults: await auditLock(seen, paths),
      unknown: unknownInLock(seen),
      snapshot: seen,
    }
  }

  return {
    paths,
    get followed() {
      return followed
    },
    snapshot,
    plan,
    generate,
    history: async () => (await import('../history/history-file.ts')).readHistory(paths.state),
    check,
    batches: async (signal) => (await openBatches()).batches(signal),
    cancelBatch: async (id) => (await openBatches()).cancelBatch(id),
    adopt: async (name, file) => (await openUpkeep()).adopt(name, file),
    pick: async (name, number) => (await openUpkeep()).pick(name, number),
    pin: async (name, pinned) => (await openUpkeep()).pin(name, pinned),
    rename: async (from, to, onEvent) => (await openUpkeep()).rename(from, to, onEvent),
    prune: async (selected) => (await openUpkeep()).prune(selected),
  }
}

/**
 * Folders that are written to where a plan is carried out, but for the cache, without which it goes
 * on.
 */
function foldersOf(
  { steps }: Plan,
  { paths: { root, lock, journal, masters }, out }: { paths: ProjectPaths; out: string | null },
): string[] {
  const bringsMasters = steps.some(
    ({ kind }) => kind === 'generate' || kind === 'recover' || kind === 'move',
  )
  return [
    ...(bringsMasters ? [dirname(lock), journal, join(root, masters)] : []),
    ...(out !== null && steps.some(isWork) ? [join(root, out)] : []),
  ]
}

function refuseDearer(approved: Plan, fresh: Plan): void {
  if (fresh.usd <= approved.usd && fresh.unknownPrices <= approved.unknownPrices) return
  throw new LimnError(
    'plan/stale',
    'The plan has become dearer since it was agreed to: the manifest, the lock or the files have changed.',
    { hint: 'Run the command again.' },
  )
}

function refuseStale(saved: Plan | undefined, fresh: Plan): void {
  if (saved === undefined || canonicalJson(saved) === canonicalJson(fresh)) return
  throw new LimnError(
    'plan/stale',
    'The saved plan no longer fits: the manifest, the lock or the files have changed since.',
    { hint: 'Make a new one with `limn plan --out FILE`.' },
  )
}

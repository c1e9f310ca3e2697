import { join } from 'node:path'
import { canonicalJson } from './digest.ts'
import { LimnError } from './errors.ts'
import type { OnEvent } from './events.ts'
import type { ProviderId } from './manifest/manifest.ts'
import { DRAFT_PROFILE } from './manifest/profiles.ts'
import type { Followed } from './manifest/read.ts'
import { selectAssets } from './manifest/select.ts'
import { createPlan, hasWork, isNewSource, type Plan } from './plan/plan.ts'
import type { ProviderEnvironment } from './providers/providers.ts'
import type { RunResult } from './run/run.ts'
import { type Look, look, type Snapshot } from './snapshot.ts'
import { sweepTemporary } from './store/atomic.ts'
import { draftPaths, type ProjectPaths, projectPaths } from './store/paths.ts'
import { asOnlyWriter } from './store/writer.ts'
import { createUpkeep, type Upkeep } from './upkeep.ts'

export type ProjectOptions = {
  /** Folder that `manifest` is relative to. Absolute. */
  cwd: string
  /** Path of the manifest. Default `images.yaml`. */
  manifest?: string | undefined
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId | undefined
  /** Profile that overrides the run: the manifest's own, or `draft` (kept apart: no lockfile, no master is touched), `preview`, `production`, `premium`. */
  profile?: string | undefined
  /** Where keys and base URLs are found, by the name of their variable. Default none. */
  env?: ProviderEnvironment | undefined
}

export type PlanSelection = {
  /** Only these assets, or those below them (`product/mug`). */
  names?: readonly string[] | undefined
  /** Generate again what is named, and what a person edited. */
  force?: boolean | undefined
}

export type GenerateOptions = PlanSelection & {
  /** A plan made before: refused where it no longer fits. */
  plan?: Plan | undefined
  /** Only what costs nothing. Default false. */
  freeOnly?: boolean | undefined
  /** Whether files are cut too, or only masters made. Default true. */
  derive?: boolean | undefined
  /** Money for this run, USD. No limit where absent. */
  maxUsd?: number | undefined
  /** Unfinished pictures to ask for, 0 to 3, where the model streams; whatever the manifest says. */
  partials?: number | undefined
  onEvent?: OnEvent | undefined
  signal?: AbortSignal | undefined
}

export type GenerateResult = Omit<RunResult, 'lock'> & { plan: Plan }

/** What stands in the way of a clean `check`, an asset a line. */
export type CheckProblem = { asset: string; step: Plan['steps'][number] }

export type Project = Upkeep & {
  readonly paths: ProjectPaths
  /** What the manifest was last read from, and the pictures that it names, absolute: `images.yaml` alone until it is read. */
  readonly followed: Followed
  /**
   * Reads manifest, lock and disk. Writes only the cache.
   *
   * @throws ManifestError, LimnError
   */
  snapshot(): Promise<Snapshot>
  /** Works out what would be done. @throws ManifestError, LimnError */
  plan(selection?: PlanSelection): Promise<{ plan: Plan; snapshot: Snapshot }>
  /** Plans, then carries the plan out. @throws ManifestError, LimnError */
  generate(options?: GenerateOptions): Promise<GenerateResult>
  /** What is stale, missing or tampered with: offline, writes nothing. Empty where all is well. */
  check(): Promise<{ problems: CheckProblem[]; snapshot: Snapshot }>
}

/** Opens the project of a manifest. Touches nothing yet. */
export function openProject({ cwd, manifest, provider, profile, env = {} }: ProjectOptions): Project {
  const whole = projectPaths(cwd, manifest)
  // Drafts live in a lock and a folder of their own, which are never committed.
  const paths = profile === DRAFT_PROFILE ? draftPaths(whole) : whole
  let followed: Followed = { files: [paths.manifest], folders: [] }

  const lookNow = async (): Promise<Look> => {
    const seen = await look({ paths, provider, profile, onFollow: (files) => (followed = files) })
    // Other servers go on with models that OpenAI has shut down.
    return isElsewhere(env) ? { ...seen, warnings: seen.warnings.filter(({ code }) => code !== 'manifest/retired-model') } : seen
  }

  function planFor(snapshot: Snapshot, { names = [], force }: PlanSelection): Plan {
    const only = names.length === 0 ? undefined : selectAssets(snapshot.manifest, names)
    return createPlan({ ...snapshot, only, force })
  }

  async function snapshot(): Promise<Snapshot> {
    const { index: _, ...seen } = await lookNow()
    return seen
  }

  async function plan(selection: PlanSelection = {}): Promise<{ plan: Plan; snapshot: Snapshot }> {
    const seen = await snapshot()
    return { plan: planFor(seen, selection), snapshot: seen }
  }

  async function generate(options: GenerateOptions = {}): Promise<GenerateResult> {
    const { onEvent = () => {}, derive = true, freeOnly = false, maxUsd, partials, signal } = options
    const chooseSteps = (whole: Plan): Plan => {
      const steps = whole.steps.filter((step) => (!freeOnly || step.kind !== 'generate' || step.usd === 0) && (derive || step.kind !== 'derive' || isNewSource(step)))
      return steps.length === whole.steps.length ? whole : { ...whole, steps }
    }
    const first = await lookNow()
    const planned = chooseSteps(planFor(first, options))
    refuseStale(options.plan, planned)
    for (const diagnostic of first.warnings) onEvent({ type: 'warning', diagnostic })
    const idle = { generated: 0, recovered: 0, moved: 0, derived: 0, failed: [], usd: 0 }
    if (!hasWork(planned)) {
      onEvent({ type: 'planned', plan: planned })
      return { ...idle, plan: planned }
    }
    return asOnlyWriter(paths, () => onEvent({ type: 'waiting' }), async (lastDied, lost) => {
      if (lastDied) await sweepTemporary(paths.root, [paths.journal, paths.outputs, ...[paths.masters, first.manifest.out].flatMap((folder) => (folder === null ? [] : [join(paths.root, folder)]))])
      // Another process may have done the work while this one waited.
      const { manifest, lock, inventory, index, warnings } = await lookNow()
      const fresh = chooseSteps(planFor({ manifest, lock, inventory, warnings }, options))
      refuseStale(options.plan, fresh)
      onEvent({ type: 'planned', plan: fresh })
      if (!hasWork(fresh)) return { ...idle, plan: fresh }
      const [{ run }, { createProvider }] = await Promise.all([import('./run/run.ts'), import('./providers/providers.ts')])
      const { lock: _, ...result } = await run({ paths, manifest, lock, plan: fresh, index, provider: () => createProvider(manifest.providers, env), derive, maxUsd, partials, onEvent, signal: signal === undefined ? lost : AbortSignal.any([signal, lost]) })
      return { ...result, plan: fresh }
    }, signal)
  }

  async function check(): Promise<{ problems: CheckProblem[]; snapshot: Snapshot }> {
    const { plan: planned, snapshot: seen } = await plan()
    const outputsAreLocal = seen.manifest.out === null
    const problems = planned.steps.filter((step) => {
      if (step.kind === 'prune') return false
      // Outputs that this machine has not made yet are no fault of the repo.
      return !(step.kind === 'derive' && outputsAreLocal && step.reasons.every(({ code }) => code === 'outputs-missing'))
    })
    return { problems: problems.map((step) => ({ asset: step.asset, step })), snapshot: seen }
  }

  return {
    paths,
    get followed() {
      return followed
    },
    snapshot,
    plan,
    generate,
    check,
    ...createUpkeep({ cwd, paths, look: lookNow }),
  }
}

/** Whether OPENAI_BASE_URL names another server than OpenAI's own. */
function isElsewhere({ OPENAI_BASE_URL: url }: ProviderEnvironment): boolean {
  return url !== undefined && URL.canParse(url) && !/(^|\.)openai\.com$/.test(new URL(url).hostname)
}

function refuseStale(saved: Plan | undefined, fresh: Plan): void {
  if (saved === undefined || canonicalJson(saved) === canonicalJson(fresh)) return
  throw new LimnError('plan/stale', 'The saved plan no longer fits: the manifest, the lock or the files have changed since.', { hint: 'Make a new one with `limn plan --out FILE`.' })
}

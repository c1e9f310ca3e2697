import type { Plan, Step } from '../plan/plan.ts'
import { needOf } from '../plan/states.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { auditLock, type LockFault } from './audit-lock.ts'
import type { EmitState } from './emit/emit-pictures.ts'
import { isInRemoteStore } from './named-remote.ts'
import type { PolicyResult } from './policy/find-findings.ts'
import type { Snapshot } from './snapshot.ts'

/** A step that a clean `check` must not have, and the asset that it is about. */
export type CheckProblem = { asset: string; step: Step }

/**
 * What `check` found. The project is clean if `problems` and `faults` are empty, and no finding of
 * a policy fails, and the emitted module is current.
 */
export type CheckResult = {
  plan: Plan
  problems: CheckProblem[]
  faults: LockFault[]
  /** Names of lock entries that no asset of the manifest has. */
  unknown: string[]
  /** What breaks the policies of the manifest; nothing if they were not checked. */
  policy: PolicyResult
  /**
   * The module of all pictures, or an atlas that is not up to date; `null` if the manifest wants
   * none.
   */
  emit: EmitState | null
  snapshot: Snapshot
}

export type CheckOptions = {
  /** Checks the policies of the manifest too. Default: false. */
  withPolicy?: boolean | undefined
  /** A branch, tag or commit: the cost of the branch is what it adds to that. Default: none. */
  base?: string | undefined
}

/**
 * Checks a planned project offline for what is stale, missing or tampered with. Writes only the
 * cache.
 */
export async function check(
  { plan, snapshot }: { plan: Plan; snapshot: Snapshot },
  { paths, withPolicy = false, base }: CheckOptions & { paths: ProjectPaths },
): Promise<CheckResult> {
  const outputsAreLocal = snapshot.manifest.out === null
  return {
    plan,
    problems: plan.steps
      .filter((step) => isProblem(step, outputsAreLocal))
      .map((step) => ({ asset: step.asset, step })),
    faults: await auditLock(snapshot, paths),
    unknown: unknownInLock(snapshot),
    policy: withPolicy ? await checkPolicy({ plan, snapshot }, { paths, base }) : NO_POLICY,
    emit: await checkModule(snapshot, paths),
    snapshot,
  }
}

/** Loads the code of emitted modules and atlases only if the manifest wants some. */
async function checkModule(snapshot: Snapshot, paths: ProjectPaths): Promise<EmitState | null> {
  const { emit, atlases } = snapshot.manifest
  const module =
    emit === null
      ? null
      : await (await import('./emit/emit-pictures.ts')).checkEmitted(paths, snapshot)
  if (atlases === undefined || (module !== null && module.state !== 'current')) return module
  const { checkAtlases } = await import('./atlas/write-atlases.ts')
  return checkAtlases(paths, snapshot) ?? module
}

const NO_POLICY: PolicyResult = { findings: [], cost: null, notChecked: [] }

/** Loads the code of policies only if the manifest has some. */
async function checkPolicy(
  planned: { plan: Plan; snapshot: Snapshot },
  options: { paths: ProjectPaths; base: string | undefined },
): Promise<PolicyResult> {
  if (planned.snapshot.manifest.policy === null) return NO_POLICY
  const { findFindings } = await import('./policy/find-findings.ts')
  const today = new Date().toISOString().slice(0, 10)
  return findFindings(planned, { ...options, today })
}

/**
 * Whether a step shows that the repo is not up to date.
 *
 * @param outputsAreLocal whether outputs are only in the cache
 */
export function isProblem(step: Step, outputsAreLocal: boolean): boolean {
  const { kind, reasons } = step
  if (needOf(step) === 'nothing' || isOnlyRemote(step, outputsAreLocal)) return false
  // Outputs in the cache belong to a machine: those that this one lacks are no fault of the repo.
  const lacksOnlyCachedOutputs =
    kind === 'derive' && outputsAreLocal && reasons.every(({ code }) => code === 'outputs-missing')
  return !lacksOnlyCachedOutputs
}

/** Whether a step only waits for a master that is in the remote store, as the manifest wants. */
function isOnlyRemote(step: Step, outputsAreLocal: boolean): boolean {
  return (
    isInRemoteStore(step) &&
    step.reasons.every(
      ({ code }) => code === 'not-downloaded' || (outputsAreLocal && code === 'outputs-missing'),
    )
  )
}

function unknownInLock({ manifest, lock }: Snapshot): string[] {
  const known = new Set(manifest.assets.map(({ name }) => name))
  return [...lock.assets.keys()].filter((name) => !known.has(name))
}

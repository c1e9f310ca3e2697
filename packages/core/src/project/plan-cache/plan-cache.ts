import { join } from 'node:path'
import { createDebug, elapsed } from '../../debug.ts'
import { existsInside } from '../../disk/read-inside.ts'
import { findChangedStamp } from '../../disk/stamp-file.ts'
import { isSameStamp, readStamp } from '../../disk/stamps.ts'
import { formatEmptyPlan } from '../../plan/steps.ts'
import { type ProjectPaths, projectPaths } from '../../store/paths.ts'
import { CACHE_VERSION } from '../../version.ts'
import { limnVersion } from '../../version.ts'
import type { ProjectContext } from '../context.ts'
import type { PlanResult } from '../options.ts'
import { type Memory, memoryFiles, readMemory } from './memory.ts'

const debug = createDebug('plan-cache')

/**
 * What has changed since a plan was cached: nothing, the manifest, or something else. `what` is the
 * path that has changed, or a noun phrase.
 */
type Change = { kind: 'none' } | { kind: 'manifest' | 'other'; what: string }

const UNCHANGED: Change = { kind: 'none' }

/**
 * Returns the plan of a whole project. If nothing has changed since the last one, this costs one
 * stat per file that the plan depends on, and loads neither manifest, lockfile nor the code that
 * reads them. If only some assets of the manifest have changed, only those are planned again.
 * Writes only the cache.
 *
 * @throws ManifestError, LimnError
 */
export async function planWithCache({
  paths,
  provider,
  profile,
}: Pick<ProjectContext, 'paths' | 'provider' | 'profile'>): Promise<PlanResult> {
  const start = performance.now()
  const key = keyOf(paths, { provider, profile })
  const memory = readMemory(paths, key)
  const options = { paths, provider, profile, key }
  if (memory === undefined) {
    logMissing(paths)
  } else {
    const change = await findChange(memory, paths).catch(damaged)
    if (change.kind === 'none') {
      logHit(memory, start)
      return resultOf(memory)
    }
    debug('miss: %s changed', change.what)
    if (change.kind === 'manifest') {
      const { replanChanged } = await import('./replan-changed.ts')
      const result = await replanChanged(options, memory)
      if (result !== undefined) return result
      debug('the change affects more than some assets: the whole project is planned again')
    }
  }
  const { planAndRemember } = await import('./plan-and-remember.ts')
  return planAndRemember(options)
}

/**
 * Returns the line that reports that nothing is to be done, if the cached plan of `images.yaml` is
 * still valid and has neither steps nor warnings; `undefined` otherwise.
 */
export async function reportNothingToDo(cwd: string): Promise<string | undefined> {
  const start = performance.now()
  const paths = projectPaths(cwd)
  const memory = readMemory(paths, keyOf(paths))
  try {
    if (memory === undefined || memory.plan.steps.length + memory.warnings.length > 0) {
      return undefined
    }
    // The files that people edit come first: if one has changed, `planWithCache` repeats little.
    const isHit =
      findChangedText(memory, paths) === undefined &&
      (await findChange(memory, paths)).kind === 'none'
    if (!isHit) return undefined
    logHit(memory, start)
    return formatEmptyPlan(memory.plan)
  } catch {
    return undefined
  }
}

function logHit({ plan }: Memory, start: number): void {
  if (!debug.enabled) return
  debug('hit: steps: %d, unchanged: %d, %s', plan.steps.length, plan.unchanged, elapsed(start))
}

/** Logs why there is no cached plan with the key. */
function logMissing(paths: ProjectPaths): void {
  if (!debug.enabled) return
  const isOther = existsInside(paths.root, memoryFiles(paths).plan)
  debug(
    isOther
      ? 'miss: the cached plan is for other options or another version, or is damaged'
      : 'miss: no plan is cached',
  )
}

/** Treats a damaged memory as changed. */
function damaged(): Change {
  return { kind: 'other', what: 'the cached plan' }
}

function resultOf({ plan, warnings, currency, groups }: Memory): PlanResult {
  return { plan, warnings, currency, groups }
}

function keyOf(
  { manifest }: ProjectPaths,
  { provider, profile }: Partial<Pick<ProjectContext, 'provider' | 'profile'>> = {},
): string {
  return JSON.stringify([CACHE_VERSION, limnVersion(), manifest, provider ?? null, profile ?? null])
}

async function findChange(memory: Memory, paths: ProjectPaths): Promise<Change> {
  const { mark, stamps, texts, include } = memory
  const overridden = Object.keys(stamps)
  const file = memoryFiles(paths).stamps
  const other =
    overridden.find((path) => !texts.includes(path) && !isUnchanged(path, memory, paths)) ??
    findChangedStamp({ file, mark, root: paths.root, leftOut: new Set(overridden) })
  if (other !== undefined) return { kind: 'other', what: other }
  const text = findChangedText(memory, paths)
  if (text !== undefined) return { kind: 'manifest', what: text }
  if (include === undefined) return UNCHANGED
  const { findIncluded } = await import('../../manifest/find-included.ts')
  return (await findIncluded(paths.manifest, include.entries)).digest === include.digest
    ? UNCHANGED
    : { kind: 'manifest', what: 'an included manifest' }
}

/** Returns the first file or folder of the manifest that has changed. */
function findChangedText(memory: Memory, paths: ProjectPaths): string | undefined {
  return memory.texts.find((path) => !isUnchanged(path, memory, paths))
}

function isUnchanged(path: string, { stamps }: Memory, { root }: ProjectPaths): boolean {
  return isSameStamp(stamps[path]!, readStamp(join(root, path)))
}

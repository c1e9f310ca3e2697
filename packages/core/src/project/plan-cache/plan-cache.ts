import { join } from 'node:path'
import { areStampsUnchanged, isSameStamp, readStamp } from '../../disk/stamps.ts'
import { formatEmptyPlan } from '../../plan/steps.ts'
import { type ProjectPaths, projectPaths } from '../../store/paths.ts'
import { CACHE_VERSION } from '../../version.ts'
import { limnVersion } from '../../version.ts'
import type { ProjectContext } from '../context.ts'
import type { PlanResult } from '../options.ts'
import { type Memory, memoryFiles, readMemory } from './memory.ts'

/** What has changed since a plan was cached: nothing, the manifest, or something else. */
type Change = 'none' | 'manifest' | 'other'

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
  const key = keyOf(paths, { provider, profile })
  const memory = readMemory(paths, key)
  // A damaged memory counts as none.
  const change =
    memory === undefined ? 'other' : await findChange(memory, paths).catch(() => 'other' as const)
  if (memory !== undefined && change === 'none') return resultOf(memory)
  const options = { paths, provider, profile, key }
  if (memory !== undefined && change === 'manifest') {
    const { replanChanged } = await import('./replan-changed.ts')
    const result = await replanChanged(options, memory)
    if (result !== undefined) return result
  }
  const { planAndRemember } = await import('./plan-and-remember.ts')
  return planAndRemember(options)
}

/**
 * Returns the line that reports that nothing is to be done, if the cached plan of `images.yaml` is
 * still valid and has neither steps nor warnings; `undefined` otherwise.
 */
export async function reportNothingToDo(cwd: string): Promise<string | undefined> {
  const paths = projectPaths(cwd)
  const memory = readMemory(paths, keyOf(paths))
  try {
    if (memory === undefined || memory.plan.steps.length + memory.warnings.length > 0) {
      return undefined
    }
    // The files that people edit come first: if one has changed, `planWithCache` repeats little.
    return areTextsSame(memory, paths) && (await findChange(memory, paths)) === 'none'
      ? formatEmptyPlan(memory.plan)
      : undefined
  } catch {
    return undefined
  }
}

function resultOf({ plan, warnings, currency }: Memory): PlanResult {
  return { plan, warnings, currency }
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
  if (!overridden.every((path) => texts.includes(path) || isUnchanged(path, memory, paths))) {
    return 'other'
  }
  const file = memoryFiles(paths).stamps
  if (!areStampsUnchanged({ file, mark, root: paths.root, leftOut: new Set(overridden) })) {
    return 'other'
  }
  if (!areTextsSame(memory, paths)) return 'manifest'
  if (include === undefined) return 'none'
  const { findIncluded } = await import('../../manifest/find-included.ts')
  return (await findIncluded(paths.manifest, include.entries)).digest === include.digest
    ? 'none'
    : 'manifest'
}

function areTextsSame(memory: Memory, paths: ProjectPaths): boolean {
  return memory.texts.every((path) => isUnchanged(path, memory, paths))
}

function isUnchanged(path: string, { stamps }: Memory, { root }: ProjectPaths): boolean {
  return isSameStamp(stamps[path]!, readStamp(join(root, path)))
}

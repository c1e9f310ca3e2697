import { join } from 'node:path'
import type { Diagnostic } from '../../diagnostic.ts'
import { fs } from '../../disk/node-builtins.ts'
import { areStampsUnchanged, isSameStamp, readStamp, type Stamp } from '../../disk/stamps.ts'
import type { ProviderId } from '../../manifest/manifest.ts'
import type { Include } from '../../manifest/read.ts'
import type { Currency } from '../../models/cost.ts'
import type { Plan } from '../../plan/plan.ts'
import { hasCustomBaseURL } from '../../providers/environment.ts'
import { type ProjectPaths, projectPaths } from '../../store/paths.ts'
import { CACHE_VERSION, limnVersion } from '../../version.ts'
import type { ProjectOptions } from '../project.ts'

/** The plan of a whole project, what its manifest is warned of, and what it shows prices in. */
export type WholePlan = { plan: Plan; warnings: Diagnostic[]; currency: Currency | null }

/**
 * A plan as it is remembered: while everything has the stamps that were written down beside it, it
 * holds.
 */
export type Memory = WholePlan & {
  key: string
  /** Tells the file of stamps that belongs to it from an older one. */
  mark: number
  /** Stamps by path that are newer than those of the file; those of `texts` are always here. */
  stamps: Record<string, Stamp>
  /**
   * What the manifest was read from and nothing else: its files, and folders in which globs find
   * them. Relative to the root.
   */
  texts: string[]
  /** Of the manifest, as in `ReadManifest`. */
  digest: string
  /** Digests that this machine's encoder gave where the lock has another, by recipe. */
  own: Record<string, string>
  /** Only where no stamps tell which other manifests are included. */
  include?: Include | undefined
}

/** What has changed since a plan was remembered: nothing, the manifest, or something else. */
type Change = 'none' | 'manifest' | 'other'

/**
 * Works out what would be done with the whole project. Where nothing has changed since that was
 * last worked out, it costs a stat for each file that it depends on: neither manifest, lock nor any
 * code that reads them is loaded. Where some assets of the manifest have, only those are planned
 * anew. Writes only the cache.
 *
 * @throws ManifestError, LimnError
 */
export async function planWhole({
  cwd,
  manifest,
  provider,
  profile,
  env = {},
}: ProjectOptions): Promise<WholePlan> {
  const paths = projectPaths(cwd, manifest)
  const key = keyOf(paths, provider, profile)
  const { plan, warnings, currency } = await recall()
  return {
    plan,
    currency,
    warnings: hasCustomBaseURL(env)
      ? warnings.filter(({ code }) => code !== 'manifest/retired-model')
      : warnings,
  }

  async function recall(): Promise<WholePlan> {
    const memory = readMemory(paths, key)
    // A damaged memory is none.
    const change =
      memory === undefined ? 'other' : await findChange(memory, paths).catch(() => 'other' as const)
    if (change === 'none') return memory!
    const options = { paths, provider, profile, key }
    const again =
      change === 'manifest'
        ? await (await import('./replan-changed.ts')).planChanged(options, memory!)
        : undefined
    return again ?? (await import('./plan-and-remember.ts')).planAll(options)
  }
}

/**
 * The plan of a whole project, where it is remembered, still holds, and has neither steps nor
 * warnings; else `undefined`.
 */
export async function recallNothing({
  cwd,
}: Pick<ProjectOptions, 'cwd'>): Promise<Plan | undefined> {
  const paths = projectPaths(cwd)
  const memory = readMemory(paths, keyOf(paths))
  try {
    if (memory === undefined || memory.plan.steps.length + memory.warnings.length > 0) {
      return undefined
    }
    // That what people edit is looked at first keeps `planWhole` from asking the same again.
    return areTextsSame(memory, paths) && (await findChange(memory, paths)) === 'none'
      ? memory.plan
      : undefined
  } catch {
    return undefined
  }
}

function keyOf(
  { manifest }: ProjectPaths,
  provider: ProviderId | null = null,
  profile: string | null = null,
): string {
  return JSON.stringify([CACHE_VERSION, limnVersion(), manifest, provider, profile])
}

async function findChange(memory: Memory, paths: ProjectPaths): Promise<Change> {
  const { mark, stamps, texts, include } = memory
  const newer = Object.keys(stamps)
  if (!newer.every((path) => texts.includes(path) || isUnchanged(path, memory, paths))) {
    return 'other'
  }
  if (
    !areStampsUnchanged({
      file: memoryFiles(paths).stamps,
      mark,
      root: paths.root,
      leftOut: new Set(newer),
    })
  ) {
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

function readMemory(paths: ProjectPaths, key: string): Memory | undefined {
  try {
    const memory = JSON.parse(fs.readFileSync(memoryFiles(paths).plan, 'utf8')) as Memory
    return memory.key === key ? memory : undefined
  } catch {
    return undefined
  }
}

/** Where a plan and its stamps are kept. Absolute. */
export function memoryFiles({ cache, shownManifest }: ProjectPaths): {
  plan: string
  stamps: string
} {
  return {
    plan: join(cache, `${shownManifest}.plan.json`),
    stamps: join(cache, `${shownManifest}.stamps`),
  }
}

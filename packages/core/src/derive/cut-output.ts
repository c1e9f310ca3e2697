import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Output } from '../manifest/manifest.ts'
import type * as ReadMaster from '../pictures/read-master.ts'
import { nameUnreadable } from '../pictures/unreadable-picture.ts'
import { cacheName } from '../plan/plan-outputs.ts'
import { readCachedOutput, writeCachedOutput } from '../store/output-files.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type * as CutterModule from './cutter.ts'
import type { Cutter } from './cutter.ts'
import type { Derived } from './encode.ts'
import { readLockedMaster } from './read-locked-master.ts'
import { remedyFor } from './remedy.ts'

type FindOptions = {
  paths: ProjectPaths
  recipe: string
  output: Output
  /** The digests that the file may have, if known. A cached file with any other digest is ignored. */
  expected?: readonly (string | undefined)[] | undefined
}

type CutOptions = FindOptions & {
  getCutter: () => Promise<Cutter>
  /** Called if the cache cannot be written. The next request for this file cuts it again. */
  onUncached?: ((error: LimnError) => void) | undefined
}

/** Returns the finished file of a recipe: from the cache, or else cut now and written to the cache. */
export async function cutOutput({
  getCutter,
  onUncached,
  ...options
}: CutOptions): Promise<Derived & { cached: boolean }> {
  const { output } = options
  const cached = findOutput(options)
  if (cached !== undefined) {
    return { bytes: cached, ...(await sizeOf(cached, output)), cached: true }
  }
  const derived = await (await getCutter())(output)
  await keepOutput({ ...options, bytes: derived.bytes, onUncached })
  return { ...derived, cached: false }
}

/**
 * Returns the finished file of a recipe from the cache, or `undefined` if the cache does not have
 * it.
 */
export function findOutput({ paths, recipe, output, expected }: FindOptions): Buffer | undefined {
  const cached = readCachedOutput(paths, cacheName(recipe, output))
  const isTrusted =
    cached !== undefined &&
    cached.length > 0 &&
    (expected === undefined || expected.includes(sha256(cached)))
  return isTrusted ? cached : undefined
}

/** Writes a finished file to the cache. Reports a cache that cannot be written to `onUncached`. */
export async function keepOutput({
  paths,
  recipe,
  output,
  bytes,
  onUncached,
}: Pick<CutOptions, 'paths' | 'recipe' | 'output' | 'onUncached'> & {
  bytes: Buffer
}): Promise<void> {
  await writeCachedOutput(paths, { cacheName: cacheName(recipe, output), bytes }).catch(
    (error: unknown) => {
      if (!(error instanceof LimnError)) throw error
      onUncached?.(error)
    },
  )
}

/** Returns the size of a finished file, px. Only `inside` has a size that depends on the master. */
async function sizeOf(
  bytes: Buffer,
  { fit, width, height }: Output,
): Promise<{ width: number; height: number }> {
  if (fit !== 'inside') return { width, height }
  const { default: sharp } = await import('sharp')
  const facts = await sharp(bytes).metadata()
  return { width: facts.width, height: facts.height }
}

/**
 * Loads the modules that read and cut masters. They load sharp, which is slow, so load them only to
 * cut.
 */
export function loadCutter(): Promise<[typeof ReadMaster, typeof CutterModule]> {
  return Promise.all([import('../pictures/read-master.ts'), import('./cutter.ts')])
}

/**
 * Opens a locked master for cutting.
 *
 * @throws LimnError `asset/no-master` if the file is missing or does not match the lockfile;
 *   `picture/unreadable`
 */
export async function openMaster(root: string, entry: LockEntry): Promise<Cutter> {
  const [[, { createMasterCutter }], master] = await Promise.all([
    loadCutter(),
    readLockedMaster(root, entry),
  ])
  try {
    return createMasterCutter(master, root)
  } catch (error) {
    throw nameUnreadable(error, entry.master.path, remedyFor(entry))
  }
}

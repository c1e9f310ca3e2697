import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Output } from '../manifest/manifest.ts'
import { cacheName } from '../plan/plan-outputs.ts'
import { readCachedOutput, writeCachedOutput } from '../store/output-files.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { Cutter } from './cutter.ts'

type FindOptions = {
  paths: ProjectPaths
  recipe: string
  output: Output
  /** Digests that the file may have, where any is known: a cached file with another is cut anew. */
  expected?: readonly (string | undefined)[] | undefined
}

type EnsureOptions = FindOptions & {
  getCutter: () => Promise<Cutter>
  /** Told where the file can't be kept in the cache: it is cut again whenever it is wanted. */
  onUncached?: ((error: LimnError) => void) | undefined
}

/**
 * The finished file of a recipe: from the cache, else cut now and put there where that can be
 * written.
 */
export async function ensureOutput({
  getCutter,
  onUncached,
  ...options
}: EnsureOptions): Promise<{ bytes: Buffer; width: number; height: number; cached: boolean }> {
  const { output } = options
  const cached = findOutput(options)
  if (cached !== undefined) {
    return { bytes: cached, ...(await sizeOf(cached, output)), cached: true }
  }
  const derived = await (await getCutter())(output)
  await keepOutput({ ...options, bytes: derived.bytes, onUncached })
  return { ...derived, cached: false }
}

/** The finished file of a recipe, where the cache has it. */
export function findOutput({ paths, recipe, output, expected }: FindOptions): Buffer | undefined {
  const cached = readCachedOutput(paths, cacheName(recipe, output))
  const isTrusted =
    cached !== undefined &&
    cached.length > 0 &&
    (expected === undefined || expected.includes(sha256(cached)))
  return isTrusted ? cached : undefined
}

/** Puts a finished file into the cache, where that can be written. */
export async function keepOutput({
  paths,
  recipe,
  output,
  bytes,
  onUncached,
}: Pick<EnsureOptions, 'paths' | 'recipe' | 'output' | 'onUncached'> & {
  bytes: Buffer
}): Promise<void> {
  await writeCachedOutput(paths, { cacheName: cacheName(recipe, output), bytes }).catch(
    (error: unknown) => {
      if (!(error instanceof LimnError)) throw error
      onUncached?.(error)
    },
  )
}

/** A cover's size is the output's own; only `inside` has to be read from the file. */
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
 * Loads what reads masters and cuts them: only where there is something to cut, as sharp takes long
 * to load.
 */
export function loadCutting(): Promise<
  [typeof import('../pictures/read-master.ts'), typeof import('./cutter.ts')]
> {
  return Promise.all([import('../pictures/read-master.ts'), import('./cutter.ts')])
}

/**
 * Opens a locked master for cutting.
 *
 * @throws LimnError `asset/no-master` where it is gone or is not the one the lock names
 */
export async function openMaster(root: string, { master }: LockEntry): Promise<Cutter> {
  const [{ readMaster }, { cutterOf }] = await loadCutting()
  const bytes = await readFile(join(root, master.path)).catch((error: unknown) => {
    throw new LimnError('asset/no-master', `${master.path} is missing.`, {
      hint: 'Take it back with git, or run `limn generate`.',
      cause: error,
    })
  })
  if (sha256(bytes) !== master.sha256) {
    throw new LimnError(
      'asset/no-master',
      `${master.path} is not the picture that the lock names.`,
      { hint: 'Take it back with git, or run `limn plan` to see what can be done.' },
    )
  }
  return cutterOf(await readMaster(bytes))
}

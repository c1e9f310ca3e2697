import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveInside } from '../disk/resolve-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { LimnError } from '../errors.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * The cached file of a recipe; `undefined` where there is none, or it can't be read. Read at once:
 * to wait for it takes many times longer than to read it.
 */
export function readCachedOutput(paths: ProjectPaths, cacheName: string): Buffer | undefined {
  try {
    return readFileSync(join(paths.outputs, cacheName))
  } catch {
    return undefined
  }
}

/** Whether the cache has a file for a recipe. */
export function isCached(paths: ProjectPaths, cacheName: string): boolean {
  return existsSync(join(paths.outputs, cacheName))
}

/**
 * Puts a finished file into the cache under its recipe. Not synced: encoders would wait for the
 * disk, and an empty file counts as none.
 *
 * @throws LimnError `store/…`, which names the folder: all files of it fail alike
 */
export async function writeCachedOutput(
  { outputs }: Pick<ProjectPaths, 'outputs'>,
  cacheName: string,
  bytes: Uint8Array,
): Promise<void> {
  await writeFileAtomic(join(outputs, cacheName), bytes, { synced: false }).catch(
    (error: unknown) => {
      throw error instanceof LimnError ? toWriteError(error.cause, outputs) : error
    },
  )
}

/** Puts a finished file into the `out` folder. @returns its path relative to the root */
export async function writeOutFile(
  paths: ProjectPaths,
  out: string,
  asset: string,
  file: string,
  bytes: Uint8Array,
): Promise<string> {
  const path = `${out}/${asset}/${file}`
  await writeFileAtomic(resolveInside(paths.root, join(paths.root, path)), bytes)
  return path
}

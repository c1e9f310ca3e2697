import { join } from 'node:path'
import { maxBytes, probablyExistsInside, readInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { LimnError } from '../errors.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * Reads the cached output of a recipe; `undefined` if it is missing or unreadable. Synchronous:
 * waiting for an asynchronous read takes many times longer than the read itself.
 */
export function readCachedOutput(paths: ProjectPaths, cacheName: string): Buffer | undefined {
  try {
    return readInside(paths.root, join(paths.outputs, cacheName), maxBytes.picture)
  } catch {
    return undefined
  }
}

/** Returns whether the cache probably has the output of a recipe: then it need not be prepared. */
export function isProbablyCached(paths: ProjectPaths, cacheName: string): boolean {
  return probablyExistsInside(paths.root, join(paths.outputs, cacheName))
}

/**
 * Writes an output to the cache. Does not sync it: encoders would wait for the disk, and readers
 * treat an empty file as missing.
 *
 * @throws LimnError `store/…`, whose message names the folder: all its files fail alike
 */
export async function writeCachedOutput(
  { root, outputs }: Pick<ProjectPaths, 'root' | 'outputs'>,
  { cacheName, bytes }: { cacheName: string; bytes: Uint8Array },
): Promise<void> {
  await writeFileAtomic(root, join(outputs, cacheName), bytes, { synced: false }).catch(
    (error: unknown) => {
      throw error instanceof LimnError && error.cause !== undefined
        ? toWriteError(error.cause, outputs)
        : error
    },
  )
}

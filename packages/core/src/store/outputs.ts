import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from './atomic.ts'
import { resolveInside } from './inside.ts'
import type { ProjectPaths } from './paths.ts'

/** The cached file of a recipe, or `undefined`. */
export async function readCachedOutput(paths: ProjectPaths, cacheName: string): Promise<Buffer | undefined> {
  const path = join(paths.outputs, cacheName)
  return existsSync(path) ? readFile(path) : undefined
}

/** Puts a finished file into the cache under its recipe. Not synced: encoders would wait for the disk, and an empty file counts as none. */
export function writeCachedOutput(paths: ProjectPaths, cacheName: string, bytes: Uint8Array): Promise<void> {
  return writeFileAtomic(join(paths.outputs, cacheName), bytes, { synced: false })
}

/** Puts a finished file into the `out` folder. @returns its path relative to the root */
export async function writeOutFile(paths: ProjectPaths, out: string, asset: string, file: string, bytes: Uint8Array): Promise<string> {
  const path = `${out}/${asset}/${file}`
  await writeFileAtomic(resolveInside(paths.root, join(paths.root, path)), bytes)
  return path
}

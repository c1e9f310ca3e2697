import { join } from 'node:path'
import { listInside, maxBytes, readInside } from '../../disk/read-inside.ts'
import { writeFileAtomic } from '../../disk/write-atomic.ts'

/** A file below a folder of `.limn`. `path` is relative to that folder, with `/`. */
export type KeptFile = { path: string; read(): Buffer | undefined }

/** The deepest folder below one of `.limn`: names of assets are paths. */
const DEEPEST = 32

/**
 * Lists the regular files below a folder whose path has the form of Limn's own. Skips hidden files,
 * and what cannot be listed.
 *
 * @param folder absolute, inside the root
 */
export function listKept(root: string, folder: string, pattern: RegExp, below = ''): KeptFile[] {
  if (below.split('/').length > DEEPEST) return []
  return listIfExists(root, join(folder, below)).flatMap((entry): KeptFile[] => {
    const path = `${below}${entry.name}`
    if (entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return listKept(root, folder, pattern, `${path}/`)
    if (!entry.isFile() || !pattern.test(path)) return []
    return [{ path, read: () => readKept(root, join(folder, path)) }]
  })
}

function listIfExists(root: string, folder: string): ReturnType<typeof listInside> {
  try {
    return listInside(root, folder)
  } catch {
    return []
  }
}

/** Reads a file; `undefined` if there is none that can be read. */
export function readKept(root: string, path: string): Buffer | undefined {
  try {
    return readInside(root, path, maxBytes.picture)
  } catch {
    return undefined
  }
}

/**
 * Writes a file, unless it exists.
 *
 * @returns whether it was written
 * @throws LimnError `store/…`
 */
export async function writeIfNew(root: string, path: string, bytes: Buffer): Promise<boolean> {
  if (readKept(root, path) !== undefined) return false
  await writeFileAtomic(root, path, bytes)
  return true
}

import { join } from 'node:path'
import { pictureDigest } from '../digest.ts'
import { parsePointer, type PointerKind } from '../disk/pointer-file.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import type { Repository } from './repository.ts'
import type { Tree } from './tree.ts'

/** The content of a file of a commit, or why this clone does not have it. */
export type FileContent =
  | { state: 'read'; bytes: Buffer }
  /** The commit has no such file, or a link in its place. */
  | { state: 'absent' }
  /** The commit has it, and this clone does not: it is partial. */
  | { state: 'missing' }
  | { state: 'too-large'; bytes: number }
  /** The commit has the file of a tool that stores the content, which was not downloaded. */
  | { state: 'pointer'; pointer: PointerKind; sha256: string }

/**
 * Reads a file of a commit as it is stored: no filter runs. For a pointer of Git LFS, reads what
 * this clone has downloaded.
 *
 * @throws LimnError `git/failed`
 */
export async function readCommitted(
  { objects, commonFolder }: Repository,
  { tree, path, limit }: { tree: Tree; path: string; limit: number },
): Promise<FileContent> {
  const file = tree.get(path)
  if (file?.kind !== 'file') return { state: 'absent' }
  const object = await objects.read(file.id, limit)
  if (object.state !== 'read') return object
  const pointer = parsePointer(object.bytes)
  if (pointer === undefined) return { state: 'read', bytes: object.bytes }
  const { kind, sha256 } = pointer
  const bytes = kind === 'git-lfs' ? readDownloaded(commonFolder, sha256) : undefined
  return bytes === undefined
    ? { state: 'pointer', pointer: kind, sha256 }
    : { state: 'read', bytes }
}

/** Reads the file that Git LFS has downloaded for a digest; `undefined` if it has not. */
function readDownloaded(commonFolder: string, sha256: string): Buffer | undefined {
  if (sha256 === '') return undefined
  const folder = join(commonFolder, 'lfs', 'objects')
  try {
    const path = join(sha256.slice(0, 2), sha256.slice(2, 4), sha256)
    const bytes = readInside(folder, path, maxBytes.picture)
    return pictureDigest(bytes) === sha256 ? bytes : undefined
  } catch {
    return undefined
  }
}

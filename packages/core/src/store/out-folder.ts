import { join } from 'node:path'
import type { FileDigests } from '../cache/file-digests.ts'
import { statInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import { backUpFile } from './masters.ts'
import type { ProjectPaths } from './paths.ts'
import type { WrittenFiles } from './written-files.ts'

/** An output for the `out` folder. */
export type OutFile = {
  /** Folder, relative to the root. */
  out: string
  asset: string
  file: string
  bytes: Uint8Array
  sha256: string
  /**
   * Digests of what Limn has written to the path before; `undefined` if the lockfile does not
   * record the file.
   */
  known: readonly string[] | undefined
}

type Options = {
  paths: ProjectPaths
  digests: Pick<FileDigests, 'fact' | 'record'>
  written: WrittenFiles
}

/**
 * Writes an output to the `out` folder. Overwrites only files of Limn's own: keeps a file that the
 * lockfile does not record, and backs up one that somebody has changed.
 *
 * @returns the absolute path of the backup; `undefined` if there was nothing to back up
 * @throws LimnError `output/taken` if the path has a file that is not Limn's; `store/…`
 */
export async function writeOutFile(
  { out, asset, file, bytes, sha256, known }: OutFile,
  { paths, digests, written }: Options,
): Promise<string | undefined> {
  const path = `${out}/${asset}/${file}`
  const absolute = join(paths.root, path)
  const stat = statInside(paths.root, absolute)
  let backup: string | undefined
  if (stat !== undefined) {
    if (!stat.isFile()) throw taken(path)
    const { sha256: digest, others = [] } = digests.fact(path, stat)
    const found = [digest, ...others]
    // Rewriting the same content would only change the time of the file.
    if (found.includes(sha256)) return undefined
    const isOwn = found.some((each) => known?.includes(each) || written.has(path, each))
    if (!isOwn) {
      if (known === undefined) throw taken(path)
      backup = await backUpFile(paths, { asset, file: absolute })
    }
  }
  await written.add(path, sha256)
  await writeFileAtomic(paths.root, absolute, bytes)
  digests.record(path, [sha256])
  return backup
}

function taken(path: string): LimnError {
  return new LimnError(
    'output/taken',
    `${path} exists and is not a file of Limn's, so Limn keeps it.`,
    { hint: 'Rename or delete it, or choose another folder in `out`; then run `limn generate`.' },
  )
}

import { basename, join, resolve } from 'node:path'
import { hasDigest } from '../../digest.ts'
import { existsInside, maxBytes, readInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { readLock } from '../../lock/file.ts'
import { type Lock, type LockEntry, masterPaths } from '../../lock/lock.ts'
import { type ProjectPaths, projectPaths } from '../../store/paths.ts'
import { readShardRecord, type ShardRecord } from '../shard/shard-record.ts'
import type { ChangedEntry, PartLock } from './combine-locks.ts'

/** A folder with what one shard left: a checkout, or a downloaded artifact. */
export type Part = PartLock & {
  paths: ProjectPaths
  /** What the shard started from; `undefined` if no shard ran there. */
  record: ShardRecord | undefined
  /** Whether the folder has a lockfile. */
  hasLock: boolean
}

/**
 * Reads a part. Its files are untrusted.
 *
 * @param options.folder as the user wrote it, relative to `cwd`
 * @param options.here the lockfile of the project, from which a part without a record started
 * @throws LimnError `usage` if the folder is none of a project or shard; `lock/invalid`
 */
export function readPart({
  folder,
  cwd,
  paths: { manifest, masters, root },
  here,
}: {
  folder: string
  cwd: string
  paths: ProjectPaths
  here: Lock
}): Part {
  const paths = { ...projectPaths(resolve(cwd, folder), basename(manifest)), masters }
  const lockName = basename(paths.lock)
  if (paths.root === root) {
    throw new LimnError('usage', `${folder} is the project itself.`, {
      hint: 'Name the folders of the shards.',
    })
  }
  const record = readShardRecord(paths)
  const hasLock = existsInside(paths.root, paths.lock)
  if (record === undefined && !hasLock) {
    throw new LimnError('usage', `${folder} has neither ${lockName} nor the record of a shard.`, {
      hint: 'Name the folders that contain what the shards wrote: images.lock, images/ and .limn/.',
    })
  }
  const base = record?.base ?? here
  // A shard that had nothing to do in a new project has written no lockfile.
  const lock = hasLock ? readNamed(paths, folder) : base
  return { label: folder, paths, record, base, lock, hasLock }
}

/** Reads a lockfile; messages name it with its folder. */
function readNamed(paths: ProjectPaths, folder: string): Lock {
  try {
    return readLock(paths.lock, paths.masters)
  } catch (error) {
    if (!(error instanceof LimnError)) throw error
    throw new LimnError(error.code, `${folder}: ${error.message}`, {
      hint: 'Download the artifact of the shard again.',
      cause: error,
    })
  }
}

/**
 * Returns why the picture of an entry cannot be taken from a part; `undefined` if it can.
 *
 * @param isHere whether the project has the file of the entry
 * @param isRemote whether masters are only in the remote store
 */
export function whyUnusable(
  { paths }: Part,
  { asset, entry }: ChangedEntry,
  { isHere, isRemote }: { isHere: (entry: LockEntry) => boolean; isRemote: boolean },
): string | undefined {
  const { request, master } = entry
  if (request.operation === 'source') return undefined
  if (!masterPaths(paths.masters, asset).includes(master.path)) {
    return `its master would be ${master.path}`
  }
  const bytes = readMaster(paths.root, master.path)
  if (bytes !== undefined && hasDigest(bytes, master.sha256)) return undefined
  if (isHere(entry)) return undefined
  if (bytes === undefined) return isRemote ? undefined : `it has no ${master.path}`
  return `${master.path} is not the picture that its lockfile records`
}

/** Reads the file of a master; `undefined` if there is none, or none that can be read. */
export function readMaster(root: string, path: string): Buffer | undefined {
  try {
    return readInside(root, join(root, path), maxBytes.picture)
  } catch {
    return undefined
  }
}

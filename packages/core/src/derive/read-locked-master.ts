import { hasDigest } from '../digest.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Master } from '../pictures/read-master.ts'
import { nameUnreadable } from '../pictures/unreadable-picture.ts'
import { remedyFor } from './remedy.ts'

/**
 * Reads and decodes the master that the lockfile names.
 *
 * @throws LimnError `asset/no-master` if the file is missing or does not match the lockfile;
 *   `picture/unreadable`
 */
export async function readLockedMaster(root: string, entry: LockEntry): Promise<Master> {
  const { path } = entry.master
  const { readMaster } = await import('../pictures/read-master.ts')
  const bytes = readLockedBytes(root, entry)
  return readMaster(bytes).catch((error: unknown) => {
    throw nameUnreadable(error, path, remedyFor(entry))
  })
}

/** Reads the file of the master that the lockfile names. @throws LimnError `asset/no-master` */
export function readLockedBytes(root: string, { master: { path, sha256 } }: LockEntry): Buffer {
  const bytes = readFile(root, path)
  if (hasDigest(bytes, sha256)) return bytes
  throw new LimnError('asset/no-master', `${path} does not match the lockfile.`, {
    hint: 'Restore it with git, or run `limn plan` to see the alternatives.',
  })
}

function readFile(root: string, path: string): Buffer {
  try {
    return readInside(root, path, maxBytes.picture)
  } catch (error) {
    const problem = isErrno(error, 'ENOENT', 'ENOTDIR')
      ? 'is missing'
      : `can't be read: ${describeReadError(error)}`
    throw new LimnError('asset/no-master', `${path} ${problem}.`, {
      hint: 'Restore it with git, or run `limn generate`.',
      cause: error,
    })
  }
}

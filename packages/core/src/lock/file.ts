import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sha256 } from '../digest.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isErrno, LimnError } from '../errors.ts'
import { formatLock, parseLock, parseLockEntries } from './codec.ts'
import { mergeLocks, splitConflict } from './conflict.ts'
import { emptyLock, type Lock, type LockEntry } from './lock.ts'

/**
 * Reads `images.lock`. Returns an empty lock if the file does not exist, and merges both sides if
 * it has merge conflict markers. `mastersFolder` is relative to the folder of the lockfile; default
 * `images`.
 *
 * @throws LimnError `lock/invalid`, `lock/newer`
 */
export function readLock(path: string, mastersFolder?: string): Lock {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return emptyLock
    throw new LimnError(
      'lock/invalid',
      `${basename(path)} can't be read: ${describeReadError(error)}.`,
      { hint: 'Check that it is a file that you have permission to read.', cause: error },
    )
  }
  try {
    return parseLock(text, basename(path), mastersFolder)
  } catch (error) {
    const sides = splitConflict(text)
    if (sides === undefined) throw error
    const [ours, theirs] = sides.map((side) => parseLock(side, basename(path), mastersFolder)) as [
      Lock,
      Lock,
    ]
    return mergeLocks(ours, theirs, (file) => digestOf(join(dirname(path), file)))
  }
}

function digestOf(file: string): string | undefined {
  try {
    return sha256(readFileSync(file))
  } catch {
    return undefined
  }
}

/** Reads some entries of `images.lock`; `undefined` if the whole file has to be read. */
export function readLockEntries(
  path: string,
  names: readonly string[],
  mastersFolder?: string,
): Map<string, LockEntry> | undefined {
  try {
    return parseLockEntries(readFileSync(path), names, mastersFolder)
  } catch {
    return undefined
  }
}

/**
 * Writes `images.lock` if its text changes. A missing file counts as an empty lock.
 *
 * @returns The text of the lock
 */
export async function writeLock(path: string, lock: Lock): Promise<string> {
  const text = formatLock(lock)
  if (text !== (readLockText(path) ?? formatLock(emptyLock))) await writeFileAtomic(path, text)
  return text
}

/** Reads the text of `images.lock`; `undefined` if it does not exist or cannot be read. */
export function readLockText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

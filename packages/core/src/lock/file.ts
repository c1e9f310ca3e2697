import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isErrno, LimnError } from '../errors.ts'
import { writeFileAtomic } from '../store/atomic.ts'
import { formatLock, parseLock, parseLockEntries } from './codec.ts'
import { emptyLock, type Lock, type LockEntry } from './lock.ts'

/**
 * Reads `images.lock`; an absent one is empty. `mastersFolder` is relative to the root; default `images`.
 *
 * @throws LimnError `lock/invalid`, `lock/newer`
 */
export function readLock(path: string, mastersFolder?: string): Lock {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return emptyLock
    throw new LimnError('lock/invalid', `${basename(path)} can't be read (${isErrno(error) ? error.code : 'unknown error'}).`, { hint: 'Check that it is a file you may read.', cause: error })
  }
  return parseLock(text, basename(path), mastersFolder)
}

/** Some entries of `images.lock`; `undefined` where it has to be read whole. @see parseLockEntries */
export function readLockEntries(path: string, names: readonly string[], mastersFolder?: string): Map<string, LockEntry> | undefined {
  try {
    return parseLockEntries(readFileSync(path), names, mastersFolder)
  } catch {
    return undefined
  }
}

/** Writes `images.lock`, unless that would change nothing; an absent one counts as empty. */
export async function writeLock(path: string, lock: Lock): Promise<void> {
  const text = formatLock(lock)
  if (text === (readText(path) ?? formatLock(emptyLock))) return
  await writeFileAtomic(path, text)
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

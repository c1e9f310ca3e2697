import { basename, dirname } from 'node:path'
import { createDebug, elapsed } from '../debug.ts'
import { hasDigest } from '../digest.ts'
import { decodeText } from '../disk/decode-text.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readInside, readPiecesInside, readTextInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isErrno, LimnError } from '../errors.ts'
import { formatLock, parseLock, parseLockEntries, requireValidLock } from './codec.ts'
import { mergeLocks, splitConflict } from './conflict.ts'
import { emptyLock, type Lock, type LockedMaster, type LockEntry } from './lock.ts'
import { parseLockPieces } from './parse-pieces.ts'

const debug = createDebug('lock')

/**
 * Reads `images.lock`. Returns an empty lock if the file does not exist, and merges both sides if
 * it has merge conflict markers. `mastersFolder` is relative to the folder of the lockfile; default
 * `images`.
 *
 * @throws LimnError `lock/invalid`, `lock/newer`
 */
export function readLock(path: string, mastersFolder?: string): Lock {
  const start = performance.now()
  let lock: Lock | undefined
  let bytes: Buffer | undefined
  try {
    lock = parseLockPieces(readPiecesInside(dirname(path), path, maxBytes.data), mastersFolder)
    if (lock === undefined) bytes = readInside(dirname(path), path, maxBytes.data)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      debug('%s does not exist', path)
      return emptyLock
    }
    throw new LimnError(
      'lock/invalid',
      `${basename(path)} can't be read: ${describeReadError(error)}.`,
      { hint: 'Check that it is a file that you have permission to read.', cause: error },
    )
  }
  lock ??= parseLockText(decodeText(bytes!), basename(path), mastersFolder, (master) =>
    hasMaster(dirname(path), master),
  )
  if (debug.enabled) {
    const action = lock.isMerged === true ? 'merged both sides of' : 'read'
    debug('%s %s: entries: %d, %s', action, path, lock.assets.size, elapsed(start))
  }
  return lock
}

/**
 * Parses the text of a lockfile; merges both sides if it has merge conflict markers.
 *
 * @param shownPath the path that messages name
 * @param isOnDisk Returns whether the file of a master has its content. Default: none has
 * @throws LimnError `lock/invalid`, `lock/newer`
 */
export function parseLockText(
  text: string,
  shownPath: string,
  mastersFolder?: string,
  isOnDisk: (master: LockedMaster) => boolean = () => false,
): Lock {
  try {
    return parseLock(text, shownPath, mastersFolder)
  } catch (error) {
    const sides = splitConflict(text)
    if (sides === undefined) throw error
    const [ours, theirs] = sides.map((side) => parseLock(side, shownPath, mastersFolder)) as [
      Lock,
      Lock,
    ]
    return mergeLocks(ours, theirs, isOnDisk)
  }
}

function describeLock({ assets }: Lock, text: string, start: number): string {
  return `entries: ${assets.size}, ${Buffer.byteLength(text)} bytes, ${elapsed(start)}`
}

/** Returns whether the file of a master is the picture that the lock records. */
function hasMaster(root: string, { path, sha256 }: LockedMaster): boolean {
  try {
    return hasDigest(readInside(root, path, maxBytes.picture), sha256)
  } catch {
    return false
  }
}

/** Reads some entries of `images.lock`; `undefined` if the whole file has to be read. */
export function readLockEntries(
  path: string,
  names: readonly string[],
  mastersFolder?: string,
): Map<string, LockEntry> | undefined {
  const start = performance.now()
  try {
    const entries = parseLockEntries(
      readInside(dirname(path), path, maxBytes.data),
      names,
      mastersFolder,
    )
    if (debug.enabled && entries !== undefined) {
      debug('read %d of %d entries of %s, %s', entries.size, names.length, path, elapsed(start))
    }
    return entries
  } catch {
    return undefined
  }
}

/**
 * Writes `images.lock` if its text changes. A missing file counts as an empty lock.
 *
 * @param options.mastersFolder as for `readLock`
 * @returns The text of the lock
 * @throws LimnError `lock/invalid` if `readLock` would reject the lock, `store/…`; the file on the
 *   disk is unchanged then
 */
export async function writeLock(
  path: string,
  lock: Lock,
  { mastersFolder }: { mastersFolder?: string } = {},
): Promise<string> {
  const start = performance.now()
  requireValidLock(lock, basename(path), mastersFolder)
  const text = formatLock(lock)
  const isChanged = text !== (readLockText(path) ?? formatLock(emptyLock))
  if (isChanged) await writeFileAtomic(dirname(path), path, text)
  if (debug.enabled) {
    debug('%s %s: %s', isChanged ? 'wrote' : 'kept', path, describeLock(lock, text, start))
  }
  return text
}

/** Reads the text of `images.lock`; `undefined` if it does not exist or cannot be read. */
export function readLockText(path: string): string | undefined {
  try {
    return readTextInside(dirname(path), path, maxBytes.data)
  } catch {
    return undefined
  }
}

import { isErrno, LimnError } from '../errors.ts'

/** Descriptions of the errors that occur when an existing path is read, by Node's error code. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ENOENT: 'it no longer exists',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  ELOOP: 'a part of its path is a link to itself',
  EIO: 'the disk does not respond',
}

/** Describes why a path can't be read, as the end of a sentence. */
export function describeReadError(error: unknown): string {
  const code = isErrno(error) ? (error.code ?? '') : ''
  return DESCRIPTIONS[code] ?? (code === '' ? 'unknown error' : code)
}

/**
 * Returns what `read` returns, and reports the system's errors as `LimnError`.
 *
 * @param path as messages name it
 * @throws LimnError `store/unreadable` where the system refuses
 */
export function wrapReadErrors<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!isErrno(error)) throw error
    throw new LimnError('store/unreadable', `${path} can't be read: ${describeReadError(error)}.`, {
      hint: 'Make it readable, then run the command again.',
      cause: error,
    })
  }
}

/**
 * Returns what `read` returns, or `undefined` if the path does not exist. An unreadable path is an
 * error: treating it as missing would pay for its content twice.
 *
 * @param path as messages name it
 * @throws LimnError `store/unreadable` where the system refuses
 */
export function readIfExists<T>(path: string, read: () => T): T | undefined {
  return wrapReadErrors(path, () => {
    try {
      return read()
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) return undefined
      throw error
    }
  })
}

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
  EOUTSIDE: 'a part of its path is a link that leads out of the project',
  ENOTFILE: 'it is not a regular file',
  EFBIG: 'it is too large',
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
 * @throws LimnError `store/unreadable` where the system refuses, `store/outside`
 */
export function wrapReadErrors<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!isErrno(error)) throw error
    const isOutside = isErrno(error, 'EOUTSIDE')
    throw new LimnError(
      isOutside ? 'store/outside' : 'store/unreadable',
      `${path} can't be read: ${describeReadError(error)}.`,
      {
        hint: isOutside
          ? 'Replace the link with what it points to, then run the command again.'
          : 'Make it readable, then run the command again.',
        cause: error,
      },
    )
  }
}

/**
 * Returns what `read` returns, or `undefined` if the path does not exist. An unreadable path is an
 * error: treating it as missing would pay for its content twice.
 *
 * @param path as messages name it
 * @throws LimnError `store/unreadable` where the system refuses, `store/outside`
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

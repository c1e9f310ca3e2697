import { isErrno, LimnError } from '../errors.ts'

/** Why the system refuses, in words, by its own. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there any more',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  ELOOP: 'a part of its path is a link that leads to itself',
  EIO: 'the disk does not answer',
}

/** Why something can't be read, as the end of a sentence. */
export function refusalOf(error: unknown): string {
  const code = isErrno(error) ? (error.code ?? '') : ''
  return REFUSALS[code] ?? (code === '' ? 'unknown error' : code)
}

/**
 * What some work reads of a file or a folder that is there. To take for absent what only may not be
 * read would mean to pay for it again.
 *
 * @param path as messages name it
 * @throws LimnError `store/unreadable` where the system refuses
 */
export function reading<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isErrno(error)) throw error
    throw new LimnError('store/unreadable', `${path} can't be read: ${refusalOf(error)}.`, {
      hint: 'Make it readable, then run the command again.',
      cause: error,
    })
  }
}

/** As `reading`, where there may be nothing to read: then it is `undefined`. */
export function readingIfThere<T>(path: string, work: () => T): T | undefined {
  return reading(path, () => {
    try {
      return work()
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) return undefined
      throw error
    }
  })
}

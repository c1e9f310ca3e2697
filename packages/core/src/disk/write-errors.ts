import { isErrno, LimnError } from '../errors.ts'

/** Descriptions of the errors that occur when a path is written, by Node's error code. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  EISDIR: 'a folder has that name',
  ENOTEMPTY: 'a folder has that name',
  EEXIST: 'another file has that name',
  ENOTDIR: 'a part of its path is a file',
  ELOOP: 'a part of its path is a link to itself',
  ENAMETOOLONG: 'its name is too long for this disk',
  EILSEQ: 'this disk does not support its name',
}

/**
 * Converts the system's error of a write to a `LimnError` (`store/read-only`, `store/no-space` or
 * `store/failed`). Returns other errors as they are.
 *
 * @param path as the message names it
 */
export function toWriteError(error: unknown, path: string): unknown {
  if (!isErrno(error)) return error
  const { code = 'unknown error' } = error
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new LimnError('store/read-only', `${path} can't be written: permission denied.`, {
      hint: 'Make its folder writable, then run the command again.',
      cause: error,
    })
  }
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) {
    return new LimnError('store/no-space', `${path} can't be written: the disk is full.`, {
      hint: 'Free up space, then run the command again: nothing is lost.',
      cause: error,
    })
  }
  return new LimnError('store/failed', `${path} can't be written: ${DESCRIPTIONS[code] ?? code}.`, {
    hint: 'Check the path and its folder, then run the command again.',
    cause: error,
  })
}

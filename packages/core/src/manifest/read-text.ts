import { basename, dirname } from 'node:path'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { isErrno, LimnError } from '../errors.ts'

/**
 * Texts of manifest files that are not on the disk yet, by their path relative to the root: a
 * manifest is read as if they were. Nothing is cached then.
 */
export type Texts = ReadonlyMap<string, string>

/** Largest file of a manifest, bytes. */
export const MAX_BYTES: number = 4 * 1024 * 1024

/**
 * Reads a file of a manifest.
 *
 * @param path absolute
 * @param shownPath the path that messages name
 * @param limit largest size, bytes
 * @throws LimnError `manifest/not-found`, `manifest/unreadable`
 */
export function readText(path: string, shownPath: string, limit?: number): string {
  return decodeManifest(readBytes(path, shownPath), shownPath, limit)
}

/** Decodes a file of a manifest of at most `limit` bytes. @throws LimnError `manifest/unreadable` */
export function decodeManifest(
  bytes: Uint8Array,
  shownPath: string,
  limit: number = MAX_BYTES,
): string {
  if (bytes.length > limit) {
    throw new LimnError(
      'manifest/unreadable',
      `${shownPath} has ${bytes.length} bytes; the limit is ${limit}.`,
      { hint: 'Check that this is the right file.' },
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new LimnError('manifest/unreadable', `${shownPath} is not UTF-8 text.`, {
      hint: 'Save it as UTF-8.',
      cause: error,
    })
  }
}

function readBytes(path: string, shownPath: string): Buffer {
  try {
    return readInside(dirname(path), path, maxBytes.text)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) {
      throw new LimnError(
        'manifest/not-found',
        `There is no ${basename(path)} in ${dirname(path)}.`,
        {
          hint: 'Run `limn init` to create one, or pass the folder with -C or the file with -m.',
          cause: error,
        },
      )
    }
    throw new LimnError(
      'manifest/unreadable',
      `${shownPath} can't be read: ${describeReadError(error)}.`,
      {
        hint: isErrno(error, 'EOUTSIDE')
          ? 'Replace the link with the file itself, or pass the file that it leads to with -m.'
          : 'Check that it is a file that you have permission to read.',
        cause: error,
      },
    )
  }
}

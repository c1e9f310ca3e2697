import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isErrno, LimnError } from '../errors.ts'
import { resolveFolder } from './resolve-inside.ts'

/**
 * Returns whether a folder is writable. A missing folder counts as writable if its nearest existing
 * ancestor is.
 */
export async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK)
    return true
  } catch (error) {
    return isErrno(error, 'ENOENT') && dirname(folder) !== folder && isWritable(dirname(folder))
  }
}

/**
 * Checks that files can be written to some folders, before anything that costs money is requested
 * for them.
 *
 * @param root absolute
 * @param folders absolute, the root or below it
 * @throws LimnError `store/read-only`, `store/outside`
 */
export async function requireWritable(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (!(await isWritable(resolveFolder(root, folder)))) {
      throw new LimnError(
        'store/read-only',
        `${folder} can't be written: permission denied. No request was sent.`,
        { hint: 'Make it writable, then run the command again.' },
      )
    }
  }
}

/**
 * Checks that a disk has enough free space, before anything that costs money is requested for it.
 * Passes where the system does not report free space: writing reports a full disk then.
 *
 * @param folder an existing folder on that disk
 * @param bytes about to be written
 * @throws LimnError `store/no-space`
 */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined)
  if (disk === undefined || disk.blocks === 0) return
  const free = disk.bavail * disk.bsize
  if (free >= bytes) return
  throw new LimnError(
    'store/no-space',
    `The disk is too full: up to ${megabytes(bytes)} may be needed, but only ${megabytes(free)} is free. The request was not sent.`,
    { hint: 'Free up space, then run the command again.' },
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

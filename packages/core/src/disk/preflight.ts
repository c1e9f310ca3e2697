import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isErrno, LimnError } from '../errors.ts'
import { resolveFolder } from './resolve-inside.ts'

/** Whether a folder can be written to; of one that is not there, the nearest above it. */
export async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK)
    return true
  } catch (error) {
    return isErrno(error, 'ENOENT') && dirname(folder) !== folder && isWritable(dirname(folder))
  }
}

/**
 * Refuses work whose pictures could not be put in their places, before any of it is paid for.
 *
 * @param folders absolute, the root or below it
 * @throws LimnError `store/read-only`, `store/outside`
 */
export async function requireWritable(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (!(await isWritable(resolveFolder(root, folder)))) {
      throw new LimnError('store/read-only', `${folder} can't be written: permission denied.`, {
        hint: 'Make it writable, then run the command again: nothing was asked for.',
      })
    }
  }
}

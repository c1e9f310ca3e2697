import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isErrno } from '../errors.ts'
import { resolveInside } from './resolve-inside.ts'
import { syncFolder } from './sync-folder.ts'
import { temporaryPath } from './temporary-files.ts'
import { requireWritesAllowed } from './write-guard.ts'

/** What systems answer on a disk without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EISDIR']

/**
 * Writes a new file, synced, unless its path exists. Exactly one of several writers succeeds, also
 * over NFS, and no reader sees a part of the file; on a disk without hard links, one may. Creates
 * missing folders below the root.
 *
 * @param root the folder that the file must stay in, absolute
 * @param path absolute
 * @returns whether it was written
 * @throws the system's errors; LimnError `store/outside`, or what the guard of `write-guard.ts`
 *   throws
 */
export async function writeIfAbsent(
  root: string,
  path: string,
  data: Uint8Array,
): Promise<boolean> {
  await requireWritesAllowed()
  const target = resolveInside(root, path)
  const temporary = temporaryPath(target)
  await mkdir(dirname(target), { recursive: true })
  try {
    await writeNew(temporary, data)
    const isWritten = await linkNew(temporary, target, data)
    if (isWritten) await syncFolder(dirname(target))
    return isWritten
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
}

/** Gives a written file its name, unless that is taken. */
async function linkNew(temporary: string, target: string, data: Uint8Array): Promise<boolean> {
  try {
    await link(temporary, target)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    if (!isErrno(error, ...NO_LINKS)) throw error
  }
  try {
    await writeNew(target, data)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

/** Writes and syncs a file that does not exist. Removes it again if that fails half-way. */
async function writeNew(path: string, data: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(data)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true }).catch(() => {})
    throw error
  } finally {
    await file.close()
  }
}

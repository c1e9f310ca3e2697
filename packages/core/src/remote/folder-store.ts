import { join } from 'node:path'
import { removeInside } from '../disk/project-files.ts'
import { listInside, readInside, statInside } from '../disk/read-inside.ts'
import { writeIfAbsent } from '../disk/write-if-absent.ts'
import { isErrno, LimnError } from '../errors.ts'
import { codeText, denied, full, unreachable } from './remote-errors.ts'
import type { RemoteObject, RemoteStore } from './remote-store.ts'

/** A folder that is a store. */
export type FolderOptions = {
  /** Absolute. */
  folder: string
  /** The folder that nothing may lead out of: the project, or the store itself. Absolute. */
  root: string
  /** Whether a missing folder is created. One outside the project may be a disk that is not mounted. */
  isCreated: boolean
}

/** Creates the store of a folder, such as one on NFS or one that a CI system restores. */
export function createFolderStore({ folder, root, isCreated }: FolderOptions): RemoteStore {
  const call = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      if (!isCreated && statInside(join(folder, '..'), folder) === undefined) {
        throw unreachable(folder, 'does not exist, or is not mounted')
      }
      return await work()
    } catch (error) {
      throw toRemoteError(error, folder)
    }
  }
  const describe = (key: string): RemoteObject | undefined => {
    const stat = statInside(root, join(folder, key))
    if (stat?.isFile() !== true) return undefined
    return { key, bytes: stat.size, modified: stat.mtimeMs }
  }
  return {
    name: folder,
    canList: true,
    get: (key, { maxBytes, signal }) =>
      call(() => {
        signal?.throwIfAborted()
        return readUpTo(root, join(folder, key), maxBytes)
      }),
    putIfAbsent: (key, bytes, { signal } = {}) =>
      call(() => {
        signal?.throwIfAborted()
        return writeIfAbsent(root, join(folder, key), bytes)
      }),
    head: (key) => call(() => describe(key)),
    async *list(prefix, { signal } = {}) {
      for (const key of await call(() => keysBelow({ folder, root }, prefix.replace(/\/$/, '')))) {
        signal?.throwIfAborted()
        // Another machine may have removed it since.
        const object = describe(key)
        if (object !== undefined) yield object
      }
    },
    delete: (key) => call(() => removeInside(root, join(folder, key))),
  }
}

/** Reads a file; `undefined` if it is missing, and its first bytes if it is too large. */
function readUpTo(root: string, path: string, maxBytes: number): Uint8Array | undefined {
  try {
    return readInside(root, path, maxBytes)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined
    // No file of Limn's is a folder, a device or a link that leads out.
    if (isErrno(error, 'EISDIR', 'EFBIG', 'ENOTFILE', 'EOUTSIDE')) return new Uint8Array(0)
    throw error
  }
}

type StoreFolder = Pick<FolderOptions, 'folder' | 'root'>

/** Lists the files below a folder of the store, without the temporary ones of other writers. */
function keysBelow(store: StoreFolder, key: string): string[] {
  return entriesOf(store, key).flatMap((entry) => {
    if (entry.name.startsWith('.')) return []
    const child = `${key}/${entry.name}`
    return entry.isDirectory() ? keysBelow(store, child) : [child]
  })
}

function entriesOf({ folder, root }: StoreFolder, key: string): ReturnType<typeof listInside> {
  try {
    return listInside(root, join(folder, key))
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EOUTSIDE')) return []
    throw error
  }
}

function toRemoteError(error: unknown, folder: string): unknown {
  if (error instanceof LimnError && error.code === 'store/outside') {
    return unreachable(folder, 'contains a link that leads out of it', error)
  }
  if (!isErrno(error)) return error
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) return denied(folder, error)
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) return full(folder, error)
  return unreachable(folder, `can't be used${codeText(error)}`, error)
}

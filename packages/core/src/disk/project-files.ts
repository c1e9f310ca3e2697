import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs'
import {
  type FileHandle,
  link,
  mkdir,
  open,
  rename,
  rm,
  rmdir,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { isErrno, LimnError } from '../errors.ts'
import { resolveFolder, resolveInside } from './resolve-inside.ts'
import { syncFolder } from './sync-folder.ts'
import { requireWritesAllowed } from './write-guard.ts'

/*
 * Changes of files inside a root. With `write-atomic.ts`, this is the only code that renames, links,
 * appends to or deletes files: lint forbids it everywhere else. Paths are absolute. Each function
 * resolves the folders of a path first, and throws LimnError `store/outside` if one of them leads
 * out of the root. A link at the path itself is never followed. Asynchronous ones fail if the guard of
 * `write-guard.ts` does.
 */

/** Creates a folder and its missing parents. @returns its path without links */
export async function makeFolder(root: string, folder: string): Promise<string> {
  await requireWritesAllowed()
  const real = resolveFolder(root, folder)
  await mkdir(real, { recursive: true })
  return real
}

/** Renames a file or folder. Both paths must be inside the root. */
export async function renameInside(root: string, from: string, to: string): Promise<void> {
  await requireWritesAllowed()
  await rename(resolveInside(root, from), resolveInside(root, to))
}

/** Creates a hard link to a file. */
export async function linkInside(root: string, from: string, to: string): Promise<void> {
  await requireWritesAllowed()
  await link(resolveInside(root, from), resolveInside(root, to))
}

/** Removes a file, or a link itself, if it exists. */
export async function removeInside(root: string, path: string): Promise<void> {
  await requireWritesAllowed()
  await rm(resolveInside(root, path), { force: true })
}

/** Removes a folder with everything in it, if it exists. Follows no links in it. */
export async function removeTree(root: string, folder: string): Promise<void> {
  await requireWritesAllowed()
  await rm(resolveInside(root, folder), { force: true, recursive: true })
}

/** Removes an empty folder. */
export async function removeFolder(root: string, folder: string): Promise<void> {
  await requireWritesAllowed()
  await rmdir(resolveInside(root, folder))
}

/**
 * Removes a folder if it is empty, then each parent that has become empty, up to and excluding
 * `top`. Ignores errors.
 *
 * @param top absolute, inside the root
 * @param folder absolute, below `top`
 */
export async function removeEmptyFolders(root: string, top: string, folder: string): Promise<void> {
  for (let path = folder; path.startsWith(top + sep); path = dirname(path)) {
    const isRemoved = await removeFolder(root, path).then(
      () => true,
      () => false,
    )
    if (!isRemoved) return
  }
}

/** Writes a new file, which must not exist yet. Not atomic. */
export async function writeNewFile(root: string, path: string, text: string): Promise<void> {
  await requireWritesAllowed()
  await writeFile(resolveInside(root, path), text, { flag: 'wx' })
}

/** Sets the modification time of a file or folder. */
export async function touch(root: string, path: string, at: Date = new Date()): Promise<void> {
  await utimes(resolveInside(root, path), at, at)
}

const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants
const APPEND_FLAGS = O_RDWR | O_APPEND | O_CREAT | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0)

/**
 * Opens a regular file for appending and reading, and creates it if it is missing.
 *
 * @throws the system's errors; LimnError `store/outside`, `store/failed` for a link, FIFO or device
 */
export async function openForAppend(root: string, path: string): Promise<FileHandle> {
  const file = await open(resolveInside(root, path), APPEND_FLAGS, 0o666).catch(
    (error: unknown) => {
      throw isErrno(error, 'ELOOP', 'EMLINK') ? notRegular(path) : error
    },
  )
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw notRegular(path)
}

/**
 * Appends text to a regular file, and creates it and its folders if they are missing. Waits until
 * the text is on the disk.
 *
 * @throws as `openForAppend`
 */
export async function appendSynced(root: string, path: string, text: string): Promise<void> {
  await makeFolder(root, dirname(path))
  const file = await openForAppend(root, path)
  try {
    const isNew = (await file.stat()).size === 0
    await file.appendFile(text)
    await file.sync()
    if (isNew) await syncFolder(dirname(path))
  } finally {
    await file.close()
  }
}

/**
 * Appends text to a regular file, and creates it and its folders if they are missing.
 *
 * @throws as `openForAppend`
 */
export function appendInside(root: string, path: string, text: string): void {
  const absolute = resolveInside(root, path)
  mkdirSync(dirname(absolute), { recursive: true })
  const file = openSync(absolute, APPEND_FLAGS, 0o666)
  try {
    if (!fstatSync(file).isFile()) throw notRegular(path)
    writeSync(file, text)
  } finally {
    closeSync(file)
  }
}

function notRegular(path: string): LimnError {
  return new LimnError('store/failed', `${path} can't be written: it is not a regular file.`, {
    hint: 'Delete it, then run the command again.',
  })
}

/** Returns the folder that a path of Limn's state must stay in: the one that contains `.limn`. */
export function rootOfState(path: string): string {
  const at = `${path}${sep}`.lastIndexOf(`${sep}.limn${sep}`)
  return at < 0 ? dirname(path) : path.slice(0, at) || join(sep)
}

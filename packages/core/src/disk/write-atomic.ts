import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LimnError } from '../errors.ts'
import { resolveFolder } from './resolve-inside.ts'
import { spell } from './spelling.ts'
import { syncFolder } from './sync-folder.ts'
import { temporaryPath } from './temporary-files.ts'
import { toWriteError } from './write-errors.ts'
import { requireWritesAllowed } from './write-guard.ts'

type WriteOptions = { synced?: boolean; requireUnchanged?: () => void }

/**
 * Writes a file so that a reader, or a crash at any moment, sees either the old or the new content
 * and never a part. Writes a temporary file next to it, syncs it, renames it, and syncs the folder.
 * Creates missing folders. Writes nothing outside the root; a link at the path itself is replaced.
 *
 * @param root the folder that the file must stay in, absolute
 * @param path absolute
 * @param options.synced `false` skips the syncs, for content that can be recomputed: the file may
 *   be empty after a power failure. Default: `true`
 * @param options.requireUnchanged called right before the rename; throws to leave the file as it is
 * @throws LimnError `store/read-only`, `store/no-space`, `store/outside`, `store/failed`, or what
 *   the guard of `write-guard.ts` throws; the file is unchanged and the temporary file is removed
 *   then
 */
export function writeFileAtomic(
  root: string,
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  return writeFilesAtomic(root, [{ path, data }], options)
}

/**
 * Writes some files of one folder like `writeFileAtomic`, but waits for the disk once: writes and
 * syncs all of them together, then renames one after the other, in order.
 *
 * @throws LimnError as `writeFileAtomic`; the first files may be in place then
 */
export async function writeFilesAtomic(
  root: string,
  files: readonly { path: string; data: string | Uint8Array }[],
  { synced = true, requireUnchanged = () => {} }: WriteOptions = {},
): Promise<void> {
  let failing = files[0]!.path
  const folder = resolveFolder(root, dirname(failing), failing)
  const writes = files.map(({ path, data }) => {
    const target = spell(join(folder, basename(path)))
    return { path, data, target, temporary: temporaryPath(target) }
  })
  try {
    const topCreated = await createFolder(folder)
    await settleAll(writes.map(({ temporary, data }) => writeNewFile(temporary, data, synced)))
    await requireWritesAllowed()
    requireUnmoved(folder)
    requireUnchanged()
    for (const { path, target, temporary } of writes) {
      failing = path
      await rename(temporary, target)
    }
    if (synced) await syncEntries(folder, topCreated)
  } catch (error) {
    for (const { temporary } of writes) await rm(temporary, { force: true }).catch(() => {})
    throw toWriteError(error, failing)
  }
}

/** Checks that no part of a folder without links was replaced by a link. */
function requireUnmoved(folder: string): void {
  if (realpathSync(folder) === folder) return
  throw new LimnError(
    'store/outside',
    `${folder} can't be written: a part of it was replaced by a link.`,
    { hint: 'Replace the link with a folder, then run the command again.' },
  )
}

/** Creates a folder if it is missing. @returns the topmost folder created; `undefined` if none */
async function createFolder(folder: string): Promise<string | undefined> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return undefined
  return mkdir(folder, { recursive: true })
}

async function writeNewFile(
  path: string,
  data: string | Uint8Array,
  synced: boolean,
): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    await handle.writeFile(data)
    if (synced) await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Waits for all promises, then throws the first one's error: nothing is still running by then. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === 'rejected') throw result.reason
  }
}

/** Syncs a folder, and the parent of each folder that was created from `topCreated` down to it. */
async function syncEntries(folder: string, topCreated: string | undefined): Promise<void> {
  await syncFolder(folder)
  if (topCreated === undefined) return
  for (const created of foldersUpTo(topCreated, folder)) await syncFolder(dirname(created))
}

/** Lists a folder and its ancestors up to and including `top`, the lowest first. */
function foldersUpTo(top: string, lowest: string): string[] {
  return lowest === top || dirname(lowest) === lowest
    ? [lowest]
    : [lowest, ...foldersUpTo(top, dirname(lowest))]
}

/**
 * Writes a file that can be recomputed, whole or not at all, without a sync. Ignores errors, a path
 * that leads out of the root included: a missing file only costs time.
 *
 * @param root as in `writeFileAtomic`
 */
export function tryWriteFile(root: string, path: string, data: string | Uint8Array): void {
  let temporary: string | undefined
  try {
    const folder = resolveFolder(root, dirname(path), path)
    const target = spell(join(folder, basename(path)))
    temporary = temporaryPath(target)
    mkdirSync(folder, { recursive: true })
    writeFileSync(temporary, data, { flag: 'wx' })
    requireUnmoved(folder)
    renameSync(temporary, target)
  } catch {
    try {
      if (temporary !== undefined) rmSync(temporary, { force: true })
    } catch {
      // A part of the path is a file: no temporary file exists.
    }
  }
}

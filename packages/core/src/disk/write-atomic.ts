import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { sha256 } from '../digest.ts'
import { isErrno, LimnError } from '../errors.ts'
import { process } from './node-builtins.ts'
import { isAlive, machine } from './process.ts'

let serial = 0

/**
 * Writes a file so that a reader, or a crash at any moment, sees the old file or the new one and
 * never a part: to a temporary file beside it, synced, renamed, the folder synced. Missing folders
 * are made. What can be worked out again need not be `synced`: after a failure of the machine it
 * may be empty then.
 *
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`; the temporary file is gone
 *   then.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { synced = true }: { synced?: boolean } = {},
): Promise<void> {
  return writeFilesAtomic([{ path, data }], { synced })
}

/**
 * Writes some files of one folder, each as `writeFileAtomic` does, with one wait for the disk: they
 * take their places one after the other, once all of them are safe.
 *
 * @throws LimnError as `writeFileAtomic`; the first ones may be in their places then
 */
export async function writeFilesAtomic(
  files: readonly { path: string; data: string | Uint8Array }[],
  { synced = true }: { synced?: boolean } = {},
): Promise<void> {
  const folder = dirname(files[0]!.path)
  const written = files.map(({ path, data }) => ({ path, data, temporary: temporaryPath(path) }))
  let at = files[0]!.path
  try {
    const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    const made = isThere ? undefined : await mkdir(folder, { recursive: true })
    await allDone(
      written.map(async ({ temporary, data }) => {
        const handle = await open(temporary, 'wx')
        try {
          await handle.writeFile(data)
          if (synced) await handle.sync()
        } finally {
          await handle.close()
        }
      }),
    )
    for (const { path, temporary } of written) {
      at = path
      await rename(temporary, path)
    }
    if (!synced) return
    await syncFolder(folder)
    // A folder that was made now stands in the one above it.
    if (made !== undefined) {
      for (const each of foldersFrom(made, folder)) await syncFolder(dirname(each))
    }
  } catch (error) {
    for (const { temporary } of written) await rm(temporary, { force: true }).catch(() => {})
    throw storeError(error, at)
  }
}

/** Waits for all, and throws what the first to fail threw: nothing is under way any more then. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason
  }
}

/** A folder and those below it down to another, the lowest first. */
function foldersFrom(top: string, lowest: string): string[] {
  return lowest === top || dirname(lowest) === lowest
    ? [lowest]
    : [lowest, ...foldersFrom(top, dirname(lowest))]
}

/** The syncs that are under way, by folder, and the one that comes after each. */
const syncs = new Map<string, { running: Promise<void>; next?: Promise<void> }>()

/**
 * Makes a rename or a new file in a folder last. Where the system can't (Windows), nothing. Those
 * that ask while a sync is under way share the next one: it may have begun before theirs.
 */
export function syncFolder(folder: string): Promise<void> {
  const sync = syncs.get(folder)
  if (sync !== undefined) {
    return (sync.next ??= sync.running.catch(() => {}).then(() => syncFolder(folder)))
  }
  const running = syncFolderNow(folder).finally(() => syncs.delete(folder))
  syncs.set(folder, { running })
  return running
}

async function syncFolderNow(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  if (handle === undefined) return
  try {
    await handle.sync()
  } catch {
    // Some file systems refuse to sync a folder; the rename itself is still atomic.
  } finally {
    await handle.close()
  }
}

/** Writes a file that can be worked out again, whole or not at all; a failure costs only time. */
export function tryWriteFile(path: string, data: string | Uint8Array): void {
  const temporary = temporaryPath(path)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, data)
    renameSync(temporary, path)
  } catch {
    try {
      rmSync(temporary, { force: true })
    } catch {
      // A part of the path is a file: there is nothing to take away.
    }
  }
}

/** What is in the way, in words, by the system's own. */
const OBSTACLES: Readonly<Record<string, string>> = {
  EISDIR: 'a folder stands there',
  ENOTEMPTY: 'a folder stands there',
  EEXIST: 'something else stands there',
  ENOTDIR: 'a part of its path is a file',
  ELOOP: 'a part of its path is a link that leads to itself',
  ENAMETOOLONG: 'its name is too long for this disk',
  EILSEQ: 'this disk takes no such name',
}

/** A failure of the disk in words, with what to do. Other errors come back as they are. */
export function storeError(error: unknown, path: string): unknown {
  if (!isErrno(error)) return error
  const { code = 'unknown error' } = error
  const options = (hint: string): { hint: string; cause: unknown } => ({ hint, cause: error })
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new LimnError(
      'store/read-only',
      `${path} can't be written: permission denied.`,
      options('Make its folder writable, then run the command again.'),
    )
  }
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) {
    return new LimnError(
      'store/no-space',
      `${path} can't be written: the disk is full.`,
      options('Free some space, then run the command again: nothing that was paid for is lost.'),
    )
  }
  return new LimnError(
    'store/failed',
    `${path} can't be written: ${OBSTACLES[code] ?? code}.`,
    options('Check the path and its folder, then run the command again.'),
  )
}

/**
 * Removes what a process that died was writing: the temporary files of some `folders`, and of all
 * folders below the `trees`. What a process that lives is writing stays; of those on another
 * machine, which nobody can ask, what is less than a day old.
 */
export async function sweepTemporary({
  folders = [],
  trees = [],
}: {
  folders?: readonly string[]
  trees?: readonly string[]
}): Promise<void> {
  const list = (folder: string, recursive: boolean): string[] => {
    try {
      return readdirSync(folder, { recursive, encoding: 'utf8' }).map((path) => join(folder, path))
    } catch {
      return []
    }
  }
  const found = [
    ...folders.flatMap((folder) => list(folder, false)),
    ...trees.flatMap((folder) => list(folder, true)),
  ].filter(isLeftOver)
  // What can't be taken away is in nobody's way.
  for (const path of found) await rm(path, { recursive: true, force: true }).catch(() => {})
}

const DAY = 24 * 60 * 60_000
/** As `temporaryPath` names them. */
const TEMPORARY = /^\..+\.(?:([0-9a-f]{8})-)?(\d+)-\d+\.tmp$/

function isLeftOver(path: string): boolean {
  const [, where, id] = TEMPORARY.exec(basename(path)) ?? []
  if (id === undefined) return false
  if (where === machineTag()) return !isAlive({ pid: Number(id) })
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > DAY
}

/**
 * The longest part of a file's own name in that of its temporary one, bytes: with the rest it fits
 * where a name has 255.
 */
const SHOWN_BYTES = 150

/** A path beside another whose name tells which process writes there, and on which machine. */
export function temporaryPath(path: string): string {
  const name = basename(path)
  const shown = Buffer.byteLength(name) > SHOWN_BYTES ? sha256(name) : name
  return join(dirname(path), `.${shown}.${machineTag()}-${process.pid}-${serial++}.tmp`)
}

function machineTag(): string {
  return sha256(machine()).slice(0, 8)
}

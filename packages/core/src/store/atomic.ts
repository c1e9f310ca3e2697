import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pid } from 'node:process'
import { sha256 } from '../digest.ts'
import { isErrno, LimnError } from '../errors.ts'
import { isAlive, machine } from './process.ts'

let serial = 0

/**
 * Writes a file so that a reader, or a crash at any moment, sees the old file or the new
 * one and never a part: to a temporary file beside it, synced, renamed, the folder synced.
 * Missing folders are made.
 *
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`; the temporary file is gone then.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryPath(path)
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw storeError(error, path)
  }
}

/** Makes a rename or a new file in a folder last. Where the system can't (Windows), nothing. */
export async function syncFolder(folder: string): Promise<void> {
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

/** A failure of the disk in words, with what to do. Other errors come back as they are. */
export function storeError(error: unknown, path: string): unknown {
  if (!isErrno(error)) return error
  const { code = 'unknown error' } = error
  const options = (hint: string): { hint: string; cause: unknown } => ({ hint, cause: error })
  if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) return new LimnError('store/read-only', `${path} can't be written: permission denied.`, options('Make its folder writable, then run the command again.'))
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) return new LimnError('store/no-space', `${path} can't be written: the disk is full.`, options('Free some space, then run the command again: nothing that was paid for is lost.'))
  return new LimnError('store/failed', `${path} can't be written (${code}).`, options('Check the path and its folder, then run the command again.'))
}

/**
 * Removes what a process that died was writing: the temporary files of a folder and, but
 * for the first, of those below it. What a process that lives is writing stays; of those on
 * another machine, which nobody can ask, what is less than a day old.
 */
export async function sweepTemporary(root: string, folders: readonly string[]): Promise<void> {
  const found = [root, ...folders].flatMap((folder, index) => {
    try {
      return readdirSync(folder, { recursive: index > 0, encoding: 'utf8' }).map((path) => join(folder, path)).filter(isLeftOver)
    } catch {
      return []
    }
  })
  for (const path of found) await rm(path, { force: true })
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

/** Names the process that writes, and the machine that it runs on. */
function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${machineTag()}-${pid}-${serial++}.tmp`)
}

function machineTag(): string {
  return sha256(machine()).slice(0, 8)
}

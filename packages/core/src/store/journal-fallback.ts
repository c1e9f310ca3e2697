import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createDebug } from '../debug.ts'
import { sha256 } from '../digest.ts'
import { userId } from '../disk/process.ts'
import { makeFolder, removeFolder } from '../disk/project-files.ts'
import { statInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import {
  type JournalEntry,
  listJournalKeys,
  readJournalEntry,
  removeJournalEntry,
  writeJournalEntry,
} from './journal.ts'
import type { ProjectPaths } from './paths.ts'

const debug = createDebug('store')

type JournalPaths = Pick<ProjectPaths, 'root' | 'journal'>

/**
 * Writes a paid picture to the journal; if the project's disk fails, to the fallback: a folder in
 * the system's temporary folder.
 *
 * @throws LimnError as `writeJournalEntry`, also if the fallback has the picture: its asset has
 *   none yet
 */
export async function writeJournalOrFallback(
  { root, journal }: JournalPaths,
  entry: JournalEntry,
): Promise<void> {
  try {
    await writeJournalEntry(journal, entry)
  } catch (error) {
    const fallback = fallbackFolder(root)
    if (!(error instanceof LimnError) || !(await isWritten(fallback, entry))) throw error
    throw new LimnError(error.code, `${error.message} The picture was saved to ${fallback}.`, {
      hint: 'Fix that, then run the command again before the machine restarts: Limn recovers the picture from there.',
      cause: error.cause,
    })
  }
}

/** Writes an entry, and returns whether that succeeded. */
async function isWritten(folder: string, entry: JournalEntry): Promise<boolean> {
  try {
    if (statInside(tmpdir(), folder) === undefined) await makeFolder(tmpdir(), folder)
    if (!isOwnFolder(folder)) return false
    await writeJournalEntry(folder, entry)
    return true
  } catch {
    return false
  }
}

/**
 * Returns whether a folder in the temporary folder, where every user can create folders and links,
 * is a folder of this user.
 */
function isOwnFolder(folder: string): boolean {
  const stat = statInside(tmpdir(), folder)
  const uid = userId()
  return stat?.isDirectory() === true && (uid === undefined || stat.uid === uid)
}

/**
 * Moves the pictures of the fallback to the journal. Leaves a picture without a readable record for
 * the user to examine.
 *
 * @returns whether a fallback exists
 * @throws LimnError as `writeJournalEntry`
 */
export async function recoverFromFallback({ root, journal }: JournalPaths): Promise<boolean> {
  const fallback = fallbackFolder(root)
  if (!isOwnFolder(fallback)) return false
  for (const key of listJournalKeys(fallback)) {
    const { bytes, receipt } = await readJournalEntry(fallback, key)
    if (receipt === undefined) continue
    await writeJournalEntry(journal, { key, bytes, receipt })
    await removeJournalEntry(fallback, key)
    debug('recovered %s from the fallback %s', key, fallback)
  }
  await removeFolder(tmpdir(), fallback).catch(() => {})
  return true
}

function fallbackFolder(root: string): string {
  return join(tmpdir(), `limn-${userName()}-${sha256(root).slice(0, 16)}`)
}

/** Returns the current user's name, or the numeric id: users in containers may have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(userId())
  }
}

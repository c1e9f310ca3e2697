import { existsSync, statSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createDebug } from '../debug.ts'
import { sha256 } from '../digest.ts'
import { userId } from '../disk/process.ts'
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
  return writeJournalEntry(folder, entry).then(
    () => true,
    () => false,
  )
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
  // Every user can create folders in the temporary folder.
  const uid = userId()
  if (!existsSync(fallback) || (uid !== undefined && statSync(fallback).uid !== uid)) return false
  for (const key of listJournalKeys(fallback)) {
    const { bytes, receipt } = await readJournalEntry(fallback, key)
    if (receipt === undefined) continue
    await writeJournalEntry(journal, { key, bytes, receipt })
    await removeJournalEntry(fallback, key)
    debug('recovered %s from the fallback %s', key, fallback)
  }
  await rmdir(fallback).catch(() => {})
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

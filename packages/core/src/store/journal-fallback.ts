import { existsSync, lstatSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { homedir, tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { createDebug } from '../debug.ts'
import { sha256 } from '../digest.ts'
import { userId } from '../disk/process.ts'
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
 * Writes a paid picture to the first fallback that accepts it: a folder outside the project, for
 * when its disk fails.
 *
 * @returns the folder; `undefined` if none accepts it
 */
export async function writeToFallback(
  root: string,
  entry: JournalEntry,
): Promise<string | undefined> {
  for (const folder of fallbackFolders(root)) {
    try {
      if (!existsSync(dirname(folder)) || !isOwnOrMissing(folder)) continue
      await writeJournalEntry(folder, entry)
      return folder
    } catch (error) {
      debug('the fallback %s does not accept %s: %s', folder, entry.key, error)
    }
  }
  return undefined
}

/**
 * Moves the pictures of the fallbacks to the journal. Leaves a picture without a readable record
 * for the user to examine.
 *
 * @returns whether a fallback exists
 * @throws LimnError as `writeJournalEntry`
 */
export async function recoverFromFallback({ root, journal }: JournalPaths): Promise<boolean> {
  let exists = false
  for (const folder of fallbackFolders(root)) {
    if (!existsSync(folder) || !isOwnOrMissing(folder)) continue
    exists = true
    await recoverFrom(folder, journal)
  }
  return exists
}

async function recoverFrom(folder: string, journal: string): Promise<void> {
  for (const key of listJournalKeys(folder)) {
    const { bytes, receipt } = await readJournalEntry(folder, key)
    if (receipt === undefined) continue
    await writeJournalEntry(journal, { key, bytes, receipt })
    await removeJournalEntry(folder, key)
    debug('recovered %s from the fallback %s', key, folder)
  }
  await rmdir(folder).catch(() => {})
}

/** Every user can create folders in the temporary folder. */
function isOwnOrMissing(folder: string): boolean {
  const uid = userId()
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  return stat === undefined || (stat.isDirectory() && (uid === undefined || stat.uid === uid))
}

/** Lists the folders that may take a picture, on as many disks as there may be, and in memory. */
function fallbackFolders(root: string): string[] {
  const name = `limn-${userName()}-${sha256(root).slice(0, 16)}`
  const parents = new Set([tmpdir(), '/var/tmp', '/dev/shm'])
  const home = homeFolder()
  return [
    ...[...parents].map((parent) => join(parent, name)),
    ...(home === undefined ? [] : [join(home, `.${name}`)]),
  ]
}

/** Returns the user's home; `undefined` for users without one, in containers. */
function homeFolder(): string | undefined {
  try {
    return homedir()
  } catch {
    return undefined
  }
}

/** Returns the current user's name, or the numeric id: users in containers may have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(userId())
  }
}

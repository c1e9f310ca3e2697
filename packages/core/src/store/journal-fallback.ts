import { homedir, tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { createDebug } from '../debug.ts'
import { sha256 } from '../digest.ts'
import { userId } from '../disk/process.ts'
import { makeFolder, removeFolder } from '../disk/project-files.ts'
import { existsInside, statInside } from '../disk/read-inside.ts'
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
      if (!existsInside(dirname(folder), folder)) await makeFolder(dirname(folder), folder)
      if (!isOwnFolder(folder)) continue
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
    if (!isOwnFolder(folder)) continue
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
  await removeFolder(dirname(folder), folder).catch(() => {})
}

/**
 * Returns whether a folder in a folder that other users may write to, where they can create folders
 * and links too, is a folder of this user.
 */
function isOwnFolder(folder: string): boolean {
  const stat = statInside(dirname(folder), folder)
  const uid = userId()
  return stat?.isDirectory() === true && (uid === undefined || stat.uid === uid)
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

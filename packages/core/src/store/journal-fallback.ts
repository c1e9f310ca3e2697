import { existsSync, statSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { userId } from '../disk/process.ts'
import { LimnError } from '../errors.ts'
import {
  removeJournalEntry,
  listJournalKeys,
  readJournalEntry,
  type Receipt,
  writeJournalEntry,
} from './journal.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * Writes a picture that was paid for to the journal; where the project's disk takes nothing, to the
 * refuge in the system's temporary folder.
 *
 * @throws LimnError as `writeJournalEntry`, also where the refuge has it: its asset has no picture
 *   yet
 */
export async function writeJournalOrFallback(
  { root, journal }: Pick<ProjectPaths, 'root' | 'journal'>,
  key: string,
  bytes: Uint8Array,
  receipt: Receipt,
): Promise<void> {
  try {
    await writeJournalEntry(journal, key, bytes, receipt)
  } catch (error) {
    const refuge = refugeOf(root)
    if (
      !(error instanceof LimnError) ||
      !(await writeJournalEntry(refuge, key, bytes, receipt).then(
        () => true,
        () => false,
      ))
    ) {
      throw error
    }
    throw new LimnError(error.code, `${error.message} The picture is kept in ${refuge}.`, {
      hint: 'Mend that, then run the command again before you restart the machine: the picture is taken from there.',
      cause: error.cause,
    })
  }
}

/**
 * Brings what lies in the refuge to the journal. @returns whether there was anything @throws
 * LimnError as `writeJournalEntry`
 */
export async function recoverFromFallback({
  root,
  journal,
}: Pick<ProjectPaths, 'root' | 'journal'>): Promise<boolean> {
  const refuge = refugeOf(root)
  // Anybody may make folders there.
  const uid = userId()
  if (!existsSync(refuge) || (uid !== undefined && statSync(refuge).uid !== uid)) return false
  for (const key of listJournalKeys(refuge)) {
    const { bytes, receipt } = await readJournalEntry(refuge, key)
    if (receipt === undefined) continue
    await writeJournalEntry(journal, key, bytes, receipt)
    await removeJournalEntry(refuge, key)
  }
  // One without its record stays, for a person to look at.
  await rmdir(refuge).catch(() => {})
  return true
}

/** The folder in the system's temporary one for the project at `root`. */
function refugeOf(root: string): string {
  return join(tmpdir(), `limn-${userName()}-${sha256(root).slice(0, 16)}`)
}

/** Who runs this. Containers may run it as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(userId())
  }
}

import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openForAppend } from '../disk/project-files.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readTextInside, statInside } from '../disk/read-inside.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { isErrno, LimnError } from '../errors.ts'
import { compactHistory } from './compact.ts'
import { formatEntry, type HistoryEntry, parseHistory } from './entry.ts'
import type { SharedSpending } from './shared-spending.ts'

/** Size from which the file is compacted, bytes. */
const MAX_BYTES = 4_000_000

/** The history of a project, opened by the single writer. */
export type History = {
  /**
   * Appends an entry. Resolves when it is on the disk. Concurrent entries are written together.
   *
   * @throws LimnError `store/…`
   */
  append(entry: HistoryEntry): Promise<void>
  close(): Promise<void>
}

/** Returns the path of the history in the state folder. */
export function historyPath(state: string): string {
  return join(state, 'history.jsonl')
}

/**
 * Reads the entries of past runs, oldest first; empty if there are none.
 *
 * @throws LimnError `store/failed` for an unreadable file: it records what was spent this month
 */
export function readHistory(state: string): HistoryEntry[] {
  const path = historyPath(state)
  try {
    return parseHistory(readTextInside(dirname(state), path, maxBytes.data))
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw new LimnError(
      'store/failed',
      `${path} can't be read (${describeReadError(error)}). It records what was spent.`,
      { hint: 'Make it readable, then run the command again.', cause: error },
    )
  }
}

/**
 * Opens the history for the single writer of a project. The first entry creates the file.
 *
 * @param shared records the requests for the other copies of the project too
 */
export function openHistory(state: string, shared?: SharedSpending): History {
  const path = historyPath(state)
  let handle: Promise<FileHandle> | undefined
  let waiting: string[] = []
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    const lines = waiting
    if (lines.length === 0) return
    waiting = []
    try {
      const file = await (handle ??= openFile(dirname(state), path))
      await file.appendFile(lines.join(''))
      await file.datasync()
    } catch (error) {
      throw toWriteError(error, path)
    }
  }
  return {
    append(entry) {
      if (entry.kind === 'request') shared?.append(entry)
      waiting.push(formatEntry(entry))
      // A failed write does not prevent later ones.
      writing = writing.catch(() => {}).then(write)
      return writing
    },
    async close() {
      await writing.catch(() => {})
      await handle?.then(
        (file) => file.close(),
        () => {},
      )
    },
  }
}

/**
 * Opens the file for appending. Compacts it first if it is large, and ends a last line that a crash
 * tore.
 */
async function openFile(root: string, path: string): Promise<FileHandle> {
  const size = statInside(root, path)?.size ?? 0
  if (size > MAX_BYTES) {
    await writeFileAtomic(
      root,
      path,
      compactHistory(parseHistory(readTextInside(root, path, maxBytes.data)))
        .map(formatEntry)
        .join(''),
    )
  }
  const file = await openForAppend(root, path)
  const { size: now } = await file.stat()
  if (now === 0) await syncFolder(join(path, '..'))
  else if ((await file.read(Buffer.alloc(1), 0, 1, now - 1)).buffer[0] !== 10) {
    await file.appendFile('\n')
  }
  return file
}

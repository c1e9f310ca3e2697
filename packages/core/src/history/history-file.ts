import { readFileSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { describeReadError } from '../disk/read-errors.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { isErrno, LimnError } from '../errors.ts'
import { compactHistory } from './compact.ts'
import { formatEntry, type HistoryEntry, parseHistory } from './entry.ts'

/** The file is put in fewer lines when it has grown to this, bytes. */
const MOST_BYTES = 4_000_000

/** The history of a project while its only writer adds to it. */
export type History = {
  /**
   * Writes an entry down; it is on the disk when this is done. Those that come at the same time are
   * written together. @throws LimnError `store/…`
   */
  append(entry: HistoryEntry): Promise<void>
  close(): Promise<void>
}

export function historyPath(state: string): string {
  return join(state, 'history.jsonl')
}

/**
 * What is known of past runs, oldest first; empty where there were none. @throws LimnError
 * `store/failed` where it can't be read: what was spent this month stands there
 */
export function readHistory(state: string): HistoryEntry[] {
  const path = historyPath(state)
  try {
    return parseHistory(readFileSync(path, 'utf8'))
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw new LimnError(
      'store/failed',
      `${path} can't be read (${describeReadError(error)}): what was spent stands there.`,
      { hint: 'Make it readable, then run the command again.', cause: error },
    )
  }
}

/**
 * Opens the history for the one process that writes to the project; the file is made with the first
 * entry.
 */
export function openHistory(state: string): History {
  const path = historyPath(state)
  let handle: Promise<FileHandle> | undefined
  let waiting: string[] = []
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    const lines = waiting
    if (lines.length === 0) return
    waiting = []
    try {
      const file = await (handle ??= openFile(path))
      await file.appendFile(lines.join(''))
      await file.datasync()
    } catch (error) {
      throw toWriteError(error, path)
    }
  }
  return {
    append(entry) {
      waiting.push(formatEntry(entry))
      // A write that failed does not keep a later one from being tried.
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
 * Opens the file to add to it, in fewer lines where it has grown large; a line that a crash tore is
 * ended.
 */
async function openFile(path: string): Promise<FileHandle> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > MOST_BYTES) {
    await writeFileAtomic(
      path,
      compactHistory(parseHistory(readFileSync(path, 'utf8')))
        .map(formatEntry)
        .join(''),
    )
  }
  const file = await open(path, 'a+')
  const { size: now } = await file.stat()
  if (now === 0) await syncFolder(join(path, '..'))
  else if ((await file.read(Buffer.alloc(1), 0, 1, now - 1)).buffer[0] !== 10) {
    await file.appendFile('\n')
  }
  return file
}

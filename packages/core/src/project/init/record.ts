import { join } from 'node:path'
import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { isObject } from '../../is-object.ts'

/** A file as `limn init` found and left it. */
export type RecordedFile = {
  /** Relative to the root, or to the git repository. */
  path: string
  isInRepository: boolean
  /** Its text before; `null` if it did not exist. */
  before: string | null
  /** The digest of its text after. */
  after: string
}

const FILE = 'init.json'

/** Reads what `limn init` recorded in `.limn/`; nothing if there is no record that can be read. */
export function readRecord(root: string, state: string): RecordedFile[] {
  let value: unknown
  try {
    value = JSON.parse(readTextInside(root, join(state, FILE), maxBytes.text))
  } catch {
    return []
  }
  return isObject(value) && Array.isArray(value['files']) ? value['files'].filter(isRecorded) : []
}

/** Writes the record. */
export function writeRecord(
  root: string,
  state: string,
  files: readonly RecordedFile[],
): Promise<void> {
  const text = `${JSON.stringify({ version: 1, files }, null, 2)}\n`
  return writeFileAtomic(root, join(state, FILE), text)
}

/** Returns the absolute path of the record. */
export function recordPath(state: string): string {
  return join(state, FILE)
}

function isRecorded(value: unknown): value is RecordedFile {
  return (
    isObject(value) &&
    typeof value['path'] === 'string' &&
    typeof value['after'] === 'string' &&
    // Outside of the root, Limn writes only its workflow.
    (value['isInRepository'] === false ||
      (value['isInRepository'] === true && value['path'].startsWith('.github/workflows/limn'))) &&
    (value['before'] === null || typeof value['before'] === 'string')
  )
}

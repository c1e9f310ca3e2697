import { readFileSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { reading } from '../disk/read-errors.ts'
import { isAtRest, isSameStamp, type Stamp, stampOf } from '../disk/stamps.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'

/**
 * Digests of files by path, remembered with their stamps, so that a file nobody touched costs a
 * stat and not a read. Local, and safe to delete.
 */
export type HashIndex = {
  /** Absolute path of the file that it is kept in. */
  readonly file: string
  /**
   * SHA-256 of the file at `path`, relative to the root; read again only where its stat has
   * changed. @throws LimnError `store/unreadable`
   */
  digest(path: string, stat: Stats): string
  /** Remembers the digest of a file that was just written. */
  record(path: string, digest: string): void
  /** Digests that this machine's encoder gave where the lock has another, by recipe. */
  own: Map<string, string>
  /** Writes the index where it has changed. */
  save(): void
}

type Row = [...stamp: Stamp, sha256: string]
/** Version 1 had rows without the change time. */
const VERSION = 2
type IndexFile = {
  version: typeof VERSION
  files: Record<string, Row>
  own: Record<string, string>
}

/** Opens the index of the project at `root`, kept in `cacheDir`. */
export function openHashIndex(root: string, cacheDir: string): HashIndex {
  const file = join(cacheDir, 'digests.json')
  const stored = read(file)
  const rowByPath = new Map(Object.entries(stored.files))
  const own = new Map(Object.entries(stored.own))
  const ownBefore = own.size
  let changed = false
  const set = (path: string, stamp: Stamp, digest: string): void => {
    rowByPath.set(path, [...stamp, digest])
    changed = true
  }
  return {
    file,
    own,
    digest(path, stat) {
      const row = rowByPath.get(path)
      const stamp = stampOf(stat)
      if (row !== undefined && isSameStamp(stamp, row)) return row[4]
      const time = Date.now()
      const digest = sha256(reading(path, () => readFileSync(join(root, path))))
      // What was written a moment ago may be written again and keep its stamp.
      if (isAtRest(stamp, time)) set(path, stamp, digest)
      return digest
    },
    record(path, digest) {
      set(path, stampOf(statSync(join(root, path))), digest)
    },
    save() {
      if (!changed && own.size === ownBefore) return
      changed = false
      const content: IndexFile = {
        version: VERSION,
        files: Object.fromEntries(rowByPath),
        own: Object.fromEntries(own),
      }
      tryWriteFile(file, JSON.stringify(content))
    },
  }
}

function read(file: string): IndexFile {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as IndexFile
    if (content.version === VERSION && isMap(content.files) && isMap(content.own)) return content
  } catch {
    // Absent or damaged: everything is hashed again.
  }
  return { version: VERSION, files: {}, own: {} }
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

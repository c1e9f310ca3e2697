import { readFileSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { tryWriteFile } from './atomic.ts'

/**
 * Digests of files by path, remembered with size, modification time and inode, so that a
 * file nobody touched costs a stat and not a read. Local, and safe to delete.
 */
export type HashIndex = {
  /** SHA-256 of the file at `path`, relative to the root; read again only where its stat has changed. */
  digest(path: string, stat: Stats): string
  /** Remembers the digest of a file that was just written. */
  record(path: string, digest: string): void
  /** Digests that this machine's encoder gave where the lock has another, by recipe. */
  own: Map<string, string>
  /** Writes the index where it has changed. */
  save(): void
}

type Row = [bytes: number, mtimeMs: number, inode: number, sha256: string]
type IndexFile = { version: 1; files: Record<string, Row>; own: Record<string, string> }

/** Opens the index of the project at `root`, kept in `cacheDir`. */
export function openHashIndex(root: string, cacheDir: string): HashIndex {
  const file = join(cacheDir, 'digests.json')
  const stored = read(file)
  const rowByPath = new Map(Object.entries(stored.files))
  const own = new Map(Object.entries(stored.own))
  const ownBefore = own.size
  let changed = false
  const set = (path: string, stat: Stats, digest: string): void => {
    rowByPath.set(path, [stat.size, stat.mtimeMs, stat.ino, digest])
    changed = true
  }
  return {
    own,
    digest(path, stat) {
      const row = rowByPath.get(path)
      if (row !== undefined && row[0] === stat.size && row[1] === stat.mtimeMs && row[2] === stat.ino) return row[3]
      const digest = sha256(readFileSync(join(root, path)))
      set(path, stat, digest)
      return digest
    },
    record(path, digest) {
      set(path, statSync(join(root, path)), digest)
    },
    save() {
      if (!changed && own.size === ownBefore) return
      changed = false
      const content: IndexFile = { version: 1, files: Object.fromEntries(rowByPath), own: Object.fromEntries(own) }
      tryWriteFile(file, JSON.stringify(content))
    },
  }
}

function read(file: string): IndexFile {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as IndexFile
    if (content.version === 1 && isMap(content.files) && isMap(content.own)) return content
  } catch {
    // Absent or damaged: everything is hashed again.
  }
  return { version: 1, files: {}, own: {} }
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

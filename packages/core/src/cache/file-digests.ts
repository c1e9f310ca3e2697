import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { wrapReadErrors } from '../disk/read-errors.ts'
import { maxBytes, readInside, readTextInside, statInside } from '../disk/read-inside.ts'
import { isSameStamp, isStable, type Stamp, stampOf } from '../disk/stamps.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'

/**
 * Cached digests of files by path, with their stamps: an unchanged file costs a stat instead of a
 * read. Local to this machine, and safe to delete.
 */
export type FileDigests = {
  /** Absolute path of the cache file. */
  readonly file: string
  /**
   * Returns the SHA-256 of a file. Reads the file only if its stat has changed.
   *
   * @param path relative to the root
   * @throws LimnError `store/unreadable`, `store/outside`
   */
  digest(path: string, stat: Stats): string
  /** Caches the digest of a file that was just written. */
  record(path: string, digest: string): void
  /** Digests of this machine's encoder that differ from those in the lockfile, by recipe hash. */
  own: Map<string, string>
  /** Writes the cache file if anything has changed. */
  save(): void
}

type Row = [...stamp: Stamp, sha256: string]
/** Rows of version 1 have no change time. */
const VERSION = 2
type DigestsFile = {
  version: typeof VERSION
  files: Record<string, Row>
  own: Record<string, string>
}

/** Opens the digests of the project at `root`, stored in `cacheDir`. Both absolute. */
export function openFileDigests(root: string, cacheDir: string): FileDigests {
  const file = join(cacheDir, 'digests.json')
  const stored = readDigestsFile(root, file)
  const rowByPath = new Map(Object.entries(stored.files))
  const own = new Map(Object.entries(stored.own))
  const ownCount = own.size
  let hasChanged = false
  const set = (path: string, stamp: Stamp, digest: string): void => {
    rowByPath.set(path, [...stamp, digest])
    hasChanged = true
  }
  return {
    file,
    own,
    digest(path, stat) {
      const row = rowByPath.get(path)
      const stamp = stampOf(stat)
      if (row !== undefined && isSameStamp(stamp, row)) return row[4]
      const time = Date.now()
      const digest = sha256(wrapReadErrors(path, () => readInside(root, path, maxBytes.picture)))
      // A file written a moment ago may be written again and keep its stamp.
      if (isStable(stamp, time)) set(path, stamp, digest)
      return digest
    },
    record(path, digest) {
      set(path, stampOf(statInside(root, path)), digest)
    },
    save() {
      if (!hasChanged && own.size === ownCount) return
      hasChanged = false
      const content: DigestsFile = {
        version: VERSION,
        files: Object.fromEntries(rowByPath),
        own: Object.fromEntries(own),
      }
      tryWriteFile(root, file, JSON.stringify(content))
    },
  }
}

function readDigestsFile(root: string, path: string): DigestsFile {
  try {
    const content = JSON.parse(readTextInside(root, path, maxBytes.data)) as DigestsFile
    if (content.version === VERSION && isMap(content.files) && isMap(content.own)) {
      return {
        version: VERSION,
        files: pickValid(content.files, isRow),
        own: pickValid(content.own, isDigest),
      }
    }
  } catch {
    // Without a valid cache file, all files are hashed again.
  }
  return { version: VERSION, files: {}, own: {} }
}

/** Drops damaged values: the digests of their files would reach the lockfile. */
function pickValid<T>(map: Record<string, T>, isValid: (value: unknown) => boolean): typeof map {
  const entries = Object.entries(map)
  return entries.every(([, value]) => isValid(value))
    ? map
    : Object.fromEntries(entries.filter(([, value]) => isValid(value)))
}

function isRow(row: unknown): boolean {
  return Array.isArray(row) && row.length === 5 && isDigest(row[4])
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { type Digests, digestsOf } from '../digest.ts'
import { parsePointer, type PointerKind, pointerKinds } from '../disk/pointer-file.ts'
import { wrapReadErrors } from '../disk/read-errors.ts'
import { maxBytes, readTextInside, readToHash, statInside } from '../disk/read-inside.ts'
import { isSameStamp, isStable, type Stamp, stampOf } from '../disk/stamps.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'
import { isObject } from '../is-object.ts'

/** Size and SHA-256 of a file. */
export type FileFact = {
  bytes: number
  sha256: string
  /** The digests of the same text with other line endings; absent if the file is no text. */
  others?: readonly string[]
  /**
   * The tool that has not downloaded the file: the digest is that of the picture then, empty if it
   * is unknown.
   */
  pointer?: PointerKind
}

/**
 * Cached digests of files by path, with their stamps: an unchanged file costs a stat instead of a
 * read. Local to this machine, and safe to delete.
 */
export type FileDigests = {
  /** Absolute path of the cache file. */
  readonly file: string
  /**
   * Returns the size and the digests of a file, or those of the picture that it points to. Reads
   * the file only if its stat has changed.
   *
   * @param path relative to the root
   * @throws LimnError `store/unreadable`, `store/outside`
   */
  fact(path: string, stat: Stats): FileFact
  /** Caches the digests of a file that was just written. */
  record(path: string, digests: Digests): void
  /** Digests of this machine's encoder that differ from those in the lockfile, by recipe hash. */
  own: Map<string, string>
  /** Writes the cache file if anything has changed. */
  save(): void
}

/** The digest is followed by those of other line endings, or by the tool that has the file. */
type Row = [...stamp: Stamp, sha256: string, ...others: string[]]
/**
 * Rows of version 1 have no change time, those of version 2 no pointers, those of version 3 no
 * others.
 */
const VERSION = 4
type DigestsFile = { version: number; files: Record<string, Row>; own: Record<string, string> }

/** Opens the digests of the project at `root`, stored in `cacheDir`. Both absolute. */
export function openFileDigests(root: string, cacheDir: string): FileDigests {
  const file = join(cacheDir, 'digests.json')
  const stored = readDigestsFile(root, file)
  const rowByPath = new Map(Object.entries(stored.files))
  const own = new Map(Object.entries(stored.own))
  const ownCount = own.size
  let hasChanged = false
  const set = (path: string, row: Row): void => {
    rowByPath.set(path, row)
    hasChanged = true
  }
  return {
    file,
    own,
    fact(path, stat) {
      const known = rowByPath.get(path)
      const stamp = stampOf(stat)
      if (known !== undefined && isSameStamp(stamp, known)) return factOf(known, stat.size)
      const time = Date.now()
      const fact = readFileFact(root, path)
      // A file written a moment ago may be written again and keep its stamp.
      if (isStable(stamp, time)) set(path, rowOf(stamp, fact))
      return fact
    },
    record(path, digests) {
      set(path, [...stampOf(statInside(root, path)), ...digests])
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

/**
 * Reads the size and the SHA-256 of a file, or those of the picture that it points to.
 *
 * @param path relative to the root
 * @throws LimnError `store/unreadable`, `store/outside`
 */
export function readFileFact(root: string, path: string): FileFact {
  const bytes = wrapReadErrors(path, () => readToHash(root, path, maxBytes.picture))
  const pointer = parsePointer(bytes)
  if (pointer !== undefined) {
    return { bytes: bytes.length, sha256: pointer.sha256, pointer: pointer.kind }
  }
  const [sha256, ...others] = digestsOf(bytes)
  return { bytes: bytes.length, sha256, ...(others.length === 0 ? {} : { others }) }
}

function rowOf(stamp: Stamp, { sha256, others = [], pointer }: FileFact): Row {
  return [...stamp, sha256, ...(pointer === undefined ? others : [pointer])]
}

function factOf([, , , , sha256, ...others]: Row, bytes: number): FileFact {
  const pointer = pointerKinds.find((kind) => kind === others[0])
  if (pointer !== undefined) return { bytes, sha256, pointer }
  return others.length === 0 ? { bytes, sha256 } : { bytes, sha256, others }
}

function readDigestsFile(root: string, path: string): DigestsFile {
  try {
    const content = JSON.parse(readTextInside(root, path, maxBytes.data)) as DigestsFile
    const isCurrent = content.version === VERSION
    if (
      (isCurrent || content.version === 2 || content.version === 3) &&
      isObject(content.files) &&
      isObject(content.own)
    ) {
      return {
        version: VERSION,
        files: isCurrent ? pickValid(content.files, isRow) : {},
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
  if (!Array.isArray(row) || row.length < 5) return false
  const [digest, ...others] = row.slice(4) as unknown[]
  const isPointer = others.length === 1 && pointerKinds.some((kind) => kind === others[0])
  return isPointer ? digest === '' || isDigest(digest) : [digest, ...others].every(isDigest)
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

import type { Dirent, Stats } from 'node:fs'
import { join } from 'node:path'
import { fs } from './node-builtins.ts'
import { absoluteIn, openInside, realPathInside, RefusedPath } from './open-inside.ts'
import { spell } from './spelling.ts'

/*
 * Everything that Limn reads from a project or from its own folders. A repo may come from anybody:
 * a link in it may lead to a private file, and a name may belong to a device, a FIFO that never ends
 * or a file that fills the memory. These functions read regular files inside a root, up to a size.
 */

/** Largest files that Limn reads, bytes, by kind. */
export const maxBytes: Readonly<Record<'picture' | 'text' | 'data', number>> = {
  /** A picture: a master, an input, an output, a received picture. */
  picture: 512 * 1024 * 1024,
  /** A manifest, an `.env` file or a record. */
  text: 16 * 1024 * 1024,
  /** A lockfile, the history, or a cache, which grow with the project. */
  data: 512 * 1024 * 1024,
}

/**
 * Reads a regular file inside a root. Follows links that stay in the root.
 *
 * @param root absolute
 * @param path absolute, or relative to the root
 * @param limit largest size that is read, bytes; see `maxBytes`
 * @throws the system's errors, and errors with the code `EOUTSIDE`, `ENOTFILE` or `EFBIG`
 */
export function readInside(root: string, path: string, limit: number): Buffer {
  return readOpen(openInside(root, path), path, limit)
}

/**
 * Reads a file like `readInside`, to compare its digest. If a `createFolderCheck` of this run has
 * found that its folder is no link, that is not checked again.
 */
export function readToHash(root: string, path: string, limit: number): Buffer {
  return readOpen(openInside(root, path, true), path, limit)
}

/** Reads an open file, and closes it. */
function readOpen(file: number, path: string, limit: number): Buffer {
  try {
    return readAll(file, requireReadable(fs.fstatSync(file), { path, limit }), { path, limit })
  } finally {
    fs.closeSync(file)
  }
}

/** Size of the pieces of `readPiecesInside`, bytes: small enough to be forgotten cheaply. */
const PIECE = 64 * 1024

/** Reads a file like `readInside`, in pieces. A piece is overwritten by the next. */
export function* readPiecesInside(root: string, path: string, limit: number): Generator<Buffer> {
  const file = openInside(root, path)
  try {
    requireReadable(fs.fstatSync(file), { path, limit })
    const piece = Buffer.allocUnsafeSlow(PIECE)
    for (let length = 0; length <= limit;) {
      const read = fs.readSync(file, piece, 0, PIECE, null)
      if (read === 0) return
      length += read
      yield piece.subarray(0, read)
    }
    throw new RefusedPath('EFBIG', path)
  } finally {
    fs.closeSync(file)
  }
}

/** Reads a file like `readInside`, as UTF-8. */
export function readTextInside(root: string, path: string, limit: number): string {
  return readInside(root, path, limit).toString('utf8')
}

/**
 * Reads a regular file that the user named on the command line: it may be anywhere, and links are
 * followed.
 *
 * @param path absolute
 * @throws as `readInside`
 */
export function readNamed(path: string, limit: number): Buffer {
  const real = fs.realpathSync.native(path)
  return readInside(join(real, '..'), real, limit)
}

/**
 * Lists a folder inside a root. Entries that are links are not followed.
 *
 * @throws as `readInside`
 */
export function listInside(root: string, folder: string): Dirent[] {
  return fs.readdirSync(realPathInside(root, folder), { withFileTypes: true })
}

/** Returns the names in a folder inside a root; none if it can't be read or does not exist. */
export function namesInside(root: string, folder: string): string[] {
  try {
    return fs.readdirSync(realPathInside(root, folder))
  } catch {
    return []
  }
}

/** Number of names that the system is asked for at once: few enough to be forgotten cheaply. */
const NAMES_AT_ONCE = 1024

/**
 * Calls back with each name in a folder inside a root, like `namesInside`. A folder of half a
 * million files takes a third of the time and a tenth of the memory.
 */
export function eachNameInside(root: string, folder: string, onName: (name: string) => void): void {
  try {
    const names = fs.opendirSync(realPathInside(root, folder), { bufferSize: NAMES_AT_ONCE })
    try {
      for (let entry = names.readSync(); entry !== null; entry = names.readSync()) {
        onName(entry.name)
      }
    } finally {
      names.closeSync()
    }
  } catch {
    // What can't be listed counts as empty.
  }
}

/**
 * Stats a path inside a root without following a link at the path itself; `undefined` if nothing is
 * there, or a folder on the way leads out of the root.
 */
export function statInside(root: string, path: string): Stats | undefined {
  try {
    const absolute = absoluteIn(root, path)
    realPathInside(root, join(absolute, '..'))
    return fs.lstatSync(spell(absolute), { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/**
 * Returns whether a path is likely to exist inside a root. Does not check whether a folder on the
 * way is a link, which takes several times as long: use it only to decide what to prepare.
 */
export function probablyExistsInside(root: string, path: string): boolean {
  return fs.existsSync(absoluteIn(root, path))
}

/** Returns whether a path exists inside a root; a link to a missing target counts too. */
export function existsInside(root: string, path: string): boolean {
  return statInside(root, path) !== undefined
}

/**
 * Returns whether a path leads out of a root, or would do so once it exists: its nearest existing
 * part does, or is a link without a target.
 *
 * @param path absolute, below the root
 */
export function leadsOut(root: string, path: string): boolean {
  try {
    realPathInside(root, path)
    return false
  } catch (error) {
    if (error instanceof RefusedPath) return true
    if (isLink(path)) return true
    const parent = join(path, '..')
    return parent !== root && parent !== path && leadsOut(root, parent)
  }
}

function isLink(path: string): boolean {
  try {
    return fs.lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

/** Returns the size of a file that may be read. */
function requireReadable(stat: Stats, { path, limit }: { path: string; limit: number }): number {
  if (stat.isDirectory()) {
    throw Object.assign(new Error(`EISDIR: ${path}`), { code: 'EISDIR' })
  }
  if (!stat.isFile()) throw new RefusedPath('ENOTFILE', path)
  if (stat.size > limit) throw new RefusedPath('EFBIG', path)
  return stat.size
}

/** Reads up to the end. The size is a hint: another process may append to the file. */
function readAll(
  file: number,
  size: number,
  { path, limit }: { path: string; limit: number },
): Buffer {
  let bytes = Buffer.allocUnsafe(size + 1)
  let length = 0
  for (;;) {
    if (length === bytes.length) {
      bytes = Buffer.concat([bytes], Math.min(limit + 1, bytes.length * 2 + 64 * 1024))
    }
    const read = fs.readSync(file, bytes, length, bytes.length - length, null)
    length += read
    if (length > limit) throw new RefusedPath('EFBIG', path)
    // There was room for one byte more than the size. The size of special files is 0.
    if (read === 0 || (length === size && read === size)) return bytes.subarray(0, length)
  }
}

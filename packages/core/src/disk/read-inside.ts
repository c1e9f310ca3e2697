import type { Dirent, Stats } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { fs } from './node-builtins.ts'

/*
 * Everything that Limn reads from a project or from its own folders. A repo may come from anybody:
 * a link in it may lead to a private file, and a name may belong to a device, a FIFO that never ends
 * or a file that fills the memory. These functions read regular files inside a root, up to a size.
 */

/** Largest files that Limn reads, bytes, by kind. */
export const maxBytes = {
  /** A picture: a master, an input, an output, a received picture. */
  picture: 512 * 1024 * 1024,
  /** A manifest, an `.env` file or a record. */
  text: 16 * 1024 * 1024,
  /** A lockfile, the history, or a cache, which grow with the project. */
  data: 512 * 1024 * 1024,
} as const

/**
 * A path that Limn does not read. Has a code like the system's errors: `EOUTSIDE` leads out of its
 * root, `ENOTFILE` is a device or the like, `EFBIG` is too large.
 */
class RefusedPath extends Error {
  readonly code: string

  constructor(code: 'EOUTSIDE' | 'ENOTFILE' | 'EFBIG', path: string) {
    super(`${code}: ${path}`)
    this.code = code
  }
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants
/** Windows has neither flag. Without `O_NONBLOCK`, opening a FIFO waits for its writer. */
const READ_FLAGS = O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0)

/**
 * Reads a regular file inside a root. Follows links that stay in the root.
 *
 * @param root absolute
 * @param path absolute, or relative to the root
 * @param limit largest size that is read, bytes; see `maxBytes`
 * @throws the system's errors, and errors with the code `EOUTSIDE`, `ENOTFILE` or `EFBIG`
 */
export function readInside(root: string, path: string, limit: number): Buffer {
  const real = realPathInside(root, path)
  const file = fs.openSync(real, READ_FLAGS)
  try {
    const stat = fs.fstatSync(file)
    requireSameFile(stat, { real, path })
    return readAll(file, requireReadable(stat, { path, limit }), { path, limit })
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

/**
 * Stats a path inside a root without following a link at the path itself; `undefined` if nothing is
 * there, or a folder on the way leads out of the root.
 */
export function statInside(root: string, path: string): Stats | undefined {
  try {
    const absolute = absoluteIn(root, path)
    realPathInside(root, join(absolute, '..'))
    return fs.lstatSync(absolute, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Returns whether a path exists inside a root; a link to a missing target counts too. */
export function existsInside(root: string, path: string): boolean {
  return statInside(root, path) !== undefined
}

/** Number of folders with one parent from which listing the parent is faster than a stat of each. */
const FEW_FOLDERS = 20

/**
 * Returns a function that tells whether a folder, relative to the root with `/`, exists in the root
 * and does not lead out of it. Checks each folder once, so that many files of a folder cost no more
 * than one.
 */
export function createFolderCheck(root: string): (folder: string) => boolean {
  const isInsideByFolder = new Map<string, boolean>([['', true]])
  const childrenByParent = new Map<string, { checked: number; plain?: Set<string> }>()
  const check = (folder: string): boolean => {
    const known = isInsideByFolder.get(folder)
    if (known !== undefined) return known
    const at = folder.lastIndexOf('/')
    const parent = at < 0 ? '' : folder.slice(0, at)
    const isInside =
      check(parent) &&
      (isPlainChild(parent, folder.slice(at + 1)) || isFolderInside(root, `${root}/${folder}`))
    isInsideByFolder.set(folder, isInside)
    return isInside
  }
  /** Looks a folder up in its parent's list, once the parent has many. */
  const isPlainChild = (parent: string, name: string): boolean => {
    const children = childrenByParent.get(parent) ?? { checked: 0 }
    childrenByParent.set(parent, children)
    if (++children.checked < FEW_FOLDERS) return false
    return (children.plain ??= listFolders(`${root}/${parent}`)).has(name)
  }
  return check
}

/** Lists the names of the folders in a folder, without links; none if it can't be listed. */
function listFolders(folder: string): Set<string> {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true })
    return new Set(entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])))
  } catch {
    return new Set()
  }
}

/** Checks the last part of a folder's path; the rest was checked. */
function isFolderInside(root: string, folder: string): boolean {
  try {
    const stat = fs.lstatSync(folder, { throwIfNoEntry: false })
    if (stat?.isSymbolicLink() !== true) return stat?.isDirectory() === true
    return fs.statSync(realPathInside(root, folder)).isDirectory()
  } catch {
    return false
  }
}

/** Returns the path without links. @throws the system's errors, or `EOUTSIDE` */
export function realPathInside(root: string, path: string): string {
  const real = fs.realpathSync.native(absoluteIn(root, path))
  if (!isBelow(fs.realpathSync.native(root), real)) throw new RefusedPath('EOUTSIDE', path)
  return real
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

/** Returns whether an absolute path without links is a root without links, or below it. */
export function isBelow(root: string, path: string): boolean {
  const fromRoot = relative(root, path)
  return (
    fromRoot !== '..' &&
    !fromRoot.startsWith('../') &&
    !fromRoot.startsWith('..\\') &&
    !isAbsolute(fromRoot)
  )
}

function absoluteIn(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path)
}

/** Checks that no part of a path became a link between its resolution and its opening. */
function requireSameFile(opened: Stats, { real, path }: { real: string; path: string }): void {
  if (fs.realpathSync.native(real) !== real) throw new RefusedPath('EOUTSIDE', path)
  if (O_NOFOLLOW !== undefined) return
  const { dev, ino } = fs.lstatSync(real)
  if (dev !== opened.dev || ino !== opened.ino) throw new RefusedPath('EOUTSIDE', path)
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
    if (read === 0) return bytes.subarray(0, length)
  }
}

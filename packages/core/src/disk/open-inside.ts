import type { Stats } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { fs, process } from './node-builtins.ts'
import { spell } from './spelling.ts'

/*
 * Resolving a path costs a system call per folder, several times for each file: as much as reading
 * it. So Limn remembers where folders are, and asks the system where an open file is. A memory that
 * is wrong, because a folder or a root changed while Limn ran, only costs time: the path is
 * resolved again.
 */

/**
 * A path that Limn does not read. Has a code like the system's errors: `EOUTSIDE` leads out of its
 * root, `ENOTFILE` is a device or the like, `EFBIG` is too large.
 */
export class RefusedPath extends Error {
  readonly code: string

  constructor(code: 'EOUTSIDE' | 'ENOTFILE' | 'EFBIG', path: string) {
    super(`${code}: ${path}`)
    this.code = code
  }
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants
/** Windows has neither flag. Without `O_NONBLOCK`, opening a FIFO waits for its writer. */
const READ_FLAGS = O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0)

/** Number of folders and of roots that are remembered. */
const MAX_KNOWN = 10_000

/** Paths without links of folders inside a root, by root and folder as they were given. */
const realByFolder = new Map<string, string>()
/** Paths without links of roots. */
const realByRoot = new Map<string, string>()

/**
 * Opens a file inside a root for reading. Follows links that stay in the root.
 *
 * @param root absolute
 * @param path absolute, or relative to the root
 * @param isChecked whether this run has checked the folder, which then is not checked again
 * @returns the descriptor of a file, folder or FIFO
 * @throws the system's errors, or `EOUTSIDE`
 */
export function openInside(root: string, path: string, isChecked: boolean = false): number {
  const absolute = absoluteIn(root, path)
  return openInKnownFolder(root, absolute, isChecked) ?? openResolved(root, absolute)
}

/**
 * Notes whether a folder inside a root was just found to be neither a link nor below one. Files in
 * such a folder open without resolving their path.
 *
 * @param folder relative to the root, with `/`
 */
export function noteFolder(root: string, folder: string, isPlain: boolean): void {
  if (!canConfirm) return
  const key = `${root}\0${root}/${folder}`
  if (!isPlain) return void realByFolder.delete(key)
  const realRoot = realByRoot.get(root) ?? fs.realpathSync.native(root)
  remember(realByRoot, root, realRoot)
  remember(realByFolder, key, `${realRoot}/${folder}`)
}

/**
 * Opens a file if it is in a folder that was found inside the root, and the system confirms that it
 * still is.
 */
function openInKnownFolder(root: string, path: string, isChecked: boolean): number | undefined {
  const end = path.lastIndexOf('/')
  const folder = realByFolder.get(`${root}\0${path.slice(0, end)}`)
  if (folder === undefined) return undefined
  let file: number
  try {
    file = fs.openSync(path, READ_FLAGS)
  } catch {
    return undefined
  }
  if (isChecked || placeOf(file) === folder + path.slice(end)) return file
  fs.closeSync(file)
  return undefined
}

/** Only Linux tells where an open file is. */
const canConfirm = process.platform === 'linux'

/** Returns the path without links of an open file; `undefined` if the system does not tell. */
function placeOf(file: number): string | undefined {
  if (!canConfirm) return undefined
  try {
    return fs.readlinkSync(`/proc/self/fd/${file}`)
  } catch {
    return undefined
  }
}

/** Opens a file after resolving its path. */
function openResolved(root: string, path: string): number {
  const real = realPathInside(root, path)
  const file = fs.openSync(real, READ_FLAGS)
  try {
    requireSameFile(file, { real, path })
  } catch (error) {
    fs.closeSync(file)
    throw error
  }
  const [end, realEnd] = [path.lastIndexOf('/'), real.lastIndexOf('/')]
  if (canConfirm && real.slice(realEnd) === path.slice(end)) {
    remember(realByFolder, `${root}\0${path.slice(0, end)}`, real.slice(0, realEnd))
  }
  return file
}

/** Checks that no part of a path became a link between its resolution and its opening. */
function requireSameFile(file: number, { real, path }: { real: string; path: string }): void {
  if (placeOf(file) === real) return
  if (fs.realpathSync.native(real) !== real) throw new RefusedPath('EOUTSIDE', path)
  if (O_NOFOLLOW !== undefined) return
  const [opened, current]: Stats[] = [fs.fstatSync(file), fs.lstatSync(real)]
  if (current!.dev !== opened!.dev || current!.ino !== opened!.ino) {
    throw new RefusedPath('EOUTSIDE', path)
  }
}

/**
 * Returns the path without links.
 *
 * @param root absolute
 * @param path absolute, or relative to the root
 * @throws the system's errors, or `EOUTSIDE`
 */
export function realPathInside(root: string, path: string): string {
  const real = realPathOf(absoluteIn(root, path))
  const known = realByRoot.get(root)
  if (known !== undefined && isBelow(known, real)) return real
  const realRoot = fs.realpathSync.native(root)
  remember(realByRoot, root, realRoot)
  if (!isBelow(realRoot, real)) throw new RefusedPath('EOUTSIDE', path)
  return real
}

function realPathOf(path: string): string {
  try {
    return fs.realpathSync.native(path)
  } catch (error) {
    const spelled = spell(path)
    if (spelled === path) throw error
    return fs.realpathSync.native(spelled)
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

/** Returns the absolute path of one that may be relative to the root. */
export function absoluteIn(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path)
}

function remember(map: Map<string, string>, key: string, value: string): void {
  if (map.size >= MAX_KNOWN) map.clear()
  map.set(key, value)
}

import type { Stats } from 'node:fs'
import { join, relative } from 'node:path'
import { fs } from './node-builtins.ts'
import { maxBytes, readInside } from './read-inside.ts'

/*
 * A stamp is what the system reports about a file or folder without reading it. An unchanged stamp
 * means that the file has the same content, or the folder the same entries. A stamp file stores
 * many stamps, binary numbers first: parsing them from text would take longer than stat.
 */

/** Bytes, modification and change time (ms since 1970), inode; -1 bytes if the path is missing. */
export type Stamp = readonly [bytes: number, mtimeMs: number, ctimeMs: number, inode: number]

/** Stamps by path, relative to the root with `/`. */
export type Stamps = Map<string, Stamp>

const MISSING: Stamp = [-1, 0, 0, 0]
const statOptions = { throwIfNoEntry: false } as const

/** Returns the stamp of a stat; `undefined` means a missing path. */
export function stampOf(stat: Stats | undefined): Stamp {
  return stat === undefined ? MISSING : [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino]
}

/** Reads the stamp of a path, following links. An inaccessible path counts as missing. */
export function readStamp(path: string): Stamp {
  try {
    return stampOf(fs.statSync(path, statOptions))
  } catch {
    return MISSING
  }
}

/** Returns whether two stamps are equal. Ignores what follows the stamp in the second tuple. */
export function isSameStamp(a: Stamp, b: readonly [...Stamp, ...unknown[]]): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}

/**
 * Resolution of a file system's clock, ms: two changes within one tick leave the same stamp. Some
 * file systems count whole seconds, or pairs of seconds.
 */
const TICK = 50
const SLOW_TICK = 2000

/**
 * Returns whether a stamp identifies the content: it is so old that no change after `time` can
 * leave the same stamp.
 *
 * @param time ms since 1970
 */
export function isStable([, , ctimeMs]: Stamp, time: number): boolean {
  return time - ctimeMs > (ctimeMs % 1000 === 0 ? SLOW_TICK : TICK)
}

/** Numbers before the stamps: the mark and the number of stamps. */
const HEADER_FIELDS = 2
const STAMP_FIELDS = 4

/**
 * Formats stamps as the bytes of a stamp file.
 *
 * @param mark identifies this version of the file
 */
export function formatStamps(mark: number, stamps: Stamps): Buffer {
  const numbers = new Float64Array(HEADER_FIELDS + stamps.size * STAMP_FIELDS)
  numbers.set([mark, stamps.size])
  let at = HEADER_FIELDS
  for (const stamp of stamps.values()) {
    numbers.set(stamp, at)
    at += STAMP_FIELDS
  }
  const paths = [...stamps.keys()].map((path) => `${path}\n`).join('')
  return Buffer.concat([Buffer.from(numbers.buffer), Buffer.from(paths)])
}

/**
 * Returns the first path in a stamp file that no longer has its stamp, ignoring the paths in
 * `leftOut`; `undefined` if there is none. Returns the stamp file itself if it is missing, damaged
 * or has another mark.
 */
export function findChangedStamp({
  file,
  mark,
  root,
  leftOut,
}: {
  file: string
  mark: number
  root: string
  leftOut: ReadonlySet<string>
}): string | undefined {
  try {
    const bytes = readInside(root, file, maxBytes.data)
    const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 8))
    const end = HEADER_FIELDS + (numbers[1] ?? Number.NaN) * STAMP_FIELDS
    if (numbers[0] !== mark || !(end <= numbers.length)) return file
    const paths = bytes.toString('utf8', end * 8)
    // Relative paths are faster to stat, and the root is usually the working directory.
    const prefix = relative('', root) === '' ? '' : join(root, '/')
    for (let at = HEADER_FIELDS, from = 0; at < end; at += STAMP_FIELDS) {
      const to = paths.indexOf('\n', from)
      if (to < 0) return file
      const path = paths.slice(from, to)
      from = to + 1
      if (!isUnchanged(prefix + path, numbers, at) && !leftOut.has(path)) return path
    }
    return undefined
  } catch {
    return file
  }
}

/** Compares like `isSameStamp`, but allocates no stamp: it runs for every file of a project. */
function isUnchanged(path: string, numbers: Float64Array, at: number): boolean {
  const stat = fs.statSync(path, statOptions)
  if (stat === undefined) return numbers[at] === -1
  return (
    stat.size === numbers[at] &&
    stat.mtimeMs === numbers[at + 1] &&
    stat.ctimeMs === numbers[at + 2] &&
    stat.ino === numbers[at + 3]
  )
}

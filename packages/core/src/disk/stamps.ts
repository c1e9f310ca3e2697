import type { Stats } from 'node:fs'
import { join, relative } from 'node:path'
import { fs } from './node-builtins.ts'

/*
 * A stamp is what the system tells of a file or a folder without its being read. While it
 * stays the same the file was not touched, and the folder has the same entries. Many of
 * them are kept in one file, numbers first: to parse them from text would take longer than
 * to ask the system.
 */

/** Bytes, modification and change time (ms since 1970), inode; -1 bytes where there is nothing. */
export type Stamp = readonly [bytes: number, mtimeMs: number, ctimeMs: number, inode: number]

/** Stamps by path, relative to the root with `/`. */
export type Stamps = Map<string, Stamp>

const NOTHING: Stamp = [-1, 0, 0, 0]
const quietly = { throwIfNoEntry: false } as const

export function stampOf(stat: Stats | undefined): Stamp {
  return stat === undefined ? NOTHING : [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino]
}

/**
 * The stamp of what stands at a path; links are followed. What may not be looked at is as if it
 * were not there.
 */
export function readStamp(path: string): Stamp {
  try {
    return stampOf(fs.statSync(path, quietly))
  } catch {
    return NOTHING
  }
}

/** Whether two stamps are the same; what stands behind them does not count. */
export function isSameStamp(a: Stamp, b: readonly [...Stamp, ...unknown[]]): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}

/**
 * Ticks of a file system's clock, ms: a second change within one leaves the same stamp. Some count
 * whole seconds, or two.
 */
const TICK = 50
const SLOW_TICK = 2000

/**
 * Whether a stamp is so old at a time, ms since 1970, that no change after that time can leave the
 * same one.
 */
export function isAtRest([, , ctimeMs]: Stamp, time: number): boolean {
  return time - ctimeMs > (ctimeMs % 1000 === 0 ? SLOW_TICK : TICK)
}

/** Numbers before the stamps: a mark and how many there are. */
const HEAD = 2
const FIELDS = 4

/** Stamps as the bytes of a file, under a mark that tells it from others of its kind. */
export function formatStamps(mark: number, stamps: Stamps): Buffer {
  const numbers = new Float64Array(HEAD + stamps.size * FIELDS)
  numbers.set([mark, stamps.size])
  let at = HEAD
  for (const stamp of stamps.values()) {
    numbers.set(stamp, at)
    at += FIELDS
  }
  const paths = [...stamps.keys()].map((path) => `${path}\n`).join('')
  return Buffer.concat([Buffer.from(numbers.buffer), Buffer.from(paths)])
}

/**
 * Whether everything whose stamp stands in a file, but for what is left out, is as it was. It stops
 * at the first change. `false` too where the file is absent, damaged, or has another mark.
 */
export function holdStamps({
  file,
  mark,
  root,
  leftOut,
}: {
  file: string
  mark: number
  root: string
  leftOut: ReadonlySet<string>
}): boolean {
  try {
    const bytes = fs.readFileSync(file)
    const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 8))
    const end = HEAD + (numbers[1] ?? Number.NaN) * FIELDS
    if (numbers[0] !== mark || !(end <= numbers.length)) return false
    const paths = bytes.toString('utf8', end * 8)
    // Short paths are found faster, and most often the root is where one stands.
    const above = relative('', root) === '' ? '' : join(root, '/')
    for (let at = HEAD, from = 0; at < end; at += FIELDS) {
      const to = paths.indexOf('\n', from)
      if (to < 0) return false
      const path = paths.slice(from, to)
      from = to + 1
      if (!isUnchanged(above + path, numbers, at) && !leftOut.has(path)) return false
    }
    return true
  } catch {
    return false
  }
}

/** As `isSameStamp`, without making a stamp: it is asked for every file of a project. */
function isUnchanged(path: string, numbers: Float64Array, at: number): boolean {
  const stat = fs.statSync(path, quietly)
  if (stat === undefined) return numbers[at] === -1
  return (
    stat.size === numbers[at] &&
    stat.mtimeMs === numbers[at + 1] &&
    stat.ctimeMs === numbers[at + 2] &&
    stat.ino === numbers[at + 3]
  )
}

import type { Stats } from 'node:fs'
import { fs } from './node-builtins.ts'

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

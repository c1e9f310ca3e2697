import { join, relative } from 'node:path'
import { programUrl } from '../program-file.ts'
import { availableParallelism, createWorker } from './node-builtins.ts'
import { maxBytes, readInside } from './read-inside.ts'
import {
  compareStamps,
  createComparison,
  FIELDS,
  HEADER_FIELDS,
  type StampComparison,
  waitForOthers,
} from './stamp-comparison.ts'
import type { StampOrder } from './stamp-worker.ts'
import type { Stamps } from './stamps.ts'

/**
 * Formats stamps as the bytes of a stamp file.
 *
 * @param mark identifies this version of the file
 */
export function formatStamps(mark: number, stamps: Stamps): Buffer {
  const numbers = new Float64Array(HEADER_FIELDS + stamps.size * FIELDS)
  numbers.set([mark, stamps.size])
  let at = HEADER_FIELDS
  for (const stamp of stamps.values()) {
    numbers.set(stamp, at)
    at += FIELDS
  }
  const paths = [...stamps.keys()].map((path) => `${path}\n`).join('')
  return Buffer.concat([Buffer.from(numbers.buffer), Buffer.from(paths)])
}

type StampFileOptions = { file: string; mark: number; root: string; leftOut: ReadonlySet<string> }

/**
 * Returns a path in a stamp file that no longer has its stamp, ignoring the paths in `leftOut`;
 * `undefined` if there is none. Returns the stamp file itself if it is missing, damaged or has
 * another mark. Uses a second thread for many stamps.
 */
export function findChangedStamp({
  file,
  mark,
  root,
  leftOut,
}: StampFileOptions): string | undefined {
  try {
    const bytes = readInside(root, file, maxBytes.data)
    // Relative paths are faster to stat, and the root is usually the working directory.
    const prefix = relative('', root) === '' ? '' : join(root, '/')
    const comparison = createComparison(bytes, { mark, prefix, leftOut: [...leftOut] })
    if (comparison === undefined) return file
    if (comparison.count >= MIN_SHARED && availableParallelism() > 1) share(comparison)
    compareStamps(comparison, 'forward')
    if (!waitForOthers(comparison)) return file
    return comparison.changed()
  } catch {
    return file
  }
}

/** Comparing fewer stamps than this takes less time than starting a thread, or not much more. */
const MIN_SHARED = 10_000

/** Starts a thread that compares stamps from the end. If it can't start, this one compares all. */
function share({ shared }: StampComparison): void {
  try {
    const order: StampOrder = shared()
    const worker = createWorker(programUrl('disk/stamp-worker'), order)
    worker.on('error', () => {})
    worker.unref()
  } catch {
    // The system has no thread left.
  }
}

import { fs } from './node-builtins.ts'

/*
 * Threads that compare the stamps of one file with the disk: one from the start, another from the
 * end, until they meet. Most of the time is spent in the system, which answers both at once.
 */

/** Numbers before the stamps: the mark and the number of stamps. */
export const HEADER_FIELDS = 2
export const FIELDS = 4

/** Counters that the threads share: stamps that a thread has taken, compared, and one that differs. */
const [TAKEN, COMPARED, CHANGED] = [0, 1, 2] as const
/** Stamps that a thread takes at once. */
const BATCH = 256
/** How long to wait for a thread that has taken stamps and compared none since, ms. */
const PATIENCE = 10_000

type Settings = {
  /** Before each path. */
  prefix: string
  /** Paths whose stamps are ignored. */
  leftOut: readonly string[]
}

/** What another thread needs. Plain data. */
export type SharedComparison = Settings & { bytes: SharedArrayBuffer; counters: SharedArrayBuffer }

export type StampComparison = {
  count: number
  numbers: Float64Array
  paths: string
  counters: Int32Array
  prefix: string
  leftOut: ReadonlySet<string>
  /** Returns what another thread needs to take part. */
  shared: () => SharedComparison
  /** Returns the path whose stamp differs. */
  changed: () => string | undefined
}

/** Opens the bytes of a stamp file; `undefined` if they are damaged or have another mark. */
export function createComparison(
  bytes: Buffer,
  { mark, ...settings }: Settings & { mark: number },
): StampComparison | undefined {
  const counters = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)
  const comparison = openComparison(bytes, { ...settings, counters })
  const { numbers, count } = comparison
  const isSound = numbers[0] === mark && HEADER_FIELDS + count * FIELDS <= numbers.length
  return isSound ? comparison : undefined
}

/** Takes part in a comparison of another thread. */
export function joinComparison({ bytes, ...settings }: SharedComparison): StampComparison {
  return openComparison(Buffer.from(bytes), settings)
}

function openComparison(
  bytes: Buffer,
  { prefix, leftOut, counters }: Settings & { counters: SharedArrayBuffer },
): StampComparison {
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 8))
  const count = numbers[1] ?? Number.NaN
  const paths = bytes.toString('utf8', (HEADER_FIELDS + count * FIELDS) * 8)
  const cells = new Int32Array(counters)
  return {
    count,
    numbers,
    paths,
    counters: cells,
    prefix,
    leftOut: new Set(leftOut),
    shared() {
      const copy = new SharedArrayBuffer(bytes.length)
      new Uint8Array(copy).set(bytes)
      return { bytes: copy, counters, prefix, leftOut }
    },
    changed() {
      const index = Atomics.load(cells, CHANGED) - 1
      return index < 0 ? undefined : paths.split('\n', index + 1)[index]
    },
  }
}

/** Compares stamps from one end of the file, until all are taken or one differs. */
export function compareStamps(
  { count, numbers, paths, counters, prefix, leftOut }: StampComparison,
  direction: 'forward' | 'backward',
): void {
  const isForward = direction === 'forward'
  let [done, from, to] = [0, 0, paths.length - 1]
  for (;;) {
    const taken = Atomics.add(counters, TAKEN, BATCH)
    if (taken >= count || Atomics.load(counters, CHANGED) > 0) return
    const size = Math.min(BATCH, count - taken)
    for (const end = done + size; done < end; done++) {
      if (isForward) to = paths.indexOf('\n', from)
      else from = paths.lastIndexOf('\n', to - 1) + 1
      const index = isForward ? done : count - 1 - done
      // A damaged file has fewer paths than stamps.
      const path = to < 0 ? undefined : paths.slice(from, to)
      const isSame =
        path !== undefined && (isUnchanged(prefix + path, numbers, index) || leftOut.has(path))
      if (!isSame) {
        Atomics.store(counters, CHANGED, index + 1)
        Atomics.notify(counters, COMPARED)
        return
      }
      if (isForward) from = to + 1
      else to = from - 1
    }
    Atomics.add(counters, COMPARED, size)
    Atomics.notify(counters, COMPARED)
  }
}

/** Waits until all stamps are compared, or one differs; returns whether that happened. */
export function waitForOthers(
  { count, counters }: StampComparison,
  patience: number = PATIENCE,
): boolean {
  for (;;) {
    const compared = Atomics.load(counters, COMPARED)
    if (compared >= count || Atomics.load(counters, CHANGED) > 0) return true
    if (Atomics.wait(counters, COMPARED, compared, patience) === 'timed-out') return false
  }
}

const statOptions = { throwIfNoEntry: false } as const

/** Compares like `isSameStamp`, but allocates no stamp: it runs for every file of a project. */
function isUnchanged(path: string, numbers: Float64Array, index: number): boolean {
  const at = HEADER_FIELDS + index * FIELDS
  try {
    const stat = fs.statSync(path, statOptions)
    if (stat === undefined) return numbers[at] === -1
    return (
      stat.size === numbers[at] &&
      stat.mtimeMs === numbers[at + 1] &&
      stat.ctimeMs === numbers[at + 2] &&
      stat.ino === numbers[at + 3]
    )
  } catch {
    return false
  }
}

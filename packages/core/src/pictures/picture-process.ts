import { process } from '../disk/node-builtins.ts'
import { type Pixels, type ReadOptions, readPixels } from './pixels.ts'
import { reasonOf } from './unreadable-picture.ts'

/*
 * Reads pictures in a process of its own, which `read-apart.ts` starts and ends: an SVG can take
 * forever, a large picture needs memory, and sharp can't be interrupted within a process.
 */

/** Input of the process. */
export type PictureOrder = ReadOptions & {
  bytes: Uint8Array
  /** The most memory that the process may use, bytes. */
  memoryLimit: number
}
/** Output of the process: pixels, or the message of an error, after which it may end. */
export type PictureResult = { pixels: Pixels } | { failure: string; ends: boolean }

/** How often the memory of the process is measured, ms. */
const MEASURE_INTERVAL = 50

process.on('message', ({ bytes, memoryLimit, ...options }: PictureOrder) => {
  void read(bytes, { memoryLimit, ...options }).then((result) => process.send?.(result))
})

async function read(
  bytes: Uint8Array,
  { memoryLimit, ...options }: ReadOptions & Pick<PictureOrder, 'memoryLimit'>,
): Promise<PictureResult> {
  const measuring = setInterval(() => {
    if (process.memoryUsage.rss() > memoryLimit) giveUp(memoryLimit)
  }, MEASURE_INTERVAL)
  try {
    return { pixels: await readPixels(bytes, options) }
  } catch (error) {
    return { failure: reasonOf(error), ends: false }
  } finally {
    clearInterval(measuring)
  }
}

/** Reports that a picture needs too much memory, and ends the process: nothing else frees it. */
function giveUp(memoryLimit: number): void {
  const failure = `decoding it takes more than ${Math.round(memoryLimit / 1e6)} MB of memory`
  const result: PictureResult = { failure, ends: true }
  process.send?.(result, () => process.kill(process.pid, 'SIGKILL'))
}

// Ctrl-C goes to this process too, but Limn still stores the pictures that it has received.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
// An exit would wait for the picture that is being read.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

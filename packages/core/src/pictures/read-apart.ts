import type { PictureOrder, PictureResult } from './picture-process.ts'
import type { Pixels, ReadOptions } from './pixels.ts'
import { createProcessPool } from './process-pool.ts'
import { unreadablePicture } from './unreadable-picture.ts'

/** The most memory that a process may use, bytes: a 200-megapixel AVIF needs 1.3 GB. */
const MEMORY_LIMIT = 2_000_000_000

const pool = createProcessPool<PictureOrder, PictureResult>('pictures/picture-process')

/** Limits of reading one picture. */
export type ReadLimits = {
  /** ms. */
  timeLimit: number
  /** The error if the time is over. */
  tooSlow: () => Error
  /** Bytes. */
  memoryLimit?: number | undefined
  /** Ends the process. */
  signal?: AbortSignal | undefined
}

/**
 * Reads a picture in a separate process, which starts with the first picture and is ended if it
 * takes too long or too much memory.
 *
 * @throws LimnError `picture/unreadable`; the reason of `signal`
 */
export async function readApart(
  bytes: Uint8Array,
  options: ReadOptions,
  { memoryLimit = MEMORY_LIMIT, ...limits }: ReadLimits,
): Promise<Pixels> {
  const result = await pool.run(
    { bytes, memoryLimit, ...options },
    {
      ...limits,
      ended: (cause) => unreadablePicture('the process that reads pictures has ended', cause),
    },
    // A process keeps the memory that a large picture took.
    (read) => options.size === undefined && !('failure' in read && read.ends),
  )
  if ('failure' in result) throw unreadablePicture(result.failure)
  const { data, ...size } = result.pixels
  return { ...size, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
}

import { LimnError } from '../errors.ts'
import { MAX_PIXELS, type Pixels, type ReadOptions, readPixels } from './pixels.ts'
import type { RasterFacts } from './read-facts.ts'
import { reasonOf, unreadablePicture } from './unreadable-picture.ts'

/**
 * Size of the copy that is made of a picture with more than `MAX_PIXELS`, px: twice the largest
 * picture that a model generates, and 4,700 px wide for a photo. Outputs that need more are read
 * from the file.
 */
const COPY_PIXELS = 2 * 8_294_400

/** Time limit in this process, s: a picture of `MAX_PIXELS` takes up to five. */
const SECONDS = 60
/** Time limit of a process for one picture, ms: a 200-megapixel AVIF takes half a minute. */
const TIME_LIMIT = 120_000

/** More scans than any encoder writes. Each one costs the time of the whole picture. */
const MAX_SCANS = 100

/**
 * Decodes a picture that is not an SVG: in this process if its number of pixels bounds time and
 * memory, and otherwise in one that can be ended.
 *
 * @throws LimnError `picture/unreadable`; the reason of `signal`
 */
export async function decodeRaster(
  bytes: Uint8Array,
  facts: RasterFacts,
  signal?: AbortSignal,
): Promise<Pixels> {
  if (!isLarge(facts) && isBounded(bytes, facts)) {
    return readPixels(bytes, { seconds: SECONDS }).catch((error: unknown) => {
      throw error instanceof LimnError ? error : unreadablePicture(reasonOf(error), error)
    })
  }
  return readPart(bytes, isLarge(facts) ? { size: copySize(facts) } : {}, signal)
}

/**
 * Reads a part of a picture, scaled, in a process that can be ended.
 *
 * @throws LimnError `picture/unreadable`; the reason of `signal`
 */
export async function readPart(
  bytes: Uint8Array,
  part: Pick<ReadOptions, 'region' | 'size'>,
  signal?: AbortSignal,
): Promise<Pixels> {
  const { readApart } = await import('./read-apart.ts')
  return readApart(bytes, part, { timeLimit: TIME_LIMIT, tooSlow, signal })
}

function tooSlow(): LimnError {
  return unreadablePicture(
    `decoding it takes more than ${TIME_LIMIT / 1000} s`,
    undefined,
    'Save it again with another program, or scale it down.',
  )
}

/** Returns whether Limn decodes only a smaller copy of a picture. */
export function isLarge({ width, height }: Pick<RasterFacts, 'width' | 'height'>): boolean {
  return width * height > MAX_PIXELS
}

function copySize({ width, height }: RasterFacts): { width: number; height: number } {
  const scale = Math.sqrt(COPY_PIXELS / (width * height))
  return {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
  }
}

/** Formats whose decoders are bounded by the number of pixels. A TIFF may consist of huge tiles. */
const BOUNDED: readonly string[] = ['png', 'jpeg', 'webp', 'avif', 'gif']

/** Longest edge that phones and scanners produce, px: longer rows take much more memory. */
const MAX_EDGE = 65_535

function isBounded(
  bytes: Uint8Array,
  { format, isProgressive, width, height }: RasterFacts,
): boolean {
  return (
    BOUNDED.includes(format) &&
    Math.max(width, height) <= MAX_EDGE &&
    !(format === 'jpeg' && isProgressive && countScans(bytes, MAX_SCANS + 1) > MAX_SCANS)
  )
}

/** Counts the scans of a JPEG, up to a limit. */
function countScans(bytes: Uint8Array, limit: number): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = Buffer.from([0xff, 0xda])
  let count = 0
  for (let at = buffer.indexOf(mark); at >= 0 && count < limit; at = buffer.indexOf(mark, at + 2)) {
    count++
  }
  return count
}

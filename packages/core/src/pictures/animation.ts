import sharp, { type Sharp } from 'sharp'
import { LimnError } from '../errors.ts'
import { isApng, readApng } from './apng.ts'
import { MAX_PIXELS, type Pixels } from './decode.ts'
import { turnFrames } from './turn-frames.ts'
import { reasonOf } from './unreadable-picture.ts'

/** An animated picture. */
export type Animation = {
  /** Duration of each frame, ms. */
  delays: number[]
  /** Number of times that it plays; 0 means forever. */
  loop: number
  /** Reads the frames in order, each as it is shown, upright. */
  frames(): AsyncIterable<Pixels>
}

/** Limits of an animation: each output reads all of it. */
const MAX_FRAMES = 1000
const MAX_FRAME_PIXELS = 500_000_000

/** The most pixels of frames that are decoded at a time. */
const CHUNK_PIXELS: number = MAX_PIXELS / 2
/** Browsers show a frame of at most 10 ms as one of 100 ms. */
const [SHORTEST_DELAY, DEFAULT_DELAY] = [10, 100]

/**
 * Counts the frames of a picture: more than one for an animated GIF, WebP or PNG.
 *
 * @param format as the picture's bytes say
 * @throws LimnError `picture/unreadable` if it is damaged
 */
export async function countFrames(bytes: Uint8Array, format: string): Promise<number> {
  try {
    if (format === 'png') return isApng(bytes) ? readApng(bytes).delays.length : 1
    if (format !== 'gif' && format !== 'webp') return 1
    return (await sharp(bytes).metadata()).pages ?? 1
  } catch (error) {
    throw unreadableFrames(error)
  }
}

/**
 * Reads a GIF, WebP or PNG that is animated.
 *
 * @throws LimnError `picture/unreadable` if it is damaged or too large
 */
export async function readAnimation(bytes: Uint8Array): Promise<Animation> {
  try {
    const animation = isApng(bytes) ? openApng(bytes) : await openPages(bytes)
    const { orientation } = await sharp(bytes).metadata()
    return { ...animation, frames: turnFrames(animation.frames, orientation) }
  } catch (error) {
    throw unreadableFrames(error)
  }
}

function openApng(bytes: Uint8Array): Animation {
  const { width, height, delays, loop, frames } = readApng(bytes)
  requireWithinLimits({ count: delays.length, width, height })
  return { delays: delays.map(delayOf), loop, frames: () => reportingFailures(frames()) }
}

async function openPages(bytes: Uint8Array): Promise<Animation> {
  const { pages: count = 1, delay = [], loop = 0, width, height } = await sharp(bytes).metadata()
  requireWithinLimits({ count, width, height })
  const size = { width, height, count }
  const isSmall = count * width * height <= CHUNK_PIXELS
  let kept: Promise<Pixels[]> | undefined
  return {
    delays: Array.from({ length: count }, (_, index) => delayOf(delay[index])),
    loop,
    async *frames() {
      // Several outputs are cut from the same frames.
      if (isSmall) yield* await (kept ??= collect(decodePages(bytes, size)))
      else yield* reportingFailures(decodePages(bytes, size))
    },
  }
}

function delayOf(delay: number | undefined): number {
  return delay === undefined || delay <= SHORTEST_DELAY ? DEFAULT_DELAY : delay
}

type Pages = { width: number; height: number; count: number }

function requireWithinLimits({ count, width, height }: Pages): void {
  if (count <= MAX_FRAMES && count * width * height <= MAX_FRAME_PIXELS) return
  throw new Error(
    `it has ${count} frames of ${width}x${height} px, and Limn reads at most ${MAX_FRAMES} frames and ${MAX_FRAME_PIXELS / 1e6} megapixels in all`,
  )
}

/** Decodes the frames of a GIF or WebP to 8-bit RGBA, as many at a time as fit the memory. */
async function* decodePages(
  bytes: Uint8Array,
  { width, height, count }: Pages,
): AsyncGenerator<Pixels> {
  const step = Math.max(1, Math.floor(CHUNK_PIXELS / (width * height)))
  const length = width * height * 4
  for (let page = 0; page < count; page += step) {
    const pages = Math.min(step, count - page)
    const data = await sharp(bytes, {
      page,
      pages,
      limitInputPixels: MAX_PIXELS,
      failOn: 'warning',
    })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer()
    for (let index = 0; index < pages; index++) {
      const frame = data.subarray(index * length, (index + 1) * length)
      yield { data: frame, width, height, channels: 4 }
    }
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of reportingFailures(items)) all.push(item)
  return all
}

async function* reportingFailures<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    throw unreadableFrames(error)
  }
}

function unreadableFrames(error: unknown): LimnError {
  return new LimnError(
    'picture/unreadable',
    `The picture's frames can't be read: ${reasonOf(error)}.`,
    { hint: 'Use fewer or smaller frames.', cause: error },
  )
}

/** Joins finished frames, as PNG files, into one animated picture. */
export function joinFrames(frames: readonly Buffer[]): Sharp {
  return sharp([...frames], { join: { animated: true } })
}

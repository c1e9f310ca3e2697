import sharp, { type Sharp } from 'sharp'
import { LimnError } from '../errors.ts'
import { MAX_PIXELS, type Pixels } from './decode.ts'
import { firstLine } from './unreadable-picture.ts'

/** The frames of an animated picture. */
export type Animation = {
  frames: Pixels[]
  /** Duration of each frame, ms. */
  delays: number[]
  /** Number of times that it plays; 0 means forever. */
  loop: number
}

const MAX_FRAMES = 300
/** Duration of a frame that has none, ms. */
const DEFAULT_DELAY = 100

/**
 * Reads the frames of a GIF or WebP; `undefined` if it is not animated.
 *
 * @throws LimnError `picture/unreadable` if it is damaged or too large
 */
export async function readAnimation(bytes: Uint8Array): Promise<Animation | undefined> {
  try {
    const { pages = 1, delay = [], loop = 0, width, height, format } = await sharp(bytes).metadata()
    if (pages < 2 || (format !== 'gif' && format !== 'webp')) return undefined
    if (pages > MAX_FRAMES || pages * width * height > MAX_PIXELS) {
      throw new Error(`it has ${pages} frames of ${width}x${height} px`)
    }
    const data = await decodeFrames(bytes)
    const length = width * height * 4
    const frames = Array.from({ length: pages }, (_, index) => ({
      data: data.subarray(index * length, (index + 1) * length),
      width,
      height,
      channels: 4 as const,
    }))
    return { frames, delays: frames.map((_, index) => delay[index] ?? DEFAULT_DELAY), loop }
  } catch (error) {
    throw new LimnError(
      'picture/unreadable',
      `The picture's frames can't be read: ${firstLine(error)}.`,
      { hint: 'Use fewer or smaller frames.', cause: error },
    )
  }
}

/** Decodes all frames to 8-bit RGBA, one below the other. */
async function decodeFrames(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes, { animated: true, limitInputPixels: MAX_PIXELS, failOn: 'warning' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer()
}

/** Joins finished frames into one animated picture. */
export async function joinFrames(frames: readonly Sharp[]): Promise<Sharp> {
  const pictures = await Promise.all(
    frames.map((frame) => frame.png({ compressionLevel: 1 }).toBuffer()),
  )
  return sharp(pictures, { join: { animated: true } })
}

import sharp, { type Sharp } from 'sharp'
import { LimnError } from '../errors.ts'
import { MAX_PIXELS, type Pixels } from './decode.ts'

/** The frames of a picture that moves. */
export type Animation = {
  frames: Pixels[]
  /** Time that each frame is shown, ms. */
  delays: number[]
  /** Times that it plays; 0 for ever. */
  loop: number
}

/** The most frames that are read. */
const MAX_FRAMES = 300

/**
 * The frames of a GIF or WebP; `undefined` where it stands still.
 *
 * @throws LimnError `picture/unreadable` where it is damaged or too large
 */
export async function readAnimation(bytes: Uint8Array): Promise<Animation | undefined> {
  try {
    const { pages = 1, delay = [], loop = 0, width, height, format } = await sharp(bytes).metadata()
    if (pages < 2 || (format !== 'gif' && format !== 'webp')) return undefined
    if (pages > MAX_FRAMES || pages * width * height > MAX_PIXELS) {
      throw new Error(`it has ${pages} frames of ${width}x${height} px`)
    }
    const { data } = await sharp(bytes, {
      animated: true,
      limitInputPixels: MAX_PIXELS,
      failOn: 'warning',
    })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const length = width * height * 4
    const frames = Array.from({ length: pages }, (_, index) => ({
      data: data.subarray(index * length, (index + 1) * length),
      width,
      height,
      channels: 4 as const,
    }))
    return { frames, delays: frames.map((_, index) => delay[index] ?? 100), loop }
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
    throw new LimnError('picture/unreadable', `The picture's frames can't be read: ${why}.`, {
      hint: 'Generate it again, or choose fewer or smaller frames.',
      cause: error,
    })
  }
}

/** Finished frames as one picture that moves. */
export async function joinFrames(frames: readonly Sharp[]): Promise<Sharp> {
  const pictures = await Promise.all(
    frames.map((frame) => frame.png({ compressionLevel: 1 }).toBuffer()),
  )
  return sharp(pictures, { join: { animated: true } })
}

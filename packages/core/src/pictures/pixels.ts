import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { requireDownloaded, unreadablePicture } from './unreadable-picture.ts'

/** A decoded picture: 8-bit sRGB, rows from top to bottom. Decoded once and shared by all outputs. */
export type Pixels = { data: Buffer; width: number; height: number; channels: 3 | 4 }

/** Pixel limit for decoding: four times the largest picture that a model generates. */
export const MAX_PIXELS: number = 4 * 8_294_400

/**
 * Starts a sharp pipeline from a file's bytes. @throws LimnError `picture/unreadable` if empty, or
 * a pointer of Git LFS or the like
 */
export function openPicture(bytes: Uint8Array, options: SharpOptions = {}): Sharp {
  // sharp throws an error of its own, and synchronously, for an empty buffer.
  if (bytes.length === 0) throw unreadablePicture('it is empty')
  requireDownloaded(bytes)
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, ...options })
}

/**
 * Decodes a picture in this process: never an SVG outside `svg-process.ts`, because nothing can
 * stop it.
 */
export async function readPixels(
  bytes: Uint8Array,
  options: Pick<SharpOptions, 'density'> = {},
): Promise<Pixels> {
  const { data, info } = await openPicture(bytes, { failOn: 'warning', ...options })
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels === 3 || info.channels === 4) {
    return { data, width: info.width, height: info.height, channels: info.channels }
  }
  // A greyscale picture has one channel, or two with alpha.
  const grey = sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  })
  const { data: rgb, info: facts } = await grey
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { data: rgb, width: facts.width, height: facts.height, channels: facts.channels as 3 | 4 }
}

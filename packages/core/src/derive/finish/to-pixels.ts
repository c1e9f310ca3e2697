import type { Sharp } from 'sharp'
import type { Pixels } from '../../pictures/decode.ts'

/** Runs a pipeline, and returns its pixels. */
export async function toPixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: info.channels as 3 | 4 }
}

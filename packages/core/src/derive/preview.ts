import type { Output } from '../manifest/manifest.ts'
import { decode } from '../pictures/decode.ts'
import { drawFrame } from './draw-frame.ts'
import { createRegionFinder } from './find-shown.ts'

/**
 * Cuts a partial to an output's shape, for a page that shows it for a few seconds. Encodes fast,
 * and as WebP whatever the output's format.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function cutPreview(picture: Uint8Array, output: Output): Promise<Buffer> {
  const pixels = await decode(picture)
  const region = await createRegionFinder(pixels, undefined)(output)
  const frame = await drawFrame(pixels, output, { region })
  return frame.webp({ quality: 60, effort: 0 }).toBuffer()
}

import { paint, type PaintOptions } from './compose.ts'
import { encodePng } from './raster/png.ts'

export type { PaintOptions } from './compose.ts'
export type { RawPicture } from './raster/png.ts'

/**
 * A picture for a prompt, as the bytes of a PNG: 8-bit RGBA when `transparent`, else 8-bit RGB.
 * Pure: the same options give the same bytes on every machine. The file holds nothing of the
 * prompt.
 *
 * @throws RangeError if width or height isn't a whole number from 1 to 8192, or an input's data
 *   doesn't fit its size.
 */
export function drawPicture(options: PaintOptions): Uint8Array {
  return encodePng(paint(options), options.transparent)
}

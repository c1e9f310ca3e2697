import { composePicture, type PaintOptions } from './compose.ts'
import { encodePng } from './raster/png.ts'

export type { PaintOptions } from './compose.ts'
export type { RawPicture } from './raster/png.ts'
export { readFont } from './text/font.ts'
export type { Font, Glyph } from './text/font.ts'

/**
 * Draws a picture for a prompt and returns the bytes of a PNG: 8-bit RGBA if `transparent`, else
 * 8-bit RGB. Pure: the same options give the same bytes on every machine. The file holds nothing of
 * the prompt.
 *
 * @throws RangeError if width or height is not an integer from 1 to 8192, or if the data of `base`
 *   or `mask` does not fit its size.
 */
export function drawPicture(options: PaintOptions): Uint8Array {
  return encodePng(composePicture(options), options.transparent)
}

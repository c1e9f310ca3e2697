import type { Output } from '../manifest/manifest.ts'
import { innerSize } from '../manifest/output-size.ts'
import { isLarge, readPart } from '../pictures/decode-raster.ts'
import type { Pixels } from '../pictures/pixels.ts'
import type { Master } from '../pictures/read-master.ts'
import type { Region } from './crop.ts'

type Size = { width: number; height: number }

/** The pixels to cut an output from, and the part of them to show if its `fit` is `cover`. */
type Detail = { pixels: Pixels; region: Region | undefined }

/**
 * Reads the pixels of an output from the file of a large master, of which only a smaller copy is
 * decoded.
 *
 * @param region of the copy that the output shows, px
 * @returns `undefined` if the copy has enough pixels
 * @throws LimnError `picture/unreadable`
 */
export async function readDetail(
  { bytes, format, width, height }: Pick<Master, 'bytes' | 'format' | 'width' | 'height'>,
  output: Output,
  { pixels, region }: Detail,
): Promise<Detail | undefined> {
  if (format === 'svg' || !isLarge({ width, height })) return undefined
  const shown = region ?? { left: 0, top: 0, width: pixels.width, height: pixels.height }
  const needed = scaleTo(innerSize(output), shown, output.fit)
  if (needed <= 1) return undefined
  const toFile = { x: width / pixels.width, y: height / pixels.height }
  const part: Region = {
    left: Math.round(shown.left * toFile.x),
    top: Math.round(shown.top * toFile.y),
    width: Math.min(width, Math.round(shown.width * toFile.x)),
    height: Math.min(height, Math.round(shown.height * toFile.y)),
  }
  part.left = Math.min(part.left, width - part.width)
  part.top = Math.min(part.top, height - part.height)
  const scale = Math.min(1, scaleTo(innerSize(output), part, output.fit))
  const size = {
    width: Math.max(1, Math.round(part.width * scale)),
    height: Math.max(1, Math.round(part.height * scale)),
  }
  const read = await readPart(bytes, { region: part, size })
  return {
    pixels: read,
    region: region && { left: 0, top: 0, width: read.width, height: read.height },
  }
}

/** The factor by which a part of a picture is scaled to an output's size. */
function scaleTo(size: Size, part: Size, fit: Output['fit']): number {
  const scales = [size.width / part.width, size.height / part.height]
  return fit === 'cover' ? Math.max(...scales) : Math.min(...scales)
}

import { thumbHashToRGBA } from 'thumbhash'
import { encodePng } from './providers/local/raster/png.ts'

/** A ThumbHash (base64) as a tiny PNG in a data URL, about 32 px on its long edge. */
export function createPlaceholder(thumbhash: string): string {
  const { w, h, rgba } = thumbHashToRGBA(Buffer.from(thumbhash, 'base64'))
  const isOpaque = rgba.every((value, index) => index % 4 !== 3 || value === 255)
  return `data:image/png;base64,${Buffer.from(encodePng({ width: w, height: h, data: rgba }, !isOpaque)).toString('base64')}`
}

import { encodePng } from '@limn/painter/png'
import { thumbHashToRGBA } from 'thumbhash'

/** Corners of a 2x2 px block, as offsets from its upper left one. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const

/**
 * Draws a ThumbHash (base64) as a PNG data URL. Its long edge is about 16 px: browsers interpolate
 * when they scale it up.
 */
export function drawPlaceholder(thumbhash: string): string {
  const { w, h, rgba } = thumbHashToRGBA(Buffer.from(thumbhash, 'base64'))
  const picture = halve(w, h, rgba)
  const isOpaque = picture.data.every((value, index) => index % 4 !== 3 || value === 255)
  return `data:image/png;base64,${Buffer.from(encodePng(picture, !isOpaque)).toString('base64')}`
}

/** Halves a picture by averaging 2x2 px blocks: a ThumbHash contains no finer detail. */
function halve(
  width: number,
  height: number,
  rgba: Uint8Array,
): { width: number; height: number; data: Uint8Array } {
  const size = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) }
  const data = new Uint8Array(size.width * size.height * 4)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const corners = CORNERS.map(
        ([dx, dy]) =>
          (Math.min(height - 1, 2 * y + dy) * width + Math.min(width - 1, 2 * x + dx)) * 4,
      )
      for (let channel = 0; channel < 4; channel++) {
        data[(y * size.width + x) * 4 + channel] = Math.round(
          corners.reduce((sum, at) => sum + rgba[at + channel]!, 0) / 4,
        )
      }
    }
  }
  return { ...size, data }
}

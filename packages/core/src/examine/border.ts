import type { ExaminedPixels } from './examined-pixels.ts'

export type Edge = 'top' | 'right' | 'bottom' | 'left'

/** A pixel of the border: where its bytes are, and its edge. */
export interface BorderPixel {
  at: number
  edge: Edge
  /** The distance from one pixel to the next one inwards, bytes. */
  inward: number
}

/** Returns the pixels of the border, clockwise from the top left. Corners belong to two edges. */
export function borderOf({
  width,
  height,
}: Pick<ExaminedPixels, 'width' | 'height'>): BorderPixel[] {
  const row = width * 4
  const last = (height - 1) * row
  const pixels: BorderPixel[] = []
  for (let x = 0; x < width; x++) pixels.push({ at: x * 4, edge: 'top', inward: row })
  for (let y = 0; y < height; y++) {
    pixels.push({ at: y * row + row - 4, edge: 'right', inward: -4 })
  }
  for (let x = width - 1; x >= 0; x--) {
    pixels.push({ at: last + x * 4, edge: 'bottom', inward: -row })
  }
  for (let y = height - 1; y >= 0; y--) pixels.push({ at: y * row, edge: 'left', inward: 4 })
  return pixels
}

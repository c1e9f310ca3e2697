import { clipOf } from '../raster/canvas.ts'
import type { Canvas } from '../raster/canvas.ts'
import { flatten } from '../raster/flatten.ts'
import { roundRect } from '../raster/path.ts'

/** Cuts a painted canvas to a rounded card with a small margin. */
export function cutOut(canvas: Canvas): void {
  const { width, height, pixels } = canvas
  const short = Math.min(width, height)
  const margin = short * 0.05
  const shape = roundRect(margin, margin, width - margin * 2, height - margin * 2, short * 0.24)
  const mask = clipOf(canvas, flatten(shape, [1, 0, 0, 1, 0, 0]))
  for (let i = 0; i < mask.length; i++) {
    const share = mask[i]! / 255
    for (let k = i * 4; k < i * 4 + 4; k++) pixels[k] = pixels[k]! * share
  }
}

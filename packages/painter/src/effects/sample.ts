import { clamp } from '../raster/math.ts'
import type { RawPicture } from '../raster/png.ts'

/** Returns the colour and alpha (each 0..1) of a picture between its px; (0, 0) is the first px. */
export function sample(
  { width, height, data }: RawPicture,
  x: number,
  y: number,
): readonly [number, number, number, number] {
  const u = clamp(x, 0, width - 1)
  const v = clamp(y, 0, height - 1)
  const [left, top] = [Math.floor(u), Math.floor(v)]
  const right = Math.min(left + 1, width - 1)
  const bottom = Math.min(top + 1, height - 1)
  const at = (k: number): number => {
    const upper =
      data[(top * width + left) * 4 + k]! * (1 - u + left) +
      data[(top * width + right) * 4 + k]! * (u - left)
    const lower =
      data[(bottom * width + left) * 4 + k]! * (1 - u + left) +
      data[(bottom * width + right) * 4 + k]! * (u - left)
    return (upper * (1 - v + top) + lower * (v - top)) / 255
  }
  return [at(0), at(1), at(2), at(3)]
}

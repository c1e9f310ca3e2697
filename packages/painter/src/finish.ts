import type { Canvas } from './raster/canvas.ts'
import type { RawPicture } from './raster/png.ts'
import { mixBits } from './raster/random.ts'

const TILE = 64
const GRAIN = 1

/** Converts a canvas to bytes, with a faint dither against banding and a sparse grain. */
export function finish(canvas: Canvas, options: { opaque: boolean }): RawPicture {
  const { width, height, pixels } = canvas
  const data = new Uint8Array(width * height * 4)
  const dither = createDither()
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const alpha = options.opaque ? 1 : pixels[i + 3]!
      if (alpha < 0.002) continue
      const shift = dither[(y % TILE) * TILE + (x % TILE)]!
      const gain = 255 / alpha
      const r = pixels[i]! * gain + shift
      const g = pixels[i + 1]! * gain + shift
      const b = pixels[i + 2]! * gain + shift
      data[i] = r < 0 ? 0 : r > 255 ? 255 : r
      data[i + 1] = g < 0 ? 0 : g > 255 ? 255 : g
      data[i + 2] = b < 0 ? 0 : b > 255 ? 255 : b
      data[i + 3] = alpha >= 1 ? 255 : alpha * 255 + 0.5
    }
  }
  return { width, height, data }
}

/**
 * Creates an interleaved gradient: neighbours differ as much as possible, and rows repeat so that
 * the file stays small.
 */
function createDither(): Float32Array {
  const table = new Float32Array(TILE * TILE)
  for (let y = 0; y < TILE; y++) {
    for (let x = 0; x < TILE; x++) {
      let rank = 0
      for (let bit = 0; bit < 2; bit++) {
        const u = (x >> bit) & 1
        const v = (y >> bit) & 1
        rank = rank * 4 + ((u ^ v) * 2 + v)
      }
      const speck = mixBits(Math.imul(x, 7349) ^ Math.imul(y, 9151)) / 4294967296
      table[y * TILE + x] =
        0.5 + ((rank + 0.5) / 16 - 0.5) * 0.98 + (speck > 0.96 ? GRAIN : speck < 0.04 ? -GRAIN : 0)
    }
  }
  return table
}

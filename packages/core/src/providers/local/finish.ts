import type { RawPicture } from './raster/png.ts'
import type { Canvas } from './raster/canvas.ts'
import { mixBits } from './raster/random.ts'

const TILE = 64

/** A canvas as bytes, with a faint dither against banding and a sparse grain. Colour is un-premultiplied. */
export function finish(canvas: Canvas, options: { grain: number; opaque: boolean }): RawPicture {
  const { width, height, pixels } = canvas
  const data = new Uint8Array(width * height * 4)
  const dither = createDither(options.grain)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const alpha = options.opaque ? 1 : pixels[i + 3]!
      if (alpha < 0.002) continue
      const shift = dither[(y % TILE) * TILE + (x % TILE)]!
      const gain = 255 / alpha
      for (let k = 0; k < 3; k++) {
        const value = Math.floor(pixels[i + k]! * gain + shift)
        data[i + k] = value < 0 ? 0 : value > 255 ? 255 : value
      }
      data[i + 3] = Math.min(255, Math.round(alpha * 255))
    }
  }
  return { width, height, data }
}

// Interleaved gradient: neighbours differ as much as they can, and rows repeat so that the file stays small.
function createDither(grain: number): Float32Array {
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
      table[y * TILE + x] = 0.5 + ((rank + 0.5) / 16 - 0.5) * 0.98 + (speck > 0.94 ? grain : speck < 0.06 ? -grain : 0)
    }
  }
  return table
}

import type { RawPicture } from '../raster/png.ts'

const LEVELS = 11

/** Reduces a picture to few tones and hard edges, like an old console. */
export function quantize(picture: RawPicture): RawPicture {
  const step = 255 / LEVELS
  const data = picture.data.map((value, i) =>
    i % 4 === 3 ? (value > 110 ? 255 : 0) : Math.round(Math.round(value / step) * step),
  )
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 0) data.fill(0, i, i + 3)
  return { ...picture, data }
}

/** Enlarges a picture to `width` by `height` px: each px becomes a square of `factor` px. */
export function enlarge(
  small: RawPicture,
  width: number,
  height: number,
  factor: number,
): RawPicture {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(y / factor) * small.width
    for (let x = 0; x < width; x++, to += 4) {
      const from = (row + Math.floor(x / factor)) * 4
      for (let k = 0; k < 4; k++) data[to + k] = small.data[from + k]!
    }
  }
  return { width, height, data }
}

import { hex } from '../raster/color.ts'
import { createFbm } from '../raster/noise.ts'
import type { RawPicture } from '../raster/png.ts'
import type { Random } from '../raster/random.ts'
import { isBrightAt, isSkyAt } from './find-sky.ts'
import type { Sky } from './find-sky.ts'
import { addSpot, blend } from './spot.ts'

const SNOW = hex('#f7fafe')
const RAIN = hex('#d5e0ec')

/** Adds snow: a layer on what rises into the sky, and flakes before the picture. */
export function addSnow(
  picture: RawPicture,
  sky: Sky | null,
  kept: Float32Array,
  random: Random,
): void {
  if (sky !== null) addCaps(picture, sky, kept, random)
  const { width, height } = picture
  const unit = Math.min(width, height) / 100
  const area = (width * height) / (unit * unit)
  for (const [share, from, to, opacity] of [
    [0.016, 0.25, 0.45, 0.75],
    [0.006, 0.5, 0.85, 0.85],
    [0.0012, 1.1, 1.9, 0.6],
  ] as const) {
    for (let i = 0; i < area * share; i++) {
      const place = { x: random.next() * width, y: random.next() * height }
      const radius = Math.max(0.6, random.range(from, to) * unit)
      addSpot(picture, kept, { ...place, radius, opacity, blur: to > 1 ? 0.8 : 0.35 }, SNOW)
    }
  }
}

/** Lays snow on every outline below the sky, except on clouds. */
function addCaps(
  { width, height, data }: RawPicture,
  sky: Sky,
  kept: Float32Array,
  random: Random,
): void {
  const unit = Math.min(width, height) / 100
  const uneven = createFbm(random.int(0, 1e9), 2)
  for (let x = 0; x < width; x++) {
    const depth = unit * (1.1 + uneven(x / unit / 3, 0) * 2.4)
    for (let y = 1; y < height; y++) {
      const u = (x + 0.5) / width
      if (!isSkyAt(sky, u, (y - 0.5) / height) || isSkyAt(sky, u, (y + 0.5) / height)) continue
      if (isBrightAt(sky, u, (y + unit) / height)) continue
      for (let d = 0; d < depth && y + d < height; d++) {
        const fade = 1 - (d / depth) * (d / depth)
        blend(data, kept, (y + d) * width + x, SNOW, fade * 0.92)
      }
    }
  }
}

/** Adds streaks of rain before the picture. */
export function addRain(picture: RawPicture, kept: Float32Array, random: Random): void {
  const { width, height, data } = picture
  const unit = Math.min(width, height) / 100
  const count = Math.round(((width * height) / (unit * unit)) * 0.02)
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.next() * width * 1.1, random.next() * height]
    const length = random.range(3, 8) * unit
    const opacity = random.range(0.16, 0.42)
    for (let d = 0; d < length; d++) {
      const [px, py] = [Math.floor(x - d * 0.2), Math.floor(y + d)]
      if (px < 0 || px >= width || py >= height) continue
      blend(data, kept, py * width + px, RAIN, opacity)
    }
  }
}

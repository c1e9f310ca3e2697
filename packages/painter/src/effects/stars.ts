import { hex } from '../raster/color.ts'
import type { RawPicture } from '../raster/png.ts'
import type { Random } from '../raster/random.ts'
import { isSkyAt } from './find-sky.ts'
import type { Sky } from './find-sky.ts'
import { addSpot } from './spot.ts'

const MOON = hex('#f7f1d8')
const GLOW = hex('#b9cdf0')

/** Adds stars to the sky of a picture and, at night, a moon unless something like it is there. */
export function addStars(
  picture: RawPicture,
  sky: Sky,
  kept: Float32Array,
  random: Random,
  night: boolean,
): void {
  const { width, height } = picture
  const unit = Math.min(width, height) / 100
  const count = Math.round(((width * height) / (unit * unit)) * (night ? 0.014 : 0.004))
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.next(), random.next() * 0.75]
    const size = random.range(0.12, 0.34)
    const opacity = random.range(0.35, 0.95) * (1 - y * 0.6)
    if (!isSkyAt(sky, x, y)) continue
    const radius = Math.max(0.55, size * unit)
    addSpot(picture, kept, { x: x * width, y: y * height, radius, opacity, blur: 0.3 }, [1, 1, 1])
  }
  if (night && !sky.sun) addMoon(picture, sky, kept, random)
}

function addMoon(picture: RawPicture, sky: Sky, kept: Float32Array, random: Random): void {
  const { width, height } = picture
  const short = Math.min(width, height)
  const radius = short * 0.052
  const side = random.chance(0.5)
  for (const share of [0.8, 0.72, 0.62, 0.5]) {
    for (const x of side ? [share, 1 - share] : [1 - share, share]) {
      const y = 0.2
      const [dx, dy] = [(radius * 1.9) / width, (radius * 1.9) / height]
      const free = [
        [0, 0],
        [dx, 0],
        [-dx, 0],
        [0, dy],
        [0, -dy],
      ].every(([ax, ay]) => isSkyAt(sky, x + ax!, y + ay!))
      if (!free) continue
      const place = { x: x * width, y: y * height }
      addSpot(picture, kept, { ...place, radius: radius * 3.4, opacity: 0.34, blur: 1 }, GLOW)
      addSpot(picture, kept, { ...place, radius, opacity: 1, blur: 0.04 }, MOON)
      const crater = { x: place.x - radius * 0.3, y: place.y + radius * 0.15 }
      addSpot(
        picture,
        kept,
        { ...crater, radius: radius * 0.26, opacity: 0.22, blur: 0.3 },
        hex('#b8ab86'),
      )
      return
    }
  }
}

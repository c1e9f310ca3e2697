import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { toPixels } from './to-pixels.ts'

/** Radius below which a blur is invisible, px. */
const MIN_RADIUS = 0.3

/** Blurs a picture. @param radius standard deviation as in CSS, px */
export async function blur(pixels: Pixels, radius: number): Promise<Pixels> {
  return radius < MIN_RADIUS ? pixels : toPixels(fromPixels(pixels).blur(radius))
}

import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { toPixels } from './to-pixels.ts'

/** Sharpens a picture. @param strength standard deviation of the mask, 0.3 to 10 */
export function sharpen(pixels: Pixels, strength: number): Promise<Pixels> {
  return toPixels(fromPixels(pixels).sharpen({ sigma: strength }))
}

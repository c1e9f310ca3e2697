import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { toPixels } from './to-pixels.ts'

/** Replaces the hue of a picture by that of a colour. The lightness of each pixel stays. */
export function tint(pixels: Pixels, colour: string): Promise<Pixels> {
  return toPixels(fromPixels(pixels).tint(colour))
}

import type { Pixels } from '../../pictures/decode.ts'
import { mapTones, parseColour } from './tones.ts'

/** Draws a picture in two colours: that of its darkest pixels, and that of its lightest. */
export function duotone(pixels: Pixels, [dark, light]: readonly [string, string]): Pixels {
  return mapTones(pixels, parseColour(dark), parseColour(light))
}

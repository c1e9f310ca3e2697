import type { Pixels } from '../../pictures/decode.ts'
import { mapTones } from './tones.ts'

/** Removes the colour of a picture. */
export function grayscale(pixels: Pixels): Pixels {
  return mapTones(pixels, [0, 0, 0], [255, 255, 255])
}

import type { Pixels } from '../../pictures/decode.ts'
import { insidePadding, maskCorners } from './mask-corners.ts'

/** Rounds the corners of a picture, inside its padding. @param radius px */
export function round(pixels: Pixels, radius: number, padding: number): Promise<Pixels> {
  return maskCorners(pixels, { ...insidePadding(pixels, padding), radius })
}

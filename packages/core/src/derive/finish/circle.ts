import type { Pixels } from '../../pictures/decode.ts'
import { insidePadding, maskCorners } from './mask-corners.ts'

/** Cuts the largest circle out of the middle of a picture, inside its padding. */
export function circle(pixels: Pixels, padding: number): Promise<Pixels> {
  const inside = insidePadding(pixels, padding)
  const edge = Math.min(inside.width, inside.height)
  return maskCorners(pixels, { width: edge, height: edge, radius: edge / 2 })
}

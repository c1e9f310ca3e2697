import type { Turn } from '../../manifest/finish.ts'
import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { toPixels } from './to-pixels.ts'

/** Turns a picture clockwise. */
export function rotate(pixels: Pixels, degrees: Turn): Promise<Pixels> {
  return toPixels(fromPixels(pixels).rotate(degrees))
}

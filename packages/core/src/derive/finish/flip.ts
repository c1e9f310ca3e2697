import type { Flip } from '../../manifest/finish.ts'
import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { toPixels } from './to-pixels.ts'

/** Mirrors a picture: `horizontal` swaps left and right. */
export function flip(pixels: Pixels, direction: Flip): Promise<Pixels> {
  return toPixels(
    fromPixels(pixels)
      .flop(direction !== 'vertical')
      .flip(direction !== 'horizontal'),
  )
}

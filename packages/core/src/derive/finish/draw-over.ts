import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { toPixels } from './to-pixels.ts'

/** Draws a layer of the same size over a picture. */
export function drawOver(pixels: Pixels, layer: Pixels): Promise<Pixels> {
  const { data, width, height } = layer
  return toPixels(
    fromPixels(pixels).composite([{ input: data, raw: { width, height, channels: 4 } }]),
  )
}

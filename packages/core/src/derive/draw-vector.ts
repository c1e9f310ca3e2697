import type { Output } from '../manifest/manifest.ts'
import { fitInside, innerSize, sizeOfOutput } from '../manifest/output-size.ts'
import type { Size } from '../models/size.ts'
import type { Pixels } from '../pictures/pixels.ts'
import type { ViewBox } from '../pictures/svg-size.ts'
import type { Vector } from '../pictures/vector.ts'
import type { Region } from './crop.ts'

/** A part of a preview of an SVG, and the size of that preview, px. */
type Crop = { region: Region; within: Size }

/**
 * Draws an SVG for an output at exactly the size that it has there, so that nothing is scaled.
 *
 * @param crop the part that the output shows; `undefined` unless the output is a crop
 * @throws LimnError `picture/unreadable`
 */
export async function drawFor(
  vector: Vector,
  output: Output,
  crop: Crop | undefined,
): Promise<Pixels> {
  const { width, height, padding, fit } = output
  if (crop !== undefined && padding === 0) {
    return vector.render({ width, height }, { region: cropOf(vector, output, crop) })
  }
  return fit === 'inside'
    ? vector.render(sizeOfOutput(output, { ...vector, isVector: true }))
    : vector.render(fitInside(vector, innerSize(output)))
}

/** Returns the part of an SVG with exactly the shape of an output, where the preview's part is. */
function cropOf(vector: Size, { width, height }: Size, { region, within }: Crop): ViewBox {
  const scale = Math.min(vector.width / width, vector.height / height)
  const part = { width: width * scale, height: height * scale }
  return {
    ...part,
    x: (vector.width - part.width) * shareBefore(region.left, within.width - region.width),
    y: (vector.height - part.height) * shareBefore(region.top, within.height - region.height),
  }
}

/** Returns which share of the spare pixels precedes a part. Equal shapes differ by rounding only. */
function shareBefore(offset: number, spare: number): number {
  return spare <= 1 ? 0.5 : offset / spare
}

import type { Output } from '../manifest/manifest.ts'
import { fitInside, innerSize } from '../manifest/output-size.ts'
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
 * @param crop the part that the output shows; `undefined` for all of it
 * @throws LimnError `picture/unreadable`
 */
export async function drawFor(
  vector: Vector,
  output: Output,
  crop: Crop | undefined,
): Promise<Pixels> {
  const { width, height, padding, fit, finish } = output
  if (crop !== undefined && padding === 0 && fit === 'cover') {
    const region = finish?.trim === undefined ? cropOf(vector, output, crop) : partOf(vector, crop)
    return vector.render({ width, height }, { region })
  }
  const region = crop && partOf(vector, crop)
  return vector.render(fitInside(region ?? vector, innerSize(output)), { region })
}

/** Returns the part of an SVG that is a region of its preview. */
function partOf(vector: Size, { region, within }: Crop): ViewBox {
  const [x, y] = [vector.width / within.width, vector.height / within.height]
  return {
    x: region.left * x,
    y: region.top * y,
    width: region.width * x,
    height: region.height * y,
  }
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

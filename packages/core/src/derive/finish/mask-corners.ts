import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { toPixels } from './to-pixels.ts'

/** A rectangle with round corners in the middle of a picture, px. */
type Shape = { width: number; height: number; radius: number }

/** Makes everything outside a shape transparent, with smooth edges. */
export async function maskCorners(pixels: Pixels, shape: Shape): Promise<Pixels> {
  const { data, width, height } = await toPixels(fromPixels(pixels).ensureAlpha())
  const radius = Math.min(shape.radius, shape.width / 2, shape.height / 2)
  const [inner, outer] = [shape.width / 2 - radius, shape.height / 2 - radius]
  const masked = Buffer.from(data)
  for (let y = 0; y < height; y++) {
    const down = Math.abs(y + 0.5 - height / 2) - outer
    for (let x = 0; x < width; x++) {
      const across = Math.abs(x + 0.5 - width / 2) - inner
      // Signed distance to the edge of the shape, px: the mask fades over one pixel.
      const distance =
        Math.hypot(Math.max(across, 0), Math.max(down, 0)) +
        Math.min(Math.max(across, down), 0) -
        radius
      if (distance <= -0.5) continue
      const at = (y * width + x) * 4 + 3
      masked[at] = Math.round(data[at]! * Math.max(0, 0.5 - distance))
    }
  }
  return { data: masked, width, height, channels: 4 }
}

/** Returns the size of a picture inside its padding, px. */
export function insidePadding(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  padding: number,
): { width: number; height: number } {
  return {
    width: width - 2 * Math.round(width * padding),
    height: height - 2 * Math.round(height * padding),
  }
}

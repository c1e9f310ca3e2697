import type { Color } from '../raster/color.ts'
import { smoothstep } from '../raster/math.ts'
import type { RawPicture } from '../raster/png.ts'

/** A soft disc. Lengths in px. */
interface Spot {
  readonly x: number
  readonly y: number
  readonly radius: number
  /** 0..1. */
  readonly opacity: number
  /** Share of the radius that is blurred, 0..1. */
  readonly blur: number
}

/** Paints a soft disc where the picture may change; `kept` is 1 where it may not. */
export function addSpot(
  { width, height, data }: RawPicture,
  kept: Float32Array,
  { x, y, radius, opacity, blur }: Spot,
  color: Color,
): void {
  const reach = radius + 0.7
  for (let py = Math.max(0, Math.floor(y - reach)); py < Math.min(height, y + reach); py++) {
    for (let px = Math.max(0, Math.floor(x - reach)); px < Math.min(width, x + reach); px++) {
      const dx = px + 0.5 - x
      const dy = py + 0.5 - y
      const distance = Math.sqrt(dx * dx + dy * dy)
      const inner = Math.min(radius * (1 - blur), radius - 0.7)
      const share = (1 - smoothstep(inner, reach, distance)) * opacity
      blend(data, kept, py * width + px, color, share)
    }
  }
}

/** Mixes a colour into a px where the picture may change. */
export function blend(
  data: Uint8Array,
  kept: Float32Array,
  px: number,
  color: Color,
  share: number,
): void {
  const strength = share * (1 - kept[px]!)
  if (strength <= 0) return
  for (let k = 0; k < 3; k++) {
    const i = px * 4 + k
    data[i] = Math.round(data[i]! + (color[k]! * 255 - data[i]!) * strength)
  }
}

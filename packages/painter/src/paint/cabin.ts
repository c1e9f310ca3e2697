import { darken, hex, lighten } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { ellipse, line, polygon, rect } from '../raster/path.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

/** Where a cabin stands, its width and its colours. */
interface Cabin {
  x: number
  y: number
  w: number
  wall: Color
  roof: Color
}

/** Paints a small gabled house that stands at (x, y), `w` units wide. */
export function paintCabin(stage: Stage, { x, y, w, wall, roof }: Cabin): void {
  const { pen, light } = stage
  const h = w * 0.52
  const body = tone(stage, wall)
  const top = tone(stage, roof)
  const glass = light.time === 'day' ? tone(stage, hex('#6c8ea3')) : light.lamp
  pen.fill(
    rect(x - w / 2, y - h, w, h),
    linear(x - w / 2, 0, x + w / 2, 0, [
      [0, darken(body, 0.35)],
      [1, body],
    ]),
  )
  pen.fill(rect(x + w * 0.26, y - h * 2.05, w * 0.1, h * 0.7), darken(body, 0.45))
  pen.fill(
    polygon([
      [x - w * 0.6, y - h * 0.95],
      [x - w * 0.36, y - h * 1.75],
      [x + w * 0.36, y - h * 1.75],
      [x + w * 0.6, y - h * 0.95],
    ]),
    linear(0, y - h * 1.8, 0, y - h, [
      [0, lighten(top, 0.12)],
      [1, darken(top, 0.2)],
    ]),
  )
  for (const wx of [-0.3, 0.12]) {
    pen.fill(rect(x + w * wx, y - h * 0.72, w * 0.16, h * 0.36), glass)
    pen.stroke(
      line([
        [x + w * (wx + 0.08), y - h * 0.72],
        [x + w * (wx + 0.08), y - h * 0.36],
      ]),
      w * 0.012,
      darken(body, 0.6),
    )
  }
  pen.fill(rect(x - w * 0.08, y - h * 0.66, w * 0.15, h * 0.66), darken(top, 0.5))
  if (light.time !== 'day') {
    pen.fill(
      ellipse(x, y - h * 0.5, w * 1.2, w * 0.7),
      radial(x, y - h * 0.5, w * 0.9, [
        [0, light.lamp, 0.3],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
  }
}

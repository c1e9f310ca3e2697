import { darken, lighten } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { ellipse, rect, roundRect } from '../raster/path.ts'
import type { Stage } from './painter.ts'

/** Where a gift stands, its size and its colours. */
interface Gift {
  x: number
  y: number
  scale: number
  color: Color
  ribbon: Color
}

/** Paints a gift box with a ribbon that stands at (x, y), about 25 `scale` units high. */
export function paintGift({ pen }: Stage, { x, y, scale, color, ribbon }: Gift): void {
  pen.soft(ellipse(x, y, 12 * scale, 1.8 * scale), 1.4, darken(color, 0.9), { opacity: 0.3 })
  pen.at({ x, y, scale }, () => {
    pen.fill(
      rect(-10, -15, 20, 15),
      linear(-10, 0, 10, 0, [
        [0, lighten(color, 0.14)],
        [1, darken(color, 0.26)],
      ]),
    )
    pen.fill(
      roundRect(-11.4, -19, 22.8, 5, 0.8),
      linear(-11, 0, 11, 0, [
        [0, lighten(color, 0.26)],
        [1, darken(color, 0.1)],
      ]),
    )
    pen.fill(rect(-1.8, -19, 3.6, 19), ribbon)
    for (const side of [-1, 1]) {
      pen.fill(
        `M0 -19C${side * 3} -27 ${side * 10} -27 ${side * 9} -22.6C${side * 8} -19.4 ${side * 4} -18.8 0 -19Z`,
        side < 0 ? ribbon : darken(ribbon, 0.14),
      )
    }
  })
}

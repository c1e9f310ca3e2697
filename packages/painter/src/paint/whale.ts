import { darken, hex, lighten } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, line } from '../raster/path.ts'
import type { Stage } from './painter.ts'

/** Paints a whale about (x, y) that faces right. */
export function paintWhale({ pen }: Stage, x: number, y: number): void {
  const blue = hex('#3f6fa8')
  pen.at({ x, y, scale: 1.1 }, () => {
    pen.fill(
      'M-34 4C-42 -2 -46 -10 -50 -10C-50 -4 -47 0 -44 3C-48 5 -51 8 -52 13C-46 13 -39 10 -34 7Z',
      darken(blue, 0.25),
    )
    const body =
      'M36 0C35 -14 20 -19 4 -17C-14 -15 -26 -6 -36 5C-24 12 -10 16 6 15.4C24 15 36 10 36 0Z'
    pen.fill(
      body,
      linear(0, -18, 0, 16, [
        [0, lighten(blue, 0.2)],
        [1, darken(blue, 0.3)],
      ]),
    )
    pen.clip(body, () => {
      pen.fill('M38 3C24 7 8 6 -4 9C-12 11 -18 12 -26 14L0 22L40 18Z', hex('#dfeef2'))
      for (let i = 0; i < 6; i++) {
        pen.stroke(
          `M34 ${6 + i * 1.7}C22 ${9 + i * 1.6} 12 ${9 + i * 1.4} 2 ${11 + i * 1.2}`,
          0.4,
          hex('#8fb3c9'),
        )
      }
    })
    pen.fill('M10 9C8 18 0 25 -8 26C-8 20 -4 12 2 8Z', darken(blue, 0.34))
    pen.fill(circle(23, -1, 1.2), hex('#12203a'))
    pen.stroke(
      line([
        [36, 2],
        [26, 4],
      ]),
      0.4,
      hex('#24406b'),
    )
  })
}

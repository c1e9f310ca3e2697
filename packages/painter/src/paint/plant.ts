import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { ellipse, roundRect } from '../raster/path.ts'
import type { Stage } from './painter.ts'

/** Paints a potted plant with broad leaves that stands at (x, y). */
export function paintPlant({ pen, studio }: Stage, x: number, y: number, scale: number): void {
  const green = mix(hex('#3f8263'), studio.accents[2], 0.16)
  const pot = mix(hex('#d6906a'), studio.ground, 0.2)
  pen.soft(ellipse(x, y, 10 * scale, 1.6 * scale), 1.4, studio.ink, { opacity: 0.35 })
  pen.at({ x, y, scale }, () => {
    for (let i = 0; i < 9; i++) {
      const turn = (i - 4) * 0.062
      pen.at({ x: 0, y: -13, turn, scale: 1 - Math.abs(i - 4) * 0.05 }, () => {
        const leaf = 'M0 0L-0.4 -15C-8 -19 -7 -32 0 -40C7 -32 8 -19 0.4 -15Z'
        pen.fill(
          leaf,
          linear(-6, 0, 6, 0, [
            [0, darken(green, 0.34 - (i % 3) * 0.1)],
            [0.5, green],
            [0.51, lighten(green, 0.1)],
            [1, lighten(green, 0.22)],
          ]),
        )
      })
    }
    pen.fill(
      'M-8.6 -15H8.6L6.6 0.4H-6.6Z',
      linear(-8, 0, 8, 0, [
        [0, lighten(pot, 0.3)],
        [1, darken(pot, 0.3)],
      ]),
    )
    pen.fill(
      roundRect(-9.4, -16.4, 18.8, 3.6, 1),
      linear(-9, 0, 9, 0, [
        [0, lighten(pot, 0.4)],
        [1, darken(pot, 0.16)],
      ]),
    )
  })
}

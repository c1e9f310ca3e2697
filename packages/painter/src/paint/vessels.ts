import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, line, rect, ring, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { rounded, steam } from './thing-painter.ts'

/** Paints a mug of coffee. */
export function paintMug(pen: Pen, color: Color): void {
  const inner = darken(color, 0.45)
  pen.stroke(
    'M19 -34C33 -37 36 -15 18 -11',
    5,
    linear(18, 0, 34, 0, [
      [0, darken(color, 0.5)],
      [1, darken(color, 0.12)],
    ]),
  )
  pen.stroke('M19.4 -35C31 -37 34 -20 24 -13.6', 1, lighten(color, 0.5), { opacity: 0.5 })
  pen.fill(
    'M-21 -42C-21 -14 -20 -8 -17 -3.4C-13 1.6 13 1.6 17 -3.4C20 -8 21 -14 21 -42Z',
    rounded(-21, 21, color),
  )
  pen.fill(ellipse(0, -42, 21, 5.4), lighten(color, 0.22))
  pen.fill(ellipse(0, -41.6, 19.2, 4.4), inner)
  pen.clip(ellipse(0, -41.6, 19.2, 4.4), () =>
    pen.fill(
      ellipse(0, -38.6, 18, 4),
      linear(-18, 0, 18, 0, [
        [0, hex('#5a3423')],
        [1, hex('#8a5636')],
      ]),
    ),
  )
  pen.fill('M-16.4 -34C-16.8 -22 -16 -13 -14.2 -8C-12.8 -13 -13.4 -24 -13.4 -34Z', [1, 1, 1], {
    opacity: 0.3,
  })
  for (const [x, lean] of [
    [-5, -3],
    [4, 3],
  ] as const) {
    pen.soft(steam(x, lean), 1.3, [1, 1, 1], { opacity: 0.4 })
  }
}

/** Paints a bottle with a label. */
export function paintBottle(pen: Pen, color: Color, accent: Color): void {
  pen.fill(
    'M-12 -2C-12 1 12 1 12 -2V-42C12 -49 6 -51 6 -57H-6C-6 -51 -12 -49 -12 -42Z',
    rounded(-12, 12, color),
  )
  pen.fill(roundRect(-7, -66, 14, 10, 2), rounded(-7, 7, mix(accent, hex('#2b2b35'), 0.3)))
  for (const x of [-4, -1, 2, 5]) {
    pen.stroke(
      line([
        [x, -65],
        [x, -57.4],
      ]),
      0.35,
      [0, 0, 0],
      { opacity: 0.25 },
    )
  }
  pen.fill(
    'M-12 -34Q0 -31.6 12 -34V-15Q0 -12.6 -12 -15Z',
    rounded(-12, 12, mix(color, [1, 1, 1], 0.82)),
  )
  pen.fill(circle(0, -25.4, 4.2), accent)
  pen.fill('M-4.2 -25.4L0 -29L4.2 -25.4Q0 -21 -4.2 -25.4Z', lighten(accent, 0.35))
  pen.fill(roundRect(-6, -19.4, 12, 1.1, 0.5), darken(color, 0.2), { opacity: 0.6 })
  pen.fill(roundRect(-9, -44, 2, 40, 1), [1, 1, 1], { opacity: 0.4 })
}

/** Paints a flask of perfume. */
export function paintPerfume(pen: Pen, color: Color, accent: Color): void {
  pen.fill(roundRect(-19, -40, 38, 40, 6), rounded(-19, 19, mix(color, [1, 1, 1], 0.42)))
  pen.fill(
    roundRect(-15, -36, 30, 32, 4),
    linear(0, -36, 0, -4, [
      [0, mix(color, [1, 1, 1], 0.62)],
      [0.35, mix(color, [1, 1, 1], 0.5)],
      [0.36, color],
      [1, darken(color, 0.22)],
    ]),
  )
  pen.fill(roundRect(-9, -26, 18, 13, 1), mix(color, [1, 1, 1], 0.9))
  pen.fill(ring(0, -20.4, 3.2, 2.5), darken(color, 0.4))
  pen.fill(rect(-4, -16, 8, 0.7), darken(color, 0.4), { opacity: 0.7 })
  pen.fill(rect(-5, -45, 10, 5.4), rounded(-5, 5, hex('#e2bd77')))
  pen.fill(roundRect(-9, -60, 18, 15.6, 3), rounded(-9, 9, mix(accent, hex('#2c2836'), 0.55)))
  pen.fill('M-16 -34L-10 -36L-14 -6L-16 -7Z', [1, 1, 1], { opacity: 0.45 })
}

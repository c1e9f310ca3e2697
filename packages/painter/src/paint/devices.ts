import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { STEEL } from './materials.ts'
import { rounded } from './thing-painter.ts'

/** Paints a wristwatch. */
export function paintWatch(pen: Pen, color: Color, accent: Color): void {
  pen.fill('M-9 -44L-7.6 -66H7.6L9 -44Z', rounded(-9, 9, color))
  pen.fill('M-9 -18L-7.6 0H7.6L9 -18Z', rounded(-9, 9, color))
  pen.fill(roundRect(17, -33, 4.6, 5, 1.2), STEEL)
  pen.fill(
    circle(0, -31, 18.6),
    linear(-14, -46, 14, -16, [
      [0, [1, 1, 1]],
      [1, darken(STEEL, 0.4)],
    ]),
  )
  pen.fill(
    circle(0, -31, 15.8),
    radial(-4, -36, 22, [
      [0, lighten(hex('#24304a'), 0.16)],
      [1, hex('#141b2e')],
    ]),
  )
  for (let i = 0; i < 12; i++) {
    pen.at({ x: 0, y: -31, turn: i / 12 }, () =>
      pen.fill(rect(-0.4, -14, 0.8, i % 3 === 0 ? 3 : 1.7), [1, 1, 1], { opacity: 0.9 }),
    )
  }
  paintHands(pen, accent)
  pen.fill(
    'M-11 -42C-7 -46 -1 -46.6 3 -46C-4 -42 -9 -36 -11.6 -29C-14.6 -33 -14 -38 -11 -42Z',
    [1, 1, 1],
    { opacity: 0.15 },
  )
}

function paintHands(pen: Pen, accent: Color): void {
  pen.stroke(
    line([
      [0, -31],
      [-5.4, -36.4],
    ]),
    1.5,
    [1, 1, 1],
  )
  pen.stroke(
    line([
      [0, -31],
      [8.6, -37],
    ]),
    1,
    [1, 1, 1],
  )
  pen.stroke(
    line([
      [0, -29],
      [1.6, -19.6],
    ]),
    0.5,
    accent,
  )
  pen.fill(circle(0, -31, 1.3), accent)
}

/** Paints headphones. */
export function paintHeadphones(pen: Pen, color: Color, accent: Color): void {
  pen.stroke(
    'M-21 -22C-25 -66 25 -66 21 -22',
    5.4,
    linear(0, -58, 0, -20, [
      [0, lighten(color, 0.2)],
      [1, darken(color, 0.3)],
    ]),
  )
  pen.stroke('M-12 -49.6C-6 -55 6 -55 12 -49.6', 3, mix(accent, color, 0.3))
  for (const side of [-1, 1]) {
    pen.fill(roundRect(side * 16 - 5, -31, 10, 29, 5), darken(accent, 0.4))
    pen.fill(
      roundRect(side * 22 - 6.4, -33, 12.8, 33, 6.4),
      rounded(side * 22 - 6.4, side * 22 + 6.4, color),
    )
    pen.fill(roundRect(side * 22.6 - 3, -26, 6, 19, 3), darken(color, 0.28), { opacity: 0.7 })
    pen.fill(circle(side * 22.6, -16.5, 1.6), accent)
  }
}

/** Paints a phone. */
export function paintPhone(pen: Pen, color: Color, accent: Color): void {
  pen.fill(roundRect(-16, -66, 32, 66, 5.4), rounded(-16, 16, mix(color, hex('#22242e'), 0.4)))
  pen.fill(
    roundRect(-14.4, -64.4, 28.8, 62.8, 4.2),
    linear(-14, -64, 14, -2, [
      [0, lighten(color, 0.4)],
      [0.5, color],
      [1, accent],
    ]),
  )
  pen.fill(roundRect(-4, -63, 8, 2, 1), hex('#171a24'))
  pen.fill(circle(0, -40, 9), [1, 1, 1], { opacity: 0.22 })
  pen.fill(roundRect(-10, -24, 20, 8, 2.4), [1, 1, 1], { opacity: 0.85 })
  pen.fill(roundRect(-10, -13, 20, 6, 2.4), [1, 1, 1], { opacity: 0.4 })
  pen.fill(
    polygon([
      [-14, -64],
      [2, -64],
      [-14, -26],
    ]),
    [1, 1, 1],
    { opacity: 0.12 },
  )
}

/** Paints an open laptop. */
export function paintLaptop(pen: Pen, color: Color, accent: Color): void {
  pen.fill(roundRect(-34, -49, 68, 45, 3), hex('#2a2d3a'))
  pen.fill(
    rect(-31, -46, 62, 38),
    linear(-31, -46, 31, -8, [
      [0, lighten(color, 0.5)],
      [1, color],
    ]),
  )
  for (const [y, w] of [
    [-38, 26],
    [-33, 34],
    [-28, 20],
    [-20, 30],
    [-15, 24],
  ] as const) {
    pen.fill(roundRect(-26, y, w, 2, 1), [1, 1, 1], { opacity: 0.75 })
  }
  pen.fill(roundRect(12, -40, 14, 24, 2), accent, { opacity: 0.9 })
  pen.fill(
    'M-36 -5H36L42 -1.4C42 0.4 41 0.6 39 0.6H-39C-41 0.6 -42 0.4 -42 -1.4Z',
    linear(0, -5, 0, 0, [
      [0, lighten(STEEL, 0.5)],
      [1, darken(STEEL, 0.2)],
    ]),
  )
}

/** Paints a camera. */
export function paintCamera(pen: Pen, color: Color, accent: Color): void {
  pen.fill(roundRect(-10, -43, 20, 10, 3), darken(color, 0.1))
  pen.fill(roundRect(-29, -36, 58, 36, 5), rounded(-29, 29, color))
  pen.fill(rect(-29, -29, 58, 19), mix(hex('#33313b'), color, 0.2))
  pen.fill(
    circle(0, -18, 15),
    linear(-10, -30, 10, -6, [
      [0, lighten(STEEL, 0.5)],
      [1, darken(STEEL, 0.5)],
    ]),
  )
  pen.fill(circle(0, -18, 12.4), hex('#20222c'))
  pen.fill(
    circle(0, -18, 8.6),
    radial(-3, -21, 12, [
      [0, hex('#7fa6d8')],
      [0.5, hex('#2c3f74')],
      [1, hex('#141a33')],
    ]),
  )
  pen.fill(ellipse(-3.4, -21.6, 2.2, 1.6), [1, 1, 1], { opacity: 0.8 })
  pen.fill(roundRect(18, -34, 7, 4, 1), hex('#cfe4f4'))
  pen.fill(circle(-20, -37.4, 3), accent)
}

import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { WOOD } from './materials.ts'
import { rounded } from './thing-painter.ts'

/** Paints a lit table lamp. */
export function paintLamp(pen: Pen, color: Color): void {
  pen.fill(
    circle(0, -38, 44),
    radial(0, -34, 44, [
      [0, hex('#ffdf9a'), 0.6],
      [1, hex('#ffdf9a'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(ellipse(0, -1.4, 13, 2.6), rounded(-13, 13, WOOD))
  pen.fill('M-1.4 -38H1.4V-2H-1.4Z', rounded(-2, 2, WOOD))
  pen.fill(circle(0, -20, 5.4), rounded(-6, 6, lighten(WOOD, 0.1)))
  pen.fill(
    'M-10 -64H10L20 -36Q0 -32 -20 -36Z',
    linear(-20, 0, 20, 0, [
      [0, darken(color, 0.22)],
      [0.4, mix(lighten(color, 0.5), hex('#ffe2a3'), 0.4)],
      [1, darken(color, 0.2)],
    ]),
  )
  pen.fill(ellipse(0, -35.4, 19.6, 2.4), hex('#fff1c9'))
}

/** Paints an armchair. */
export function paintChair(pen: Pen, color: Color): void {
  for (const [x, lean] of [
    [-17, -5],
    [17, 5],
    [-10, -2],
    [10, 2],
  ] as const) {
    pen.fill(
      polygon([
        [x - 1.6, -18],
        [x + 1.6, -18],
        [x + lean + 1, 0],
        [x + lean - 1, 0],
      ]),
      darken(WOOD, Math.abs(x) > 12 ? 0 : 0.35),
    )
  }
  pen.fill(
    'M-19 -58C-10 -64 10 -64 19 -58C22 -48 21 -36 19 -26H-19C-21 -36 -22 -48 -19 -58Z',
    linear(0, -62, 0, -24, [
      [0, lighten(color, 0.16)],
      [1, darken(color, 0.22)],
    ]),
  )
  pen.fill(roundRect(-24, -42, 8, 22, 4), rounded(-24, -16, color))
  pen.fill(roundRect(16, -42, 8, 22, 4), rounded(16, 24, color))
  pen.fill(
    roundRect(-18, -31, 36, 14, 5),
    linear(0, -31, 0, -17, [
      [0, lighten(color, 0.28)],
      [1, darken(color, 0.16)],
    ]),
  )
}

/** Paints a sofa with two cushions. */
export function paintSofa(pen: Pen, color: Color, accent: Color): void {
  for (const x of [-36, 33]) pen.fill(rect(x, -6, 3, 6), darken(WOOD, 0.3))
  pen.fill(
    roundRect(-37, -36, 74, 32, 7),
    linear(0, -36, 0, -4, [
      [0, lighten(color, 0.1)],
      [1, darken(color, 0.3)],
    ]),
  )
  for (const x of [-30, 0.5]) {
    pen.fill(
      roundRect(x, -33, 29.5, 19, 5),
      linear(0, -33, 0, -14, [
        [0, lighten(color, 0.2)],
        [1, color],
      ]),
    )
  }
  for (const x of [-31, 0.5]) {
    pen.fill(
      roundRect(x, -17, 30.5, 11, 4),
      linear(0, -17, 0, -6, [
        [0, lighten(color, 0.3)],
        [1, darken(color, 0.12)],
      ]),
    )
  }
  for (const x of [-42, 30]) {
    pen.fill(
      roundRect(x, -25, 12, 21, 5),
      linear(0, -25, 0, -4, [
        [0, lighten(color, 0.24)],
        [1, darken(color, 0.26)],
      ]),
    )
  }
  pen.at({ x: -22, y: -20, turn: -0.03 }, () =>
    pen.fill(roundRect(-7, -7, 14, 13, 3.4), rounded(-7, 7, accent)),
  )
  pen.at({ x: 21, y: -20, turn: 0.03 }, () =>
    pen.fill(roundRect(-6, -6, 13, 12, 3.4), rounded(-7, 7, mix(accent, [1, 1, 1], 0.55))),
  )
}

/** Paints a vase of flowers. */
export function paintVase(pen: Pen, color: Color, accent: Color): void {
  const green = hex('#5d8a63')
  for (const [x, y, bend] of [
    [-11, -62, -4],
    [0, -70, 1],
    [11, -60, 5],
  ] as const) {
    pen.stroke(`M0 -34Q${bend} -46 ${x} ${y}`, 0.9, green)
    pen.fill(`M${x * 0.6} ${y * 0.8}q${bend * 1.4 - 5} -3 -8 -8q7 0 8 8Z`, green)
    for (let i = 0; i < 6; i++) {
      pen.at({ x, y, turn: i / 6 }, () =>
        pen.fill(ellipse(0, -3.2, 2, 3.2), i % 2 === 0 ? accent : lighten(accent, 0.2)),
      )
    }
    pen.fill(circle(x, y, 1.7), hex('#f7cf63'))
  }
  pen.fill(
    'M-6 -36H6C5 -30 15 -26 15 -15C15 -5 9 0 0 0C-9 0 -15 -5 -15 -15C-15 -26 -5 -30 -6 -36Z',
    rounded(-15, 15, color),
  )
  pen.fill(ellipse(0, -36, 6, 1.3), darken(color, 0.5))
}

/** Paints a lit candle in a glass. */
export function paintCandle(pen: Pen, color: Color, accent: Color): void {
  pen.fill(
    circle(0, -40, 30),
    radial(0, -40, 30, [
      [0, hex('#ffdc94'), 0.75],
      [1, hex('#ffdc94'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill('M-15 -30V-4C-15 1.4 15 1.4 15 -4V-30Z', rounded(-15, 15, color))
  pen.fill(ellipse(0, -30, 15, 3.8), lighten(color, 0.5))
  pen.fill(roundRect(-8, -21, 16, 13, 1.4), [1, 1, 1], { opacity: 0.85 })
  pen.fill(circle(0, -14.6, 2.6), accent)
  pen.stroke(
    line([
      [0, -30],
      [0, -34],
    ]),
    0.7,
    hex('#3a2a2a'),
  )
  pen.fill(
    'M0 -46C4 -40 4 -34 0 -32.6C-4 -34 -4 -40 0 -46Z',
    linear(0, -46, 0, -33, [
      [0, hex('#ffb347')],
      [1, hex('#fff3c4')],
    ]),
  )
}

/** Paints a stack of three books. */
export function paintBook(pen: Pen, color: Color, accent: Color): void {
  const books = [
    [0, 46, 10, color],
    [-3, 40, 8, accent],
    [2, 36, 7, mix(color, hex('#f3e3c4'), 0.55)],
  ] as const
  let y = 0
  for (const [dx, w, h, cover] of books) {
    y -= h
    pen.fill(
      roundRect(dx - w / 2, y, w, h, 1.6),
      linear(0, y, 0, y + h, [
        [0, lighten(cover, 0.14)],
        [1, darken(cover, 0.25)],
      ]),
    )
    pen.fill(rect(dx - w / 2 + 4, y + 1.4, w - 3.6, h - 2.8), hex('#fbf3e2'))
    pen.fill(rect(dx - w / 2 + 4, y + h * 0.45, w - 3.6, 0.4), hex('#d8c9ac'))
    pen.fill(roundRect(dx - w / 2, y, 7, h, 1.6), darken(cover, 0.15))
  }
}

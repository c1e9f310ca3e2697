import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import type { Gradient } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, ring, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Noun } from '../scene/read-words.ts'
import { paintShoes } from './shoes.ts'

/** Draws a thing standing on the origin, some 60 units high, in its colour with one to go with it. */
export type ThingPainter = (pen: Pen, color: Color, accent: Color) => void

/** A round body's light: from a highlight at the left to shade at the right. */
export function rounded(left: number, right: number, color: Color): Gradient {
  const pale = luma(color) > 0.8
  return linear(left, 0, right, 0, [
    [0, darken(color, pale ? 0.1 : 0.22)],
    [0.2, lighten(color, pale ? 0.5 : 0.34)],
    [0.5, color],
    [1, darken(color, pale ? 0.26 : 0.5)],
  ])
}

/** A wisp of steam rising from (x, -46). */
export function steam(x: number, lean: number): string {
  return `M${x - 1.2} -46C${x + lean * 1.6} -52 ${x - lean * 2} -57 ${x + lean * 0.4} -67C${x - lean * 0.6} -57 ${x + lean * 3} -52 ${x + 1.4} -46Z`
}

const WOOD = hex('#c48a55')
const STEEL = hex('#c5ccd6')

function mug(pen: Pen, color: Color): void {
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

function bottle(pen: Pen, color: Color, accent: Color): void {
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

function perfume(pen: Pen, color: Color, accent: Color): void {
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

function bag(pen: Pen, color: Color, accent: Color): void {
  pen.stroke('M-11 -36C-11 -60 11 -60 11 -36', 2.6, darken(color, 0.4))
  pen.fill(
    'M-22 -38H22L26 -3C26 -0.4 25 0.4 22 0.4H-22C-25 0.4 -26 -0.4 -26 -3Z',
    rounded(-26, 26, color),
  )
  pen.fill(
    'M-22 -38H22L23.2 -28C10 -18 -10 -18 -23.2 -28Z',
    linear(0, -38, 0, -20, [
      [0, lighten(color, 0.18)],
      [1, darken(color, 0.16)],
    ]),
  )
  pen.stroke('M-22.6 -30C-10 -20.4 10 -20.4 22.6 -30', 0.4, lighten(color, 0.6), { opacity: 0.6 })
  pen.fill(roundRect(-4, -26, 8, 7.4, 1.6), hex('#e2b75f'))
  pen.fill(circle(0, -22.4, 1.3), darken(hex('#e2b75f'), 0.5))
  pen.fill(circle(-11, -35.6, 1.6), hex('#e2b75f'))
  pen.fill(circle(11, -35.6, 1.6), hex('#e2b75f'))
  pen.fill('M15 -24C19 -18 20 -12 18 -7C15 -11 14 -17 15 -24Z', accent)
}

function watch(pen: Pen, color: Color, accent: Color): void {
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
  pen.fill(
    'M-11 -42C-7 -46 -1 -46.6 3 -46C-4 -42 -9 -36 -11.6 -29C-14.6 -33 -14 -38 -11 -42Z',
    [1, 1, 1],
    { opacity: 0.15 },
  )
}

function headphones(pen: Pen, color: Color, accent: Color): void {
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

function lamp(pen: Pen, color: Color): void {
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

function chair(pen: Pen, color: Color): void {
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

function sofa(pen: Pen, color: Color, accent: Color): void {
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

function phone(pen: Pen, color: Color, accent: Color): void {
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

function laptop(pen: Pen, color: Color, accent: Color): void {
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

function camera(pen: Pen, color: Color, accent: Color): void {
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

function vase(pen: Pen, color: Color, accent: Color): void {
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

function candle(pen: Pen, color: Color, accent: Color): void {
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

function tshirt(pen: Pen, color: Color): void {
  pen.fill(
    'M-9 -60L-20 -56L-32 -42L-23 -33L-18 -38V0H18V-38L23 -33L32 -42L20 -56L9 -60C5 -54 -5 -54 -9 -60Z',
    linear(-26, 0, 26, 0, [
      [0, darken(color, 0.16)],
      [0.35, lighten(color, 0.14)],
      [1, darken(color, 0.22)],
    ]),
  )
  pen.stroke('M-9 -60C-5 -53.6 5 -53.6 9 -60', 1.6, darken(color, 0.3))
  pen.fill('M-18 -38C-14 -28 -15 -12 -18 0H-13C-11 -14 -12 -30 -18 -38Z', darken(color, 0.5), {
    opacity: 0.18,
  })
  pen.fill('M18 -38C14 -28 12 -14 14 0H18Z', darken(color, 0.5), { opacity: 0.2 })
}

function book(pen: Pen, color: Color, accent: Color): void {
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

/** What can be drawn of products. */
export const PRODUCT_PAINTERS: Readonly<Partial<Record<Noun, ThingPainter>>> = {
  mug,
  bottle,
  perfume,
  shoe: paintShoes,
  bag,
  watch,
  headphones,
  lamp,
  chair,
  sofa,
  phone,
  laptop,
  camera,
  vase,
  candle,
  tshirt,
  book,
}

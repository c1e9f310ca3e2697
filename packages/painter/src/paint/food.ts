import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Noun } from '../scene/read-words.ts'
import { rounded, steam } from './thing-painter.ts'
import type { ThingPainter } from './thing-painter.ts'

const CREAM = hex('#fff6ea')

/** Paints a tiered cake on a stand, with lit candles. */
export function paintCake(pen: Pen, color: Color, accent: Color): void {
  pen.fill('M-5 -8H5L9 0.4H-9Z', rounded(-9, 9, hex('#f1ece4')))
  pen.fill(
    ellipse(0, -8, 35, 3.8),
    linear(-35, 0, 35, 0, [
      [0, hex('#ffffff')],
      [1, hex('#cfc6bd')],
    ]),
  )
  const tiers = [
    [28, -8, 22, color],
    [19, -30, 18, CREAM],
  ] as const
  for (const [r, y, h, tint] of tiers) paintTier(pen, { r, y, h, tint, accent })
  for (const [i, x] of [-10, -3.4, 3.4, 10].entries()) {
    paintCandle(pen, i, x, accent)
  }
}

/** A round layer of a cake that stands on `y`. */
interface Tier {
  r: number
  y: number
  h: number
  tint: Color
  accent: Color
}

function paintTier(pen: Pen, { r, y, h, tint, accent }: Tier): void {
  pen.fill(`M${-r} ${y}V${y - h}H${r}V${y}Q0 ${y + r * 0.16} ${-r} ${y}Z`, rounded(-r, r, tint))
  pen.fill(ellipse(0, y - h, r, r * 0.14), lighten(tint, 0.45))
  const icing = tint === CREAM ? accent : CREAM
  const drips = 7
  let path = `M${-r - 0.4} ${y - h}`
  for (let i = 0; i < drips; i++) {
    const x = -r - 0.4 + ((i + 1) * (r * 2 + 0.8)) / drips
    const w = (r * 2) / drips
    const d = y - h + 3.6 + ((i * 5) % 3) * 2.2
    path += `V${d}C${x - w} ${d + 3} ${x} ${d + 3} ${x} ${d}`
  }
  pen.fill(`${path}V${y - h}Q0 ${y - h - r * 0.28} ${-r - 0.4} ${y - h}Z`, rounded(-r, r, icing))
  for (let i = 0; i < 6; i++) {
    pen.fill(
      circle(-r * 0.8 + i * r * 0.32, y - 3.4 + (i % 2) * 0.6, 1.3),
      i % 2 === 0 ? accent : hex('#f6c453'),
    )
  }
}

function paintCandle(pen: Pen, i: number, x: number, accent: Color): void {
  const top = -61 - (i === 1 || i === 2 ? 2 : 0)
  pen.fill(roundRect(x - 1, top, 2, 13, 0.6), i % 2 === 0 ? accent : hex('#5fb3c4'))
  for (let k = 0; k < 3; k++) {
    pen.stroke(
      line([
        [x - 0.9, top + 3 + k * 3.4],
        [x + 0.9, top + 1.8 + k * 3.4],
      ]),
      0.5,
      [1, 1, 1],
      { opacity: 0.8 },
    )
  }
  pen.fill(
    circle(x, top - 3, 6),
    radial(x, top - 3, 6, [
      [0, hex('#ffe7a0'), 0.85],
      [1, hex('#ffe7a0'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(
    `M${x} ${top - 6.4}C${x + 2} ${top - 3.4} ${x + 1.6} ${top - 0.8} ${x} ${top - 0.6}C${x - 1.6} ${top - 0.8} ${x - 2} ${top - 3.4} ${x} ${top - 6.4}Z`,
    linear(0, top - 6, 0, top, [
      [0, hex('#ff9f3f')],
      [1, hex('#fff2b8')],
    ]),
  )
}

function paintCoffee(pen: Pen, color: Color, accent: Color): void {
  pen.fill(
    ellipse(0, -2.6, 33, 6),
    linear(-33, 0, 33, 0, [
      [0, lighten(CREAM, 0.5)],
      [1, darken(CREAM, 0.2)],
    ]),
  )
  pen.fill(ellipse(0, -3.6, 22, 3.4), darken(CREAM, 0.16))
  pen.stroke('M19 -28C33 -31 32 -11 14 -11', 3.6, darken(color, 0.3))
  pen.fill('M-23 -33C-22 -14 -15 -4 -9 -4H9C15 -4 22 -14 23 -33Z', rounded(-23, 23, color))
  pen.fill(ellipse(0, -33, 23, 6.4), lighten(color, 0.4))
  pen.fill(
    ellipse(0, -32.8, 20.6, 5.2),
    linear(-20, 0, 20, 0, [
      [0, hex('#6b3f27')],
      [1, hex('#a56a3f')],
    ]),
  )
  pen.clip(ellipse(0, -32.8, 20.6, 5.2), () => {
    pen.fill(
      'M0 -29C-11 -31 -9 -37 -4 -36.4C-1.6 -36.2 0 -35 0 -34C0 -35 1.6 -36.2 4 -36.4C9 -37 11 -31 0 -29Z',
      hex('#f6dfc0'),
    )
    pen.fill(
      'M0 -30.6C-6 -31.6 -5.4 -34.6 -3 -34.4C-1.4 -34.2 0 -33.4 0 -32.6C0 -33.4 1.4 -34.2 3 -34.4C5.4 -34.6 6 -31.6 0 -30.6Z',
      hex('#9a6138'),
    )
  })
  pen.fill('M-17 -26C-16 -18 -13 -12 -10 -9C-11.4 -14 -12.6 -20 -13 -26Z', [1, 1, 1], {
    opacity: 0.32,
  })
  for (const [x, lean] of [
    [-5, -3],
    [5, 3],
  ] as const) {
    pen.soft(steam(x, lean), 1.3, [1, 1, 1], { opacity: 0.4 })
  }
  for (const [x, y, t] of [
    [-30, 1, 0.1],
    [-36, -2, 0.4],
    [33, 1.6, 0.2],
  ] as const) {
    pen.at({ x, y, turn: t }, () => {
      pen.fill(ellipse(0, 0, 3.2, 2.1), mix(hex('#5a3321'), accent, 0.08))
      pen.stroke('M-3 0Q0 1 3 0', 0.45, hex('#3a2015'))
    })
  }
}

function paintFruit(pen: Pen, color: Color): void {
  const ball = (x: number, y: number, r: number, tint: Color): void => {
    pen.fill(
      circle(x, y, r),
      radial(x - r * 0.35, y - r * 0.4, r * 1.5, [
        [0, lighten(tint, 0.45)],
        [0.45, tint],
        [1, darken(tint, 0.55)],
      ]),
    )
    pen.stroke(`M${x} ${y - r * 0.86}q0.4 -3 2 -4.4`, 1, hex('#6b4630'))
  }
  ball(0, -34, 11, hex('#f0a23a'))
  ball(-14, -26, 12, color)
  ball(14, -26, 12, hex('#8fb84e'))
  pen.fill('M2 -46C6 -52 13 -52 16 -49C13 -45 7 -43 2 -46Z', hex('#5d9a57'))
  for (const [x, y] of [
    [-28, -23],
    [-31, -19],
    [-26, -18],
    [28, -22],
    [31, -18],
    [26, -17],
  ] as const) {
    ball(x, y, 4.4, hex('#7b4a9c'))
  }
  pen.fill(
    'M-36 -20H36C35 -7 24 -1 12 0.4H-12C-24 -1 -35 -7 -36 -20Z',
    rounded(-36, 36, hex('#eee4d6')),
  )
  pen.fill('M-35 -14Q0 -8 35 -14L34 -11Q0 -5 -34 -11Z', mix(color, hex('#4f7d98'), 0.6))
}

function paintIceCream(pen: Pen, color: Color, accent: Color): void {
  const cone = polygon([
    [-13, -34],
    [13, -34],
    [0, 0],
  ])
  pen.fill(cone, rounded(-13, 13, hex('#e0a562')))
  pen.clip(cone, () => {
    for (let i = -6; i < 8; i++) {
      for (const d of [-1, 1]) {
        pen.stroke(
          line([
            [i * 5 - d * 20, -40],
            [i * 5 + d * 20, 0],
          ]),
          0.6,
          hex('#b5773c'),
          { opacity: 0.7 },
        )
      }
    }
  })
  for (const [x, y, tint] of [
    [-8, -41, color],
    [8, -41, CREAM],
    [0, -54, accent],
  ] as const) {
    pen.fill(
      circle(x, y, 11),
      radial(x - 4, y - 5, 17, [
        [0, lighten(tint, 0.5)],
        [0.5, tint],
        [1, darken(tint, 0.3)],
      ]),
    )
    pen.fill(ellipse(x, y + 8, 11.4, 3.4), lighten(tint, 0.1))
  }
  pen.fill(circle(1, -67, 3.6), hex('#d9344a'))
  pen.stroke('M2 -70q2 -5 6 -6', 0.7, hex('#5a7a3c'))
}

function paintBowl(pen: Pen, color: Color, accent: Color): void {
  pen.fill(ellipse(0, -30, 32, 9), hex('#f4ead8'))
  pen.fill(ellipse(0, -30, 29, 7.6), hex('#d98b4a'))
  pen.clip(ellipse(0, -31, 29, 8.6), () => {
    for (let i = 0; i < 8; i++) {
      pen.stroke(
        `M${-24 + i * 4} -24C${-28 + i * 5} -32 ${-14 + i * 5} -38 ${-8 + i * 5} -28`,
        1.7,
        i % 2 === 0 ? hex('#f8dc98') : hex('#efc877'),
      )
    }
    pen.fill(ellipse(-13, -32, 7.4, 4.4), CREAM)
    pen.fill(ellipse(-13, -32, 3.8, 2.6), hex('#f6a62f'))
    for (let i = 0; i < 9; i++) {
      pen.fill(
        ellipse(8 + (i % 3) * 4, -34 + Math.floor(i / 3) * 2.4, 1.7, 1),
        i % 2 === 0 ? hex('#5fa052') : hex('#8fc46a'),
      )
    }
  })
  pen.fill(
    'M-33 -30C-31 -12 -20 -3 -12 -2H12C20 -3 31 -12 33 -30Q0 -15 -33 -30Z',
    rounded(-33, 33, color),
  )
  pen.fill('M-31 -22Q0 -8 31 -22L30 -19Q0 -5.4 -30 -19Z', mix(accent, CREAM, 0.3))
  pen.fill(rect(-12, -2.6, 24, 3), darken(color, 0.4))
  for (const d of [0, 3]) {
    pen.stroke(
      line([
        [10 + d, -31],
        [38 + d, -58],
      ]),
      1.3,
      hex('#7a4a32'),
    )
  }
  for (const [x, lean] of [
    [-10, -3],
    [2, 3],
  ] as const) {
    pen.soft(steam(x, lean), 1.3, [1, 1, 1], { opacity: 0.4 })
  }
}

/** The painter and the default colour of each dish. */
export const FOOD_PAINTERS: Readonly<Partial<Record<Noun, readonly [ThingPainter, Color]>>> = {
  cake: [paintCake, hex('#f3a0b4')],
  coffee: [paintCoffee, hex('#f6efe4')],
  fruit: [paintFruit, hex('#d94a3f')],
  icecream: [paintIceCream, hex('#f3a7bd')],
  food: [paintBowl, hex('#c9473f')],
}

import { darken, hex, lighten } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, star } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Stage } from './painter.ts'

const GOLD = hex('#f3c35c')
const SKIN = hex('#f2c6a2')
const BEARD = hex('#f3f1f5')

/** Paints a wizard on the origin, about 106 units high. */
export function paintWizard({ pen }: Stage, robe: Color): void {
  paintStaff(pen)
  paintRobe(pen, robe)
  paintFace(pen)
  paintHat(pen, robe)
}

function paintStaff(pen: Pen): void {
  pen.stroke(
    line([
      [23, 1],
      [23, -66],
    ]),
    2,
    hex('#7d5638'),
  )
  pen.fill(
    circle(23, -71, 14),
    radial(23, -71, 14, [
      [0, hex('#8ff0ff'), 0.7],
      [1, hex('#8ff0ff'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(
    star(23, -71, 2, 7, 3.4),
    linear(20, -78, 26, -64, [
      [0, hex('#e3fdff')],
      [1, hex('#4fc7e8')],
    ]),
  )
}

function paintRobe(pen: Pen, robe: Color): void {
  pen.fill(
    'M0 -50C9 -50 13 -44 15 -34C18 -20 21 -8 22 0.6H-22C-21 -8 -18 -20 -15 -34C-13 -44 -9 -50 0 -50Z',
    linear(-18, 0, 20, 0, [
      [0, darken(robe, 0.5)],
      [0.55, robe],
      [1, lighten(robe, 0.18)],
    ]),
  )
  pen.fill('M-22 0.6L-21 -4.4H21L22 0.6Z', GOLD)
  for (const [x, y, r] of [
    [-11, -14, 1.8],
    [10, -20, 1.5],
    [-6, -26, 1.1],
    [13, -10, 1.3],
  ] as const) {
    pen.fill(star(x, y, 5, r, r * 0.45), GOLD)
  }
  pen.fill('M13 -43C20 -40 25 -34 26 -27L20.6 -24C18 -30 14 -33 10 -35Z', robe)
  pen.fill('M-13 -43C-20 -38 -23 -28 -20 -21L-13.6 -23C-14 -29 -12 -33 -10 -36Z', darken(robe, 0.4))
  pen.fill(circle(23, -26.4, 3.4), SKIN)
  pen.fill(circle(-16.6, -21.4, 3.2), darken(SKIN, 0.15))
}

function paintFace(pen: Pen): void {
  pen.fill(
    'M0 -76C12 -76 16 -68 16 -62C16 -52 10 -46 0 -46C-10 -46 -16 -52 -16 -62C-16 -68 -12 -76 0 -76Z',
    SKIN,
  )
  for (const side of [-1, 1]) {
    pen.fill(ellipse(side * 6.4, -62, 1.7, 2.2), hex('#2c2440'))
    pen.fill(circle(side * 6.4 + 0.5, -62.8, 0.6), [1, 1, 1])
    pen.fill(
      `M${side * 2.6} -66Q${side * 7} -69.6 ${side * 11} -65.4Q${side * 7} -66.6 ${side * 2.6} -66Z`,
      BEARD,
    )
    pen.fill(circle(side * 10.4, -58, 2.3), hex('#ec6f62'), { opacity: 0.35 })
  }
  pen.fill(
    'M-16 -60C-14 -55 -7 -56 -4 -57.6Q0 -55.6 4 -57.6C7 -56 14 -55 16 -60C17 -44 10 -34 0 -26C-10 -34 -17 -44 -16 -60Z',
    linear(-12, 0, 14, 0, [
      [0, darken(BEARD, 0.18)],
      [1, BEARD],
    ]),
  )
  pen.fill(ellipse(0, -58.4, 2.5, 2), darken(SKIN, 0.12))
}

function paintHat(pen: Pen, robe: Color): void {
  pen.fill(ellipse(0, -70, 24, 5.4), darken(robe, 0.3))
  pen.fill(
    'M-15 -71C-11 -86 -6 -98 4 -106C9 -104 12 -100 12.4 -97C8 -98 6 -97 6.6 -94C10 -86 13 -79 15 -71Q0 -65.6 -15 -71Z',
    linear(-12, 0, 14, 0, [
      [0, darken(robe, 0.4)],
      [0.6, robe],
      [1, lighten(robe, 0.2)],
    ]),
  )
  pen.fill('M-15.4 -71L-14 -75.4Q0 -70.4 14 -75.4L15.4 -71Q0 -65.6 -15.4 -71Z', GOLD)
}

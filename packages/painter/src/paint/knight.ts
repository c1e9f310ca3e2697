import { darken, hex, lighten } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import type { Gradient } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect, star } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Stage } from './painter.ts'

const STEEL = hex('#c9d3e0')
const GOLD = hex('#f0bd53')
const CAPE = hex('#c43f4a')

/** Paints a knight on the origin, about 95 units high. */
export function paintKnight({ pen }: Stage, armour: Color): void {
  paintCape(pen)
  paintSword(pen)
  for (const side of [-1, 1]) paintLeg(pen, armour, side)
  paintBreastplate(pen, armour)
  for (const side of [-1, 1]) paintArm(pen, armour, side)
  paintShield(pen, armour)
  paintHelmet(pen, armour)
}

/** Returns the light on a piece of armour. */
function plate(armour: Color): Gradient {
  const deep = darken(armour, 0.5)
  return linear(-16, 0, 16, 0, [
    [0, deep],
    [0.45, armour],
    [0.75, lighten(armour, 0.38)],
    [1, armour],
  ])
}

function paintCape(pen: Pen): void {
  pen.fill(
    'M-13 -42C-22 -30 -26 -14 -24 -5C-18 -1 -12 -7 -6 -3C2 -8 10 -1 17 -5C21 -10 20 -28 13 -42Z',
    linear(0, -42, 0, 0, [
      [0, darken(CAPE, 0.45)],
      [1, CAPE],
    ]),
  )
}

function paintLeg(pen: Pen, armour: Color, side: number): void {
  pen.fill(roundRect(side * 7 - 4.6, -20, 9.2, 18, 3), plate(armour))
  pen.fill(
    `M${side * 7 - 5.4} 0.4V-4C${side * 7 - 5} -6.4 ${side * 7 + 5} -6.4 ${side * 7 + 6.4} -3V0.4Z`,
    darken(armour, 0.3),
  )
  pen.fill(ellipse(side * 7, -13.4, 5, 3.2), GOLD)
}

function paintBreastplate(pen: Pen, armour: Color): void {
  const chest =
    'M-15 -43C-8 -47 8 -47 15 -43C16 -34 14.6 -24 12.4 -16H-12.4C-14.6 -24 -16 -34 -15 -43Z'
  pen.fill(chest, plate(armour))
  pen.fill('M-12.4 -20H12.4L13 -15.4H-13Z', hex('#6f4a34'))
  pen.fill(roundRect(-3, -20.8, 6, 6, 1.2), GOLD)
  pen.fill(
    'M0 -42L5.6 -37.6V-31C5.6 -27.4 2.6 -25 0 -23.6C-2.6 -25 -5.6 -27.4 -5.6 -31V-37.6Z',
    GOLD,
  )
  pen.fill('M0 -39.6L3.6 -36.6V-31C3.6 -28.6 1.6 -26.8 0 -25.8Z', darken(GOLD, 0.25))
}

function paintArm(pen: Pen, armour: Color, side: number): void {
  const deep = darken(armour, 0.5)
  pen.stroke(
    line([
      [side * 16, -38],
      [side * 21, -30],
      [side * 22, -24],
    ]),
    7,
    side > 0 ? armour : deep,
  )
  pen.fill(circle(side * 22, -22.6, 4.4), side > 0 ? lighten(armour, 0.2) : armour)
  pen.fill(
    ellipse(side * 16.4, -41, 7.6, 6.4),
    linear(side * 16 - 7, -46, side * 16 + 7, -36, [
      [0, lighten(armour, 0.34)],
      [1, deep],
    ]),
  )
  pen.stroke(
    `M${side * 16.4 - 6.8} -38.6Q${side * 16.4} -34.4 ${side * 16.4 + 6.8} -38.6`,
    1.1,
    GOLD,
  )
}

function paintHelmet(pen: Pen, armour: Color): void {
  const deep = darken(armour, 0.5)
  const helm =
    'M0 -86C13 -86 19 -77 19 -65C19 -54 14 -45 0 -45C-14 -45 -19 -54 -19 -65C-19 -77 -13 -86 0 -86Z'
  pen.fill('M0 -84C-2 -94 -12 -98 -21 -95C-15 -92 -14 -88 -13.4 -80Z', CAPE)
  pen.fill('M0 -84C-2 -91 -10 -94.6 -17 -93.6C-11 -90 -9 -87 -8 -81Z', lighten(CAPE, 0.25))
  pen.fill(
    helm,
    linear(-19, -80, 19, -52, [
      [0, deep],
      [0.4, armour],
      [0.72, lighten(armour, 0.42)],
      [1, armour],
    ]),
  )
  pen.clip(helm, () => {
    pen.fill(
      'M-20 -67C-10 -71 10 -71 20 -67V-57C10 -53.6 3 -54 0 -51C-3 -54 -10 -53.6 -20 -57Z',
      hex('#1a2036'),
    )
    for (const side of [-1, 1]) {
      pen.fill(ellipse(side * 8, -62, 2.6, 3.2), hex('#fff6df'))
      pen.fill(ellipse(side * 8 + 0.4, -61.8, 1.4, 2), hex('#2a3558'))
    }
    pen.fill(rect(-1.6, -87, 3.2, 22), GOLD)
    for (let i = -2; i <= 2; i++) pen.fill(circle(i * 4, -49.4, 0.7), deep)
  })
  pen.stroke('M-18.6 -67.4C-10 -71.4 10 -71.4 18.6 -67.4', 1.5, GOLD)
}

function paintSword(pen: Pen): void {
  pen.at({ x: 24, y: -22, turn: 0.03 }, () => {
    pen.fill(
      polygon([
        [-2.3, -6],
        [2.3, -6],
        [2.3, -42],
        [0, -47],
        [-2.3, -42],
      ]),
      linear(-2.3, 0, 2.3, 0, [
        [0, lighten(STEEL, 0.6)],
        [0.5, lighten(STEEL, 0.3)],
        [0.51, darken(STEEL, 0.25)],
        [1, STEEL],
      ]),
    )
    pen.fill(roundRect(-7.4, -7.6, 14.8, 3, 1.5), GOLD)
    pen.fill(roundRect(-1.3, -5, 2.6, 9, 1), hex('#6f4a34'))
    pen.fill(circle(0, 5, 2), GOLD)
  })
}

function paintShield(pen: Pen, armour: Color): void {
  const outline =
    'M-24 -37Q-31 -36 -35.4 -33C-36 -20 -33 -12 -24 -7C-15 -12 -12 -20 -12.6 -33Q-17 -36 -24 -37Z'
  pen.fill(outline, GOLD)
  pen.at({ x: -24 * 0.14, y: -22.5 * 0.14, scale: 0.86 }, () => {
    pen.fill(
      outline,
      linear(-35, 0, -12, 0, [
        [0, lighten(armour, 0.25)],
        [1, darken(armour, 0.4)],
      ]),
    )
    pen.fill(star(-24, -23, 4, 8, 2.6), hex('#fff3d6'))
  })
}

import { darken, hex, lighten } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { rounded } from './thing-painter.ts'

/** Paints a handbag. */
export function paintBag(pen: Pen, color: Color, accent: Color): void {
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

/** Paints a T-shirt. */
export function paintTShirt(pen: Pen, color: Color): void {
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

/** Paints a dress on a hanger. */
export function paintDress(pen: Pen, color: Color, accent: Color): void {
  const wood = hex('#b98a5c')
  pen.stroke('M0 -60V-63C0 -65 3.4 -65 3.4 -67.6C3.4 -71 -2.4 -71 -2.4 -67.6', 0.9, hex('#8d949c'))
  pen.stroke('M-15 -54.6L0 -60L15 -54.6', 1.8, wood)
  pen.fill(
    'M-12 -57C-9 -58 -7 -57 -6 -55C-4 -51 4 -51 6 -55C7 -57 9 -58 12 -57C12.6 -50 14 -46 15 -43L10.4 -32L25 0C10 3 -10 3 -25 0L-10.4 -32L-15 -43C-14 -46 -12.6 -50 -12 -57Z',
    linear(-25, 0, 25, 0, [
      [0, darken(color, 0.2)],
      [0.4, lighten(color, 0.16)],
      [1, darken(color, 0.26)],
    ]),
  )
  for (const [top, bottom] of [
    [-5, -13],
    [0, -1.6],
    [5, 11],
  ] as const) {
    pen.stroke(`M${top} -31C${top} -20 ${bottom} -12 ${bottom} 0`, 0.7, darken(color, 0.45), {
      opacity: 0.5,
    })
  }
  pen.fill(
    'M-10.7 -33.6C-4 -31.6 4 -31.6 10.7 -33.6L10.2 -30.6C4 -28.8 -4 -28.8 -10.2 -30.6Z',
    accent,
  )
}

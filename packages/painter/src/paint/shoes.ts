import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { line } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'

/** Paints a pair of sneakers on the origin, one behind the other. */
export function paintShoes(pen: Pen, color: Color, accent: Color): void {
  pen.at({ x: 9, y: -7, scale: 0.94 }, () => paintShoe(pen, darken(color, 0.12), accent))
  pen.at({ x: -5, y: 0 }, () => paintShoe(pen, color, accent))
}

function paintShoe(pen: Pen, color: Color, accent: Color): void {
  paintUpper(pen, color, accent)
  paintLaces(pen, color)
  paintSole(pen, color, accent)
}

function seamOf(color: Color): Color {
  return darken(color, luma(color) > 0.8 ? 0.3 : 0.45)
}

function paintUpper(pen: Pen, color: Color, accent: Color): void {
  const seam = seamOf(color)
  const upper =
    'M-29 -31C-24 -35 -16 -34 -13 -30C-9 -26 -4 -29 -1 -31C7 -22 16 -17 27 -15C33 -14 38.6 -12 38 -5H-31C-33 -14 -32 -23 -29 -31Z'
  pen.fill(
    'M-28 -31C-24 -36 -15 -35.6 -12.6 -30.4C-17 -28.4 -25 -28.4 -28 -31Z',
    darken(color, 0.55),
  )
  pen.fill(
    upper,
    linear(0, -34, 0, -4, [
      [0, lighten(color, 0.3)],
      [0.55, color],
      [1, darken(color, luma(color) > 0.8 ? 0.16 : 0.34)],
    ]),
  )
  pen.clip(upper, () => {
    pen.fill('M21 -19C19 -13 20 -8 22 -4H40V-19Z', darken(color, 0.12), { opacity: 0.8 })
    pen.fill('M-35 -27C-29 -25 -24 -20 -23 -4H-36Z', accent, { opacity: 0.95 })
    pen.fill('M-21 -4C-15 -8 -7 -15 -4 -24L1 -20.6C-2 -13 -8 -7 -12 -4Z', accent, { opacity: 0.9 })
    pen.stroke('M21 -17C19.4 -12 20 -8 22 -4', 0.6, seam, { opacity: 0.7 })
    pen.stroke('M-29 -24C-24 -22 -21.6 -16 -21.4 -4', 0.5, seam, { opacity: 0.7 })
  })
  pen.fill(
    'M-13 -30C-9 -26 -4 -29 -1 -31C5 -23.6 11 -19.4 18 -17C15.6 -15 12 -15.4 9 -16.6C1 -20 -6 -24 -13 -30Z',
    mix(color, [1, 1, 1], 0.35),
  )
}

function paintLaces(pen: Pen, color: Color): void {
  const seam = seamOf(color)
  for (let i = 0; i < 5; i++) {
    const [x, y] = [-4.4 + i * 4.3, -27 + i * 2.7 - (i > 2 ? (i - 2) * 0.4 : 0)]
    pen.stroke(
      line([
        [x - 2, y + 2.4],
        [x + 3.4, y - 1.6],
      ]),
      1.2,
      lighten(color, 0.75),
    )
    pen.stroke(
      line([
        [x - 2, y + 3.1],
        [x + 3.2, y - 0.8],
      ]),
      0.35,
      seam,
      { opacity: 0.5 },
    )
  }
}

function paintSole(pen: Pen, color: Color, accent: Color): void {
  const seam = seamOf(color)
  const sole = luma(color) > 0.8 ? hex('#fffdf8') : hex('#f7f3ea')
  const base =
    'M-32.4 -6.4C-20 -5 -12 -7.6 0 -7C14 -6.4 26 -6 38.4 -7.8C40 -4 38 0.4 33 0.4H-29C-32 0.4 -33 -3 -32.4 -6.4Z'
  pen.fill(
    base,
    linear(0, -7, 0, 0.4, [
      [0, sole],
      [1, darken(sole, 0.2)],
    ]),
  )
  pen.stroke('M-32.2 -3.4C-16 -3 16 -3.2 38 -3.6', 0.45, darken(sole, 0.3), { opacity: 0.8 })
  pen.stroke('M-32.4 -6.4C-20 -5 -12 -7.6 0 -7C14 -6.4 26 -6 38 -7.4', 0.4, seam, { opacity: 0.5 })
  pen.fill(
    'M-31 -0.6H36C35.6 0.2 35.4 0.5 34.4 0.5H-29C-30.2 0.5 -30.8 0 -31 -0.6Z',
    mix(accent, hex('#6b5548'), 0.5),
  )
}

import { hex, lighten } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Stage } from './painter.ts'

const HULL = hex('#dfe5ee')
const DARK = hex('#4a5878')

/** Paints a space station about (x, y). */
export function paintStation({ pen }: Stage, x: number, y: number, side: number): void {
  pen.at({ x, y, scale: 1.15, turn: -0.045 * side, flip: side < 0 }, () => {
    for (const dir of [-1, 1]) paintSolarWing(pen, dir)
    paintModules(pen)
    paintAntenna(pen)
  })
}

function paintSolarWing(pen: Pen, dir: number): void {
  pen.fill(rect(dir < 0 ? -27 : 9, -0.5, 18, 1), DARK)
  for (const [px, py] of [
    [12, -10.6],
    [12, 1.6],
    [22, -10.6],
    [22, 1.6],
  ] as const) {
    const left = dir < 0 ? -px - 8.6 : px
    pen.fill(
      rect(left, py, 8.6, 9),
      linear(left, py, left + 8.6, py + 9, [
        [0, hex('#7fa8e8')],
        [1, hex('#24407f')],
      ]),
    )
    for (let i = 1; i < 4; i++) {
      pen.stroke(
        line([
          [left, py + i * 2.25],
          [left + 8.6, py + i * 2.25],
        ]),
        0.18,
        hex('#bcd3f7'),
      )
    }
    pen.stroke(
      line([
        [left + 4.3, py],
        [left + 4.3, py + 9],
      ]),
      0.18,
      hex('#bcd3f7'),
    )
  }
}

function paintModules(pen: Pen): void {
  pen.fill(
    roundRect(-10, -3.6, 20, 7.2, 3),
    linear(0, -3.6, 0, 3.6, [
      [0, lighten(HULL, 0.8)],
      [0.5, HULL],
      [1, DARK],
    ]),
  )
  pen.fill(
    roundRect(-3.6, -13, 7.2, 26, 3.2),
    linear(-3.6, 0, 3.6, 0, [
      [0, lighten(HULL, 0.8)],
      [0.5, HULL],
      [1, DARK],
    ]),
  )
  pen.fill(
    ellipse(0, 0, 6, 6),
    radial(-2, -2, 8, [
      [0, [1, 1, 1]],
      [0.6, HULL],
      [1, DARK],
    ]),
  )
  for (const wy of [-9, -6.4, 6.4, 9]) pen.fill(circle(0, wy, 0.75), hex('#ffd98a'))
  for (const wx of [-2.4, 0, 2.4]) pen.fill(circle(wx, 0, 0.85), hex('#ffd98a'))
}

function paintAntenna(pen: Pen): void {
  pen.stroke(
    line([
      [0, -13],
      [0, -17],
    ]),
    0.4,
    HULL,
  )
  pen.fill(
    polygon([
      [-3, -19],
      [3, -19],
      [0.6, -16.4],
      [-0.6, -16.4],
    ]),
    HULL,
  )
}

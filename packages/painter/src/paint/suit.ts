import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Stage } from './painter.ts'

/** Colours of a suit: the shell, its shaded side and the trim. */
interface SuitColors {
  main: Color
  deep: Color
  accent: Color
}

/** Paints a robot or an astronaut on the origin, about 95 units high. */
export function paintSuit({ pen }: Stage, main: Color, robot: boolean): void {
  const deep = darken(main, 0.4)
  const accent = robot ? hex('#f7a13f') : hex('#e8643c')
  const colors: SuitColors = { main, deep, accent }
  const shell = linear(-18, 0, 18, 0, [
    [0, deep],
    [0.5, main],
    [1, lighten(main, 0.3)],
  ])
  if (!robot) pen.fill(roundRect(-17, -44, 34, 28, 6), darken(main, 0.55))
  for (const side of [-1, 1]) {
    pen.stroke(
      line([
        [side * 15, -38],
        [side * 22, -30],
        [side * 21, -20],
      ]),
      robot ? 4.6 : 8,
      side > 0 ? main : deep,
    )
    pen.fill(circle(side * 21, -18, 4.6), robot ? accent : lighten(main, 0.15))
    pen.fill(roundRect(side * 7.6 - 5.4, -20, 10.8, 19, 4), shell)
    pen.fill(roundRect(side * 7.6 - 6.6, -5.4, 13.2, 6, 3), robot ? deep : darken(accent, 0.1))
  }
  pen.fill(roundRect(-15.6, -46, 31.2, 31, 9), shell)
  pen.fill(roundRect(-8, -38, 16, 12, 2.6), robot ? hex('#233047') : lighten(main, 0.35))
  for (const [i, color] of ['#ff6b5f', '#ffd166', '#5fd6a4'].entries()) {
    pen.fill(circle(-4.4 + i * 4.4, -32, 1.4), hex(color))
  }
  pen.fill(rect(-15.4, -21, 30.8, 2.4), accent)
  if (robot) paintRobotHead(pen, colors)
  else paintAstronautHelmet(pen, main)
}

function paintRobotHead(pen: Pen, { main, deep, accent }: SuitColors): void {
  pen.stroke(
    line([
      [0, -82],
      [0, -92],
    ]),
    1.4,
    deep,
  )
  pen.fill(circle(0, -93, 3), accent)
  for (const side of [-1, 1]) pen.fill(roundRect(side * 21.4 - 2.4, -71, 4.8, 12, 2), accent)
  pen.fill(
    roundRect(-20, -83, 40, 36, 11),
    linear(-18, -80, 18, -50, [
      [0, lighten(main, 0.3)],
      [1, mix(main, deep, 0.6)],
    ]),
  )
  pen.fill(roundRect(-15, -75, 30, 20, 7), hex('#1d2740'))
  for (const side of [-1, 1]) pen.fill(ellipse(side * 6.6, -66, 2.8, 3.6), hex('#74f2e6'))
  pen.stroke('M-3.6 -60Q0 -57.4 3.6 -60', 1.1, hex('#74f2e6'))
}

function paintAstronautHelmet(pen: Pen, main: Color): void {
  pen.fill(
    circle(0, -65, 21.5),
    linear(-18, -84, 18, -46, [
      [0, [1, 1, 1]],
      [1, darken(main, 0.3)],
    ]),
  )
  const visor = roundRect(-15, -77, 30, 23, 11)
  pen.fill(
    visor,
    linear(-14, -77, 14, -54, [
      [0, hex('#24406f')],
      [0.6, hex('#3f74b0')],
      [1, hex('#e8956a')],
    ]),
  )
  pen.clip(visor, () =>
    pen.fill(
      polygon([
        [-12, -79],
        [-5, -79],
        [-13, -52],
        [-20, -52],
      ]),
      [1, 1, 1],
      { opacity: 0.28 },
    ),
  )
  pen.stroke(visor, 1.3, hex('#d9b36a'))
}

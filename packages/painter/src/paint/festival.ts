import { darken, hex, lighten } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, rect, ring, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Stage } from './painter.ts'

/** Paints red lanterns before a full moon. */
export function paintFestival(stage: Stage): void {
  const { pen, random, width, height, transparent } = stage
  const red = hex('#c4261d')
  const gold = hex('#f3c766')
  if (!transparent) paintBackdrop(stage, red, gold)
  paintLantern(stage, { x: width / 2, top: 2, y: height * 0.47 - 14, scale: 1.25 }, red, gold)
  const span = Math.min(width * 0.4, 62)
  for (const [dx, drop, scale] of [
    [-0.62, 0.3, 0.78],
    [0.62, 0.34, 0.78],
    [-1.08, 0.16, 0.58],
    [1.08, 0.2, 0.58],
  ] as const) {
    paintLantern(
      stage,
      { x: width / 2 + dx * span, top: 0, y: height * drop - 6, scale },
      red,
      gold,
    )
  }
  for (let i = 0; i < 34; i++) {
    pen.fill(
      circle(random.range(0, width), random.range(0, height), random.range(0.2, 0.7)),
      gold,
      { opacity: random.range(0.3, 0.9) },
    )
  }
}

function paintBackdrop(stage: Stage, red: Color, gold: Color): void {
  const { pen, width, height } = stage
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    radial(width / 2, height * 0.42, Math.max(width, height) * 0.72, [
      [0, hex('#e2402c')],
      [0.6, red],
      [1, hex('#8e1418')],
    ]),
  )
  paintClouds(stage, gold)
  const r = Math.min(30, height * 0.3)
  pen.fill(
    circle(width / 2, height * 0.47, r),
    radial(width / 2, height * 0.47, r, [
      [0, hex('#ffedb8')],
      [1, hex('#f2b64e')],
    ]),
  )
  pen.fill(
    circle(width / 2, height * 0.47, r * 1.9),
    radial(width / 2, height * 0.47, r * 1.9, [
      [0.4, hex('#ffd98a'), 0.42],
      [1, hex('#ffd98a'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(ring(width / 2, height * 0.47, r * 1.1, r * 1.06), gold)
  for (const side of [-1, 1]) paintBranch(stage, side, gold)
}

/** A lantern that hangs from `top` to the top of its body at `y`. */
interface Lantern {
  x: number
  top: number
  y: number
  scale: number
}

function paintLantern(
  { pen }: Stage,
  { x, top, y, scale }: Lantern,
  red: Color,
  gold: Color,
): void {
  pen.stroke(
    line([
      [x, top - 3],
      [x, y],
    ]),
    0.4,
    gold,
  )
  pen.at({ x, y: y + 12 * scale, scale }, () => {
    paintLanternBody(pen, red)
    paintLanternTrim(pen, gold)
  })
}

function paintLanternBody(pen: Pen, red: Color): void {
  pen.fill(
    circle(0, 0, 24),
    radial(0, 0, 24, [
      [0, hex('#ffb24d'), 0.55],
      [1, hex('#ffb24d'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(
    ellipse(0, 0, 14, 11),
    radial(0, 1, 15, [
      [0, hex('#ff8a4a')],
      [0.5, lighten(red, 0.06)],
      [1, darken(red, 0.35)],
    ]),
  )
}

function paintLanternTrim(pen: Pen, gold: Color): void {
  for (const rx of [4.4, 9.4]) pen.stroke(ellipse(0, 0, rx, 11), 0.35, gold, { opacity: 0.75 })
  pen.stroke(
    line([
      [0, -11],
      [0, 11],
    ]),
    0.35,
    gold,
    { opacity: 0.75 },
  )
  pen.fill(
    roundRect(-6, -12.6, 12, 3, 0.9),
    linear(-6, 0, 6, 0, [
      [0, lighten(gold, 0.4)],
      [1, darken(gold, 0.25)],
    ]),
  )
  pen.fill(
    roundRect(-6, 9.6, 12, 3, 0.9),
    linear(-6, 0, 6, 0, [
      [0, lighten(gold, 0.4)],
      [1, darken(gold, 0.25)],
    ]),
  )
  for (let i = -2; i <= 2; i++) {
    pen.stroke(
      line([
        [i * 1.3, 12.6],
        [i * 1.5, 23 - Math.abs(i)],
      ]),
      0.6,
      i % 2 === 0 ? gold : hex('#e8523c'),
    )
  }
  pen.fill(circle(0, 14, 1.6), gold)
}

function paintClouds({ pen, width, height, random }: Stage, gold: Color): void {
  for (let row = 0; row < 3; row++) {
    const y = height - 14 + row * 6
    for (let x = -8 - row * 5; x < width + 12; x += 15) {
      const r = 9 + random.range(-0.6, 0.6)
      for (const [k, color] of [
        [1, darken(hex('#c4261d'), 0.2 + row * 0.08)],
        [0.9, gold],
        [0.84, darken(hex('#c4261d'), 0.2 + row * 0.08)],
        [0.56, gold],
        [0.5, darken(hex('#c4261d'), 0.2 + row * 0.08)],
        [0.24, gold],
      ] as const) {
        pen.fill(circle(x, y + 8, r * k), color, { opacity: k === 1 || color !== gold ? 1 : 0.8 })
      }
    }
  }
}

function paintBranch({ pen, random, width, height }: Stage, side: number, gold: Color): void {
  const at = (d: number): number => (side > 0 ? width - d : d)
  const wood = hex('#5a1a1a')
  pen.stroke(
    `M${at(-3)} ${height * 0.9}C${at(8)} ${height * 0.8} ${at(10)} ${height * 0.66} ${at(24)} ${height * 0.6}`,
    1.5,
    wood,
  )
  pen.stroke(
    `M${at(9)} ${height * 0.74}C${at(8)} ${height * 0.64} ${at(14)} ${height * 0.56} ${at(13)} ${height * 0.48}`,
    0.9,
    wood,
  )
  for (let i = 0; i < 11; i++) {
    const t = random.next()
    const [x, y] =
      i % 2 === 0
        ? [at(4 + t * 20), height * (0.83 - t * 0.23)]
        : [at(9 + t * 5), height * (0.72 - t * 0.24)]
    const s = random.range(0.7, 1.25)
    for (let k = 0; k < 5; k++) {
      pen.at({ x: x + random.range(-1, 1), y, scale: s, turn: k / 5 }, () =>
        pen.fill(circle(0, -1.5, 1.4), k % 2 === 0 ? hex('#ffd3d0') : hex('#ffb3b3')),
      )
    }
    pen.fill(circle(x, y, 0.7 * s), gold)
  }
}

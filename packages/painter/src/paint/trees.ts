import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { cos, sin, TAU } from '../raster/math.ts'
import { circle, ellipse, join, line, polygon, rect, smooth } from '../raster/path.ts'
import type { Path, Point } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Random } from '../raster/random.ts'

/** Returns the silhouette of a pine that stands at (x, y), `h` units high. */
export function pineShape(x: number, y: number, h: number, random: Random): Path {
  const tiers = Math.max(4, Math.round(h / 4.5))
  const left: Point[] = []
  const right: Point[] = []
  const w = h * random.range(0.17, 0.22)
  for (let i = 0; i < Math.min(tiers, 9); i++) {
    const t = (i + 1) / Math.min(tiers, 9)
    const reach = w * t * random.range(0.88, 1.1)
    const ty = y - h + h * 0.94 * t
    right.push([x + reach, ty], [x + reach * 0.55, ty - h * 0.012])
    left.push([x - reach, ty + random.range(-0.3, 0.3)], [x - reach * 0.55, ty - h * 0.012])
  }
  return join(
    polygon([
      [x, y - h],
      ...right,
      [x + h * 0.015, y - h * 0.06],
      [x + h * 0.015, y],
      [x - h * 0.015, y],
      [x - h * 0.015, y - h * 0.06],
      ...left.toReversed(),
    ]),
  )
}

/** A tree that stands at (x, y), `h` units high. */
interface Tree {
  x: number
  y: number
  h: number
  color: Color
  /** Side of the sun: 1 right, -1 left. */
  sun: number
  random: Random
}

/** Paints a pine with a lit side (`sun`: 1 right, -1 left). */
export function paintPine(pen: Pen, { x, y, h, color, sun, random }: Tree): void {
  const shape = pineShape(x, y, h, random)
  pen.fill(
    shape,
    linear(0, y - h, 0, y, [
      [0, lighten(color, 0.08)],
      [1, darken(color, 0.3)],
    ]),
  )
  pen.clip(shape, () =>
    pen.fill(
      polygon([
        [x, y - h],
        [x + sun * h * 0.4, y],
        [x + sun * h * 0.02, y],
      ]),
      lighten(color, 0.3),
      { opacity: 0.4 },
    ),
  )
}

/** Returns an uneven round outline, for a lump of leaves. */
export function blob(
  x: number,
  y: number,
  rx: number,
  ry: number,
  random: Random,
  bumps = 9,
): Path {
  const points = Array.from({ length: bumps }, (_, i): Point => {
    const k = random.range(0.86, 1.1)
    return [x + rx * k * cos((i / bumps) * TAU), y + ry * k * sin((i / bumps) * TAU)]
  })
  return smooth(points, true)
}

/** Paints a tree with a round head and a lit side (`sun`: 1 right, -1 left). */
export function paintRoundTree(pen: Pen, { x, y, h, color, sun, random }: Tree): void {
  const lean = random.range(-0.03, 0.03) * h
  paintTrunk(pen, { x, y, h, color, lean })
  const head = join(
    blob(x + lean, y - h * 0.68, h * 0.25, h * 0.3, random),
    blob(x - h * 0.13, y - h * 0.55, h * 0.17, h * 0.17, random),
    blob(x + h * 0.14, y - h * 0.57, h * 0.16, h * 0.16, random),
  )
  pen.fill(
    head,
    linear(0, y - h, 0, y - h * 0.38, [
      [0, color],
      [1, darken(color, 0.35)],
    ]),
  )
  pen.clip(head, () => {
    pen.fill(
      blob(x + lean + sun * h * 0.1, y - h * 0.78, h * 0.2, h * 0.2, random),
      lighten(color, 0.32),
      { opacity: 0.45 },
    )
    pen.fill(blob(x + sun * h * 0.2, y - h * 0.6, h * 0.1, h * 0.1, random), lighten(color, 0.32), {
      opacity: 0.3,
    })
    for (let i = 0; i < 14; i++) {
      pen.fill(
        ellipse(
          x + random.range(-0.3, 0.3) * h,
          y - h * random.range(0.42, 0.95),
          h * 0.018,
          h * 0.012,
        ),
        i % 2 === 0 ? lighten(color, 0.45) : darken(color, 0.4),
        { opacity: 0.35 },
      )
    }
  })
}

/** A tree that leans. */
interface Trunk {
  x: number
  y: number
  /** Height of the whole tree. */
  h: number
  color: Color
  /** How far its top leans to the right, units. */
  lean: number
}

function paintTrunk(pen: Pen, { x, y, h, color, lean }: Trunk): void {
  const trunk = mix(hex('#5a3d33'), darken(color, 0.6), 0.4)
  pen.fill(
    polygon([
      [x - h * 0.03, y],
      [x - h * 0.014 + lean, y - h * 0.6],
      [x + h * 0.014 + lean, y - h * 0.6],
      [x + h * 0.03, y],
    ]),
    trunk,
  )
  pen.stroke(
    line([
      [x + lean * 0.7, y - h * 0.36],
      [x + h * 0.11, y - h * 0.52],
    ]),
    h * 0.014,
    trunk,
  )
}

/** Paints a slender tree, such as a poplar or a cypress. */
export function paintPoplar(pen: Pen, { x, y, h, color, sun }: Omit<Tree, 'random'>): void {
  const shape = `M${x} ${y - h}C${x + h * 0.12} ${y - h * 0.6} ${x + h * 0.11} ${y - h * 0.1} ${x + h * 0.02} ${y - h * 0.05}V${y}H${x - h * 0.02}V${y - h * 0.05}C${x - h * 0.11} ${y - h * 0.1} ${x - h * 0.12} ${y - h * 0.6} ${x} ${y - h}Z`
  pen.fill(
    shape,
    linear(x - sun * h * 0.1, 0, x + sun * h * 0.1, 0, [
      [0, darken(color, 0.45)],
      [1, lighten(color, 0.12)],
    ]),
  )
}

/** Paints a palm whose top is `lean` units to the right of its foot. */
export function paintPalm(pen: Pen, { x, y, h, color, lean }: Trunk): void {
  const [tx, ty] = [x + lean, y - h]
  pen.fill(
    `M${x - 1.2} ${y}Q${x + lean * 0.2} ${y - h * 0.6} ${tx - 0.4} ${ty}L${tx + 0.5} ${ty}Q${x + lean * 0.2 + 1.6} ${y - h * 0.55} ${x + 1.4} ${y}Z`,
    mix(hex('#7b5340'), color, 0.25),
  )
  for (let i = 0; i < 7; i++) {
    const reach = h * 0.42 * (i % 2 === 0 ? 1 : 0.85)
    const side = (i - 3) / 3
    const [ex, ey] = [tx + side * reach, ty + reach * (0.1 + Math.abs(side) * 0.5) - reach * 0.28]
    pen.fill(
      `M${tx} ${ty}Q${tx + side * reach * 0.5} ${ty - reach * 0.5} ${ex} ${ey}Q${tx + side * reach * 0.45} ${ty - reach * 0.22} ${tx} ${ty}Z`,
      i % 2 === 0 ? color : darken(color, 0.25),
    )
  }
}

/** Paints a saguaro. */
export function paintCactus(
  pen: Pen,
  { x, y, h, color }: Pick<Tree, 'x' | 'y' | 'h' | 'color'>,
): void {
  const w = h * 0.13
  pen.stroke(
    line([
      [x, y],
      [x, y - h],
    ]),
    w,
    color,
  )
  pen.stroke(
    line([
      [x, y - h * 0.35],
      [x - h * 0.24, y - h * 0.38],
      [x - h * 0.25, y - h * 0.66],
    ]),
    w * 0.75,
    color,
  )
  pen.stroke(
    line([
      [x, y - h * 0.5],
      [x + h * 0.22, y - h * 0.52],
      [x + h * 0.23, y - h * 0.78],
    ]),
    w * 0.7,
    color,
  )
  pen.stroke(
    line([
      [x + w * 0.2, y],
      [x + w * 0.2, y - h],
    ]),
    w * 0.2,
    lighten(color, 0.4),
    { opacity: 0.4 },
  )
}

/** Blades of grass on a line from one x to another. */
interface GrassOptions {
  from: number
  to: number
  y: number
  /** Height of the longest blades. */
  h: number
  color: Color
  random: Random
}

/** Paints blades of grass from one x to another. */
export function paintGrass(pen: Pen, { from, to, y, h, color, random }: GrassOptions): void {
  const blades: number[] = []
  for (let x = from; x < to; x += random.range(0.5, 1.3)) {
    const tip = h * random.range(0.4, 1)
    const bend = random.range(-0.5, 0.5) * h * 0.5
    blades.push(
      0,
      x - 0.25,
      y,
      2,
      x,
      y - tip * 0.6,
      x + bend,
      y - tip,
      2,
      x + 0.3,
      y - tip * 0.5,
      x + 0.35,
      y,
      4,
    )
  }
  pen.fill(join(blades), color)
}

/** A shrub of radius `r`. */
interface Shrub {
  x: number
  y: number
  r: number
  color: Color
  random: Random
}

/** Paints a shrub; (x, y) is the middle of its foot. */
export function paintShrub(pen: Pen, { x, y, r, color, random }: Shrub): void {
  const shape = join(
    circle(x - r * 0.6, y - r * 0.4, r * 0.55),
    circle(x, y - r * 0.65, r * 0.7),
    circle(x + r * 0.65, y - r * 0.4, r * 0.5),
    rect(x - r * 1.1, y - r * 0.4, r * 2.2, r * 0.4),
  )
  pen.fill(
    shape,
    linear(0, y - r * 1.3, 0, y, [
      [0, lighten(color, random.range(0.08, 0.2))],
      [1, darken(color, 0.35)],
    ]),
  )
}

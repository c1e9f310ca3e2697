import { hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { createFbm } from '../raster/noise.ts'
import { circle, ellipse, line, rect, roundRect, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Random } from '../raster/random.ts'
import type { Stage } from './painter.ts'
import { blob } from './trees.ts'

/** Paints mountains and water in ink on warm paper, with a red seal. */
export function paintInk(stage: Stage): void {
  const { pen, random, width, height, scene } = stage
  const paper = hex('#f4eddc')
  const ink =
    scene.colors.length > 0 ? mix(hex('#20242c'), hex(scene.colors[0]!), 0.5) : hex('#23272e')
  paintPaper(stage, paper)
  const side = random.chance(0.5) ? 1 : -1
  const sunX = width / 2 - side * Math.min(26, width * 0.24)
  pen.fill(circle(sunX, height * 0.24, 7), hex('#c8402f'), { opacity: 0.86 })
  pen.soft(circle(sunX, height * 0.24, 8), 3, hex('#c8402f'), { opacity: 0.18 })
  const base = height * 0.68
  for (const [i, strength] of [0.2, 0.36, 0.6, 0.9].entries()) {
    const centre = width / 2 + side * (i % 2 === 0 ? 12 : -22) + random.range(-8, 8)
    paintPeaks(stage, {
      centre,
      base: base + i * 3.4,
      high: Math.min(base * 0.86, 62) * (1.02 - i * 0.19),
      wide: width * (0.62 - i * 0.06),
      ink: mix(paper, ink, strength),
      paper,
    })
  }
  paintWaterLines(stage, base + 15, ink)
  paintBoatman(stage, width / 2 - side * 16, height * 0.85, ink)
  paintBank(stage, side, ink, paper)
  for (let i = 0; i < 5; i++) {
    pen.stroke(
      `M${sunX + 10 + i * 4.2} ${height * 0.2 + (i % 2) * 2.6}q1.6 -1.6 2.4 0q0.8 -1.6 2.6 -0.2`,
      0.4,
      ink,
      { opacity: 0.8 },
    )
  }
  paintSeal(stage, side, paper)
}

function paintPaper({ pen, random, width, height }: Stage, paper: Color): void {
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    radial(width / 2, height * 0.45, Math.max(width, height) * 0.75, [
      [0, lighten(paper, 0.4)],
      [1, mix(paper, hex('#d9c9a3'), 0.55)],
    ]),
  )
  const fibre = createFbm(random.int(0, 1e9), 3)
  pen.field(
    [0, 0, width, height],
    0.9,
    (x, y) => Math.max(0, fibre(x * 0.12, y * 0.2) - 0.45) * 0.4,
    hex('#b79f72'),
    { mode: 'multiply' },
  )
}

function paintSeal({ pen, width, height }: Stage, side: number, paper: Color): void {
  const seal = { x: side > 0 ? 6 : width - 13, y: height - 14 }
  pen.fill(roundRect(seal.x, seal.y, 7, 7, 0.8), hex('#bf3a2b'))
  pen.stroke(
    `M${seal.x + 1.6} ${seal.y + 1.8}h3.8M${seal.x + 3.5} ${seal.y + 1.8}v3.6M${seal.x + 1.6} ${seal.y + 3.5}h3.8M${seal.x + 1.4} ${seal.y + 5.4}h4.2`,
    0.5,
    paper,
  )
}

/** A group of three peaks over `base`. */
interface Peaks {
  centre: number
  base: number
  /** Height of the highest peak. */
  high: number
  /** Half of the width. */
  wide: number
  ink: Color
  paper: Color
}

function paintPeaks(stage: Stage, peaks: Peaks): void {
  const { base, high, ink, paper } = peaks
  const { pen, random } = stage
  const { points, summits } = createPeaks(random, peaks)
  const shape = smooth(points, true)
  pen.soft(
    shape,
    1.2,
    linear(0, base - high, 0, base, [
      [0, ink, 0.75],
      [0.5, ink, 0.4],
      [1, paper, 0],
    ]),
  )
  pen.clip(shape, () => paintCracks(stage, summits, peaks))
  pen.fill(
    rect(-1, base - high * 0.42, stage.width + 2, high * 0.42 + 4),
    linear(0, base - high * 0.42, 0, base + 4, [
      [0, paper, 0],
      [0.8, paper, 0.85],
      [1, paper, 0],
    ]),
  )
}

function createPeaks(
  random: Random,
  { centre, base, high, wide }: Peaks,
): { points: Point[]; summits: Point[] } {
  const points: Point[] = [[centre - wide, base + 2]]
  const summits: Point[] = []
  const count = 3
  for (let i = 0; i < count; i++) {
    const x = centre - wide * 0.72 + (i / (count - 1)) * wide * 1.44
    const h =
      high *
      (0.42 + 0.58 * Math.max(0, 1 - Math.abs(x - centre) / (wide * 0.8))) *
      random.range(0.75, 1.05)
    const half = wide * random.range(0.15, 0.23)
    points.push(
      [x - half, base - h * 0.42],
      [x - half * 0.62, base - h * 0.82],
      [x - half * 0.12, base - h],
      [x + half * 0.3, base - h * 0.96],
      [x + half * 0.74, base - h * 0.72],
      [x + half, base - h * 0.36],
    )
    summits.push([x, base - h])
  }
  points.push([centre + wide, base + 2])
  return { points, summits }
}

function paintCracks(
  { pen, random }: Stage,
  summits: readonly Point[],
  { high, wide, ink }: Peaks,
): void {
  for (const [x, y] of summits) {
    for (let i = 0; i < 9; i++) {
      const dx = random.range(-0.5, 1) * wide * 0.12
      pen.stroke(
        smooth(
          [
            [x + dx * 0.2, y + i * high * 0.02],
            [x + dx * 0.7, y + high * 0.1],
            [x + dx, y + high * random.range(0.2, 0.42)],
          ],
          false,
        ),
        random.range(0.25, 0.7),
        ink,
        { opacity: 0.22 },
      )
    }
    pen.soft(ellipse(x + wide * 0.05, y + high * 0.16, wide * 0.05, high * 0.2), 3, ink, {
      opacity: 0.4,
    })
  }
}

function paintWaterLines({ pen, random, width, height }: Stage, top: number, ink: Color): void {
  for (let i = 0; i < 16; i++) {
    const y = top + random.next() * (height - top)
    const x = random.range(0, width)
    pen.stroke(
      smooth(
        [
          [x, y],
          [x + 5, y - 0.3],
          [x + 11, y + 0.2],
          [x + random.range(13, 22), y],
        ],
        false,
      ),
      0.25,
      ink,
      { opacity: 0.26 },
    )
  }
}

function paintBoatman({ pen }: Stage, x: number, y: number, ink: Color): void {
  pen.fill(
    `M${x - 11} ${y - 2.4}Q${x} ${y + 2.4} ${x + 12} ${y - 3}Q${x + 7} ${y + 2.6} ${x} ${y + 2.6}Q${x - 8} ${y + 2.4} ${x - 11} ${y - 2.4}Z`,
    ink,
    { opacity: 0.9 },
  )
  pen.fill(`M${x - 4} ${y - 0.4}C${x - 4} ${y - 5} ${x + 4} ${y - 5} ${x + 4} ${y - 0.4}Z`, ink, {
    opacity: 0.55,
  })
  pen.fill(`M${x + 6} ${y - 0.8}L${x + 7} ${y - 5.6}L${x + 9.4} ${y - 1.2}Z`, ink)
  pen.fill(`M${x + 5} ${y - 5.6}L${x + 7.2} ${y - 7.6}L${x + 9.4} ${y - 5.6}Z`, ink)
  pen.stroke(
    line([
      [x + 8.6, y - 7],
      [x + 14, y + 4],
    ]),
    0.3,
    ink,
  )
  pen.soft(ellipse(x, y + 4, 10, 1), 1, ink, { opacity: 0.22 })
}

function paintBank(stage: Stage, side: number, ink: Color, paper: Color): void {
  const { pen, width, height } = stage
  const at = (d: number): number => (side > 0 ? width - d : d)
  pen.soft(
    smooth(
      [
        [at(-6), height - 22],
        [at(12), height - 17],
        [at(30), height - 7],
        [at(44), height + 5],
        [at(-6), height + 8],
      ],
      true,
    ),
    1.1,
    mix(paper, ink, 0.78),
  )
  paintPineOnBank(stage, at, ink)
}

function paintPineOnBank(
  { pen, random, height }: Stage,
  at: (d: number) => number,
  ink: Color,
): void {
  const trunk: Point[] = [
    [at(12), height - 13],
    [at(14), height - 28],
    [at(10), height - 42],
    [at(16), height - 55],
  ]
  pen.stroke(smooth(trunk, false), 2, ink)
  for (const [from, to] of [
    [
      [13.5, 26],
      [28, 34],
    ],
    [
      [11, 40],
      [26, 47],
    ],
    [
      [12, 44],
      [0, 52],
    ],
    [
      [16, 55],
      [26, 60],
    ],
  ] as const) {
    const [fx, fy, tx, ty] = [at(from[0]), height - from[1], at(to[0]), height - to[1]]
    pen.stroke(
      smooth(
        [
          [fx, fy],
          [(fx + tx) / 2, (fy + ty) / 2 + 1.6],
          [tx, ty],
        ],
        false,
      ),
      0.9,
      ink,
    )
    paintNeedles(pen, tx, ty, ink, random)
    paintNeedles(pen, (fx + tx) / 2, (fy + ty) / 2 - 1, ink, random)
  }
}

function paintNeedles(pen: Pen, x: number, y: number, ink: Color, random: Random): void {
  pen.soft(blob(x, y - 1, 6, 2.6, random), 1.2, ink, { opacity: 0.34 })
  for (let i = 0; i < 12; i++) {
    const t = (i / 11 - 0.5) * 2
    pen.stroke(
      line([
        [x, y],
        [x + t * 6.4, y - (1 - t * t) * 4.6 - 0.4],
      ]),
      0.28,
      ink,
      { opacity: 0.85 },
    )
  }
}

import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { join, smooth } from '../raster/path.ts'
import type { Path, Point } from '../raster/path.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

/** Creates the line of a hill, and the outline from that line to below the picture. */
export function createHill(
  stage: Stage,
  top: number,
  swell: number,
  waves: number,
): { path: Path; points: readonly Point[] } {
  const { random, width, height } = stage
  const count = Math.max(3, Math.round(waves * Math.max(1, width / 130)))
  const points: Point[] = []
  for (let i = -1; i <= count + 1; i++) {
    points.push([(i / count) * width + random.range(-4, 4), top + random.range(-swell, swell)])
  }
  const curve = smooth(points, false)
  return {
    path: join(curve, [1, points.at(-1)![0], height + 20, 1, points[0]![0], height + 20, 4]),
    points,
  }
}

/** Returns the approximate height of the line of a hill at `x`. */
export function hillAt(points: readonly Point[], x: number): number {
  const after = points.findIndex(([px]) => px >= x)
  if (after <= 0) return points[Math.max(after, 0)]![1]
  const [x0, y0] = points[after - 1]!
  const [x1, y1] = points[after]!
  const t = (x - x0) / (x1 - x0)
  return y0 + (y1 - y0) * t * t * (3 - 2 * t)
}

/** Paints a hill that is lighter at its crest, and returns its line. */
export function paintHill(
  stage: Stage,
  options: {
    top: number
    swell: number
    waves: number
    color: Color
    depth: number
    thick: number
  },
): readonly Point[] {
  const { path, points } = createHill(stage, options.top, options.swell, options.waves)
  const color = tone(stage, options.color, options.depth)
  const { top, thick } = options
  const crest = mix(lighten(color, 0.16), stage.light.glow, 0.14)
  stage.pen.fill(
    path,
    linear(0, top - options.swell, 0, top + thick, [
      [0, crest],
      [0.4, color],
      [1, darken(color, 0.24)],
    ]),
  )
  return points
}

/** Paints a dune with a sharp crest and one lit side. */
export function paintDune(stage: Stage, top: number, depth: number, sunX: number): void {
  const { pen, random, width, height, light } = stage
  const sand = tone(stage, hex('#e7b37a'), depth)
  const crestX = width * random.range(0.15, 0.85)
  const lift = random.range(8, 15) * (1.2 - depth)
  const left: Point[] = [
    [-8, top + random.range(0, 6)],
    [crestX * 0.5, top + random.range(-1, 3)],
    [crestX, top - lift],
  ]
  const right: Point[] = [
    [crestX, top - lift],
    [crestX + (width - crestX) * 0.4, top - lift * 0.25 + random.range(0, 3)],
    [width + 8, top + random.range(-3, 5)],
  ]
  const outline = join(smooth(left, false), smooth(right, false).with(0, 1), [
    1,
    width + 8,
    height + 9,
    1,
    -8,
    height + 9,
    4,
  ])
  const litLeft = sunX < crestX
  pen.fill(
    outline,
    linear(0, top - lift, 0, top + 34, [
      [0, lighten(mix(sand, light.glow, 0.25), 0.1)],
      [1, mix(sand, light.near, 0.22)],
    ]),
  )
  const fold: Point[] = [
    [crestX, top - lift],
    [crestX + (litLeft ? 6 : -6), top + 6],
    [crestX + (litLeft ? -5 : 5), top + 20],
    [crestX + (litLeft ? 14 : -14), height + 10],
  ]
  const edge = litLeft ? width + 10 : -10
  pen.clip(outline, () => {
    const shade = mix(darken(sand, 0.55), light.near, 0.2)
    pen.fill(
      join(smooth(fold, false), [1, edge, height + 10, 1, edge, top - lift - 9, 4]),
      linear(0, top - lift, 0, top + 40, [
        [0, shade, 0.75],
        [1, shade, 0.1],
      ]),
    )
  })
}

import { darken, hex, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { join, line, polygon } from '../raster/path.ts'
import type { Path, Point } from '../raster/path.ts'
import type { Random } from '../raster/random.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

/** The outline of a range of mountains. */
interface Range {
  readonly ridge: readonly Point[]
  readonly summits: readonly Point[]
}

function createRange(
  random: Random,
  width: number,
  { base, high, spacing, hero }: MountainOptions,
): Range {
  const ridge: Point[] = []
  const summits: Point[] = []
  const count = Math.max(2, Math.round(width / spacing) + 1)
  for (let i = 0; i <= count; i++) {
    const x = ((i - 0.5 + random.range(-0.22, 0.22)) / (count - 1)) * width
    const main = hero === null ? 0 : Math.max(0, 1 - Math.abs(x - hero) / (width * 0.34))
    const summit: Point = [x, base - high * (random.range(0.42, 0.72) + main * 0.32)]
    const valley: Point = [
      x + (width / count) * random.range(0.4, 0.6),
      base - high * random.range(0.14, 0.34),
    ]
    summits.push(summit)
    if (ridge.length > 0) jag(ridge, ridge.at(-1)!, summit, random)
    else ridge.push([-12, base - high * 0.3], summit)
    jag(ridge, summit, valley, random)
  }
  return { ridge, summits }
}

function jag(ridge: Point[], from: Point, to: Point, random: Random): void {
  const steps = 5
  for (let i = 1; i <= steps; i++) {
    const t = i / steps
    const bump = i === steps ? 0 : random.range(-0.07, 0.07) * Math.abs(to[1] - from[1])
    ridge.push([
      from[0] + (to[0] - from[0]) * t + bump * 0.5,
      from[1] + (to[1] - from[1]) * t + bump,
    ])
  }
}

/** What a range of mountains looks like. */
interface MountainOptions {
  /** Height of its foot. */
  base: number
  /** Height of its summits over the foot. */
  high: number
  /** 0 near to 1 far. */
  depth: number
  /** Distance between two summits. */
  spacing: number
  /** Where the light comes from. */
  sunX: number
  /** Where the highest summit is, if there is one. */
  hero: number | null
  color: Color
  snow: boolean
}

type Slopes = MountainOptions & { rock: Color; random: Random }

/** Paints one range of mountains. */
export function paintMountains(stage: Stage, options: MountainOptions): void {
  const { pen, light, width, scene } = stage
  const { base, high, depth } = options
  const random = stage.random.fork(`range ${depth}`)
  const { ridge, summits } = createRange(random, width, options)
  const shape: Path = join([0, -12, base + 1], line(ridge).with(0, 1), [1, width + 12, base + 1, 4])
  const rock = tone(stage, options.color, depth)
  const foot = mix(rock, light.haze, 0.55)
  pen.fill(
    shape,
    linear(0, base - high, 0, base, [
      [0, rock],
      [0.55, rock],
      [1, foot],
    ]),
  )
  pen.clip(shape, () => paintSlopes(stage, summits, { ...options, rock, random }))
  const mist = scene.weather === 'fog' ? 0.95 : 0.7
  pen.fill(
    shape,
    linear(0, base - high * 0.55, 0, base, [
      [0, light.haze, 0],
      [1, light.haze, mist],
    ]),
  )
}

function paintSlopes(
  stage: Stage,
  summits: readonly Point[],
  { base, high, depth, sunX, snow, rock, random }: Slopes,
): void {
  const { pen, light } = stage
  for (const [x, y] of summits) {
    const side = sunX > x ? -1 : 1
    const snowy = snow && y < base - high * 0.5
    if (snowy) {
      paintCap(stage, {
        x,
        y,
        drop: base - y,
        snow: mix(hex('#ffffff'), mix(light.ambient, light.haze, 0.5), 0.25 + depth * 0.35),
        random,
      })
    }
    const spine: Point[] = [[x, y]]
    for (let i = 1; i <= 5; i++) {
      spine.push([x + side * random.range(-3.2, 2.2) * (high / 40), y + ((base - y) * i) / 5])
    }
    const shade = polygon([
      ...spine,
      [x + side * 60, base + 2],
      [x + side * (base - y) * 1.25, base - (base - y) * 0.2],
    ])
    const dark = darken(rock, 0.5)
    pen.fill(
      shade,
      linear(0, y, 0, base, [
        [0, dark, 0.62 - depth * 0.22],
        [1, dark, 0],
      ]),
    )
  }
}

/** Snow on a summit at (x, y); `drop` is the height of the mountain. */
interface SnowCap {
  x: number
  y: number
  drop: number
  snow: Color
  random: Random
}

function paintCap({ pen }: Stage, { x, y, drop, snow, random }: SnowCap): void {
  const edge: Point[] = []
  const reach = drop * 0.5
  for (let i = 0; i <= 8; i++) {
    const t = i / 8 - 0.5
    const fall =
      drop * (0.2 + random.range(-0.03, 0.05)) +
      (i % 2 === 0 ? drop * 0.1 : 0) +
      Math.abs(t) * drop * 0.35
    edge.push([x + t * reach * 2, y + fall])
  }
  pen.fill(polygon([[x - reach, y - 4], [x + reach, y - 4], ...edge.toReversed()]), snow)
}

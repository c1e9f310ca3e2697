import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { ellipse, polygon } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Random } from '../raster/random.ts'
import { paintCabin } from './cabin.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintGrass, paintPine, paintRoundTree } from './trees.ts'

/** Where an island is; `depth` is 0 near to 1 far. */
interface IslandOptions {
  x: number
  y: number
  scale: number
  depth: number
}

/** One island about its middle, with the top of its rock at the origin. */
interface Island {
  /** Half of its width. */
  w: number
  /** Height of the rock. */
  deep: number
  rock: Color
  turf: Color
  depth: number
  /** Whether it has a waterfall and a cabin. */
  large: boolean
  random: Random
}

/** Paints one floating island. */
export function paintIsland(stage: Stage, { x, y, scale, depth }: IslandOptions): void {
  const { pen, light } = stage
  const random = stage.random.fork(`island ${x} ${y}`)
  const rock = tone(stage, mix(hex('#8a6a5c'), hex('#6b6f8a'), random.next()), depth)
  const turf = tone(stage, light.foliage[random.int(0, 1)]!, depth)
  const large = scale > 0.7
  pen.at({ x, y, scale }, () => {
    const w = random.range(30, 36)
    const island: Island = { w, deep: random.range(30, 40), rock, turf, depth, large, random }
    paintRock(pen, island)
    paintTurf(stage, island)
    if (large) paintWaterfall(stage)
    paintTrees(stage, island)
    if (large) {
      paintCabin(stage, { x: -5, y: -4.6, w: 13, wall: hex('#f0dfc4'), roof: hex('#c1543f') })
    }
    paintGrass(pen, { from: -w + 2, to: w - 2, y: -3.6, h: 2.6, color: darken(turf, 0.14), random })
  })
}

/** Paints the rock with its facets, and three stones below it. */
function paintRock(pen: Pen, { w, deep, rock, random }: Island): void {
  const left: Point[] = []
  const right: Point[] = []
  for (let i = 1; i <= 5; i++) {
    const t = i / 6
    const reach = w * (1 - t) * (0.92 - t * 0.12)
    right.push([reach + random.range(-2, 2), t * deep + random.range(-2, 3)])
    left.push([-reach + random.range(-2, 2), t * deep + random.range(-2, 3)])
  }
  const tip = random.range(-4, 4)
  const body = polygon([[-w, 0], [w, 0], ...right, [tip, deep], ...left.toReversed()])
  pen.fill(
    body,
    linear(-w, 0, w, deep * 0.6, [
      [0, lighten(rock, 0.22)],
      [1, darken(rock, 0.4)],
    ]),
  )
  pen.clip(body, () => {
    for (let i = 0; i < 7; i++) {
      const bx = -w + (i * w * 2) / 6
      pen.fill(
        polygon([
          [bx, -1],
          [bx + 5, -1],
          [bx * 0.5 + 2, deep * 0.55],
          [tip, deep],
          [bx * 0.4, deep * 0.5],
        ]),
        i % 2 === 0 ? darken(rock, 0.5) : lighten(rock, 0.2),
        { opacity: 0.34 },
      )
    }
  })
  for (let i = 0; i < 3; i++) {
    pen.fill(
      polygon([
        [-14 + i * 14, deep + 3 + i],
        [-9 + i * 14, deep + 2],
        [-11 + i * 14, deep + 8 - i],
      ]),
      darken(rock, 0.2),
    )
  }
}

function paintTurf({ pen, light }: Stage, { w, turf, random }: Island): void {
  let fringe = `M${-w - 1} 0`
  for (let i = 0; i < 9; i++) {
    const step = (w * 2 + 2) / 9
    fringe += `q${step / 2} ${random.range(5, 11)} ${step} 0`
  }
  pen.fill(
    `${fringe}C${w} -5 ${w * 0.5} -6.4 0 -6.4C${-w * 0.5} -6.4 ${-w} -5 ${-w - 1} 0Z`,
    linear(0, -6, 0, 6, [
      [0, mix(lighten(turf, 0.3), light.glow, 0.16)],
      [1, darken(turf, 0.16)],
    ]),
  )
}

function paintWaterfall({ pen, light }: Stage): void {
  pen.fill(
    'M3 -5C5 -3 4 0 6 4C7 14 6 26 7 46H11C11 26 12 12 10 4C9 0 9 -3 8 -5Z',
    linear(0, -5, 0, 46, [
      [0, lighten(light.water[0], 0.65)],
      [0.5, lighten(light.water[0], 0.5), 0.85],
      [1, light.water[0], 0],
    ]),
  )
  pen.fill(ellipse(6, -4.8, 7, 1.5), lighten(light.water[0], 0.4))
}

function paintTrees({ pen, light }: Stage, { w, turf, random, depth, large }: Island): void {
  for (let i = 0; i < 5; i++) {
    const tx = -w * 0.76 + i * w * 0.36
    if (large && i === 2) continue
    if (random.chance(0.5)) {
      paintPine(pen, {
        x: tx,
        y: -3.6,
        h: random.range(14, 24),
        color: mix(turf, light.near, 0.3 * (1 - depth)),
        sun: 1,
        random,
      })
    } else {
      paintRoundTree(pen, { x: tx, y: -3.6, h: random.range(14, 23), color: turf, sun: 1, random })
    }
  }
}

import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { join, polygon, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { colorOf } from '../scene/read-scene.ts'
import { paintCabin } from './cabin.ts'
import { paintLighthouse } from './lighthouse.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintGrass, paintShrub } from './trees.ts'
import { sliver } from './water.ts'

/** A headland with its lighthouse at (x, top). */
interface Headland {
  x: number
  top: number
  /** Side of the picture that the land reaches: 1 right, -1 left. */
  side: number
  /** Where the land leaves the picture. */
  edge: number
  rock: Color
  grass: Color
  /** Returns the x `dx` units inland of the lighthouse. */
  at: (dx: number) => number
}

/** Paints a headland with a lighthouse, and mostly a cabin, on one side of the picture. */
export function paintHeadland(stage: Stage, horizon: number, side: number): void {
  const { width, light } = stage
  const x = width / 2 + side * Math.min(10, width * 0.08)
  const land: Headland = {
    x,
    top: horizon + 3,
    side,
    edge: side > 0 ? width + 12 : -12,
    rock: mix(tone(stage, hex('#7a6658')), light.near, 0.42),
    grass: mix(tone(stage, light.foliage[0]!), light.near, 0.3),
    at: (dx) => x + side * dx,
  }
  paintCliff(stage, land, horizon)
  paintPath(stage, land)
  paintBuildings(stage, land)
  paintPlants(stage, land)
  paintFoam(stage, land.at(-27), side)
}

/** Returns the line of the cliff and the land, from the foot of the cliff inland. */
function createRidge(
  { random, height }: Stage,
  { x, top, edge, at }: Headland,
  horizon: number,
): Point[] {
  const reach = Math.abs(edge - x)
  return [
    [at(-33), height + 5],
    [at(-30), height - 8],
    [at(-26.5), height * 0.5 + horizon * 0.5 + 2],
    [at(-22), top + 9 + random.range(-1, 1)],
    [at(-15), top + 4.5],
    [at(-9), top + 0.4],
    [at(0), top - 0.8],
    [at(10), top - 0.6],
    [at(reach * 0.5), top - random.range(1, 4)],
    [at(reach), top - random.range(4, 9)],
  ]
}

function paintCliff(stage: Stage, land: Headland, horizon: number): void {
  const { pen, random, height, light } = stage
  const { top, edge, rock, grass, at } = land
  const ridge = createRidge(stage, land, horizon)
  const outline = join(smooth(ridge, false), [1, edge, height + 5, 1, at(-33), height + 5, 4])
  pen.fill(
    outline,
    linear(0, top - 6, 0, height, [
      [0, rock],
      [1, darken(rock, 0.55)],
    ]),
  )
  pen.clip(outline, () => {
    paintStrata(stage, land)
    const turf: Point[] = ridge
      .slice(4)
      .map(([px, py], i) => [px, py + 2.6 + (i % 2) * 2 + random.range(0, 1.6)])
    pen.fill(
      join(
        smooth(ridge.slice(3), false),
        [1, edge, top + 8],
        smooth(turf.toReversed(), false).with(0, 1),
        [4],
      ),
      linear(0, top - 6, 0, top + 8, [
        [0, mix(lighten(grass, 0.22), light.glow, 0.2)],
        [1, grass],
      ]),
    )
  })
}

function paintBuildings(stage: Stage, { x, top, side, at }: Headland): void {
  const { random, scene } = stage
  if (random.chance(0.75)) {
    const roof = hex(colorOf(scene, 'cabin') ?? '#a8503f')
    paintCabin(stage, { x: at(17), y: top - 0.2, w: 13, wall: hex('#f1e4d2'), roof })
  }
  paintLighthouse(stage, {
    x,
    y: top - 0.2,
    scale: Math.min(1, (top - 4) / 58),
    sun: -side,
    band: hex(colorOf(scene, 'lighthouse') ?? '#d2493d'),
  })
}

function paintPlants({ pen, random, light }: Stage, { top, edge, grass, at }: Headland): void {
  for (let i = 0; i < 4; i++) {
    paintShrub(pen, {
      x: at(7 + i * random.range(6, 9)),
      y: top + random.range(0.4, 1.4),
      r: random.range(1.2, 2.4),
      color: grass,
      random,
    })
  }
  const [from, to] = [Math.min(at(-9), edge), Math.max(at(-9), edge)]
  paintGrass(pen, { from, to, y: top + 1.2, h: 2, color: mix(grass, light.glow, 0.12), random })
}

function paintStrata(
  { pen, random, height, light }: Stage,
  { x, side, top, rock }: Headland,
): void {
  for (let i = 0; i < 13; i++) {
    const cx = x + side * random.range(-32, 62)
    const y = top + random.range(4, height - top)
    const w = random.range(3, 9)
    const h = random.range(3, 10)
    const facet = polygon([
      [cx, y],
      [cx + w * 0.6, y - h * 0.3],
      [cx + w, y + h * 0.5],
      [cx + w * 0.4, y + h],
    ])
    pen.fill(facet, i % 3 === 0 ? mix(rock, light.glow, 0.3) : darken(rock, 0.6), {
      opacity: i % 3 === 0 ? 0.28 : 0.4,
    })
  }
}

function paintPath({ pen, light, height }: Stage, { at, top }: Headland): void {
  const track = `M${at(-0.8)} ${top}C${at(1)} ${top + 5} ${at(12)} ${top + 7} ${at(19)} ${height + 2}L${at(28)} ${height + 2}C${at(17)} ${top + 8} ${at(3.5)} ${top + 5} ${at(1)} ${top}Z`
  pen.fill(
    track,
    linear(0, top, 0, height, [
      [0, mix(light.haze, light.glow, 0.3), 0.65],
      [1, mix(light.haze, light.near, 0.4), 0.3],
    ]),
  )
}

function paintFoam({ pen, random, light, height }: Stage, x: number, side: number): void {
  for (let i = 0; i < 9; i++) {
    const y = height - 26 + i * 3
    pen.fill(
      sliver(x - side * random.range(-1, 3), y, random.range(5, 11), random.range(0.3, 0.6)),
      lighten(light.water[0], 0.55),
      { opacity: 0.5 },
    )
  }
}

import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { ellipse, join, line, polygon, rect, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import { paintCabin, paintLighthouse } from './buildings.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky } from './sky.ts'
import { paintGrass, paintPalm, paintShrub } from './trees.ts'
import type { View } from './view.ts'
import { paintWater, sliver } from './water.ts'

/** The sea, with a lighthouse on its headland or a beach where named. */
export function paintSeaView(stage: Stage): View {
  const { scene, random, width, height } = stage
  const horizon = height * (height > width ? 0.6 : 0.62)
  const lighthouse = has(scene, 'lighthouse')
  const side = random.chance(0.5) ? 1 : -1
  const off = lighthouse ? side * -0.5 * Math.min(0.56, 62 / width) : random.range(-0.16, 0.16)
  const sun = paintSky(stage, horizon, 0.5 + off)
  paintFarCoast(stage, horizon, side)
  paintWater(stage, horizon, sun)
  if (lighthouse) paintHeadland(stage, horizon, side)
  else if (
    has(scene, 'umbrella') ||
    (stage.light.time === 'day' && !has(scene, 'boat', 'bridge'))
  ) {
    paintBeach(stage, horizon, side)
  } else paintRocks(stage, side)
  return { horizon, ground: height * 0.93, sun: -side, sunX: sun.x }
}

function paintFarCoast(stage: Stage, horizon: number, side: number): void {
  const { pen, random, width } = stage
  for (const [i, depth] of [0.95, 0.75].entries()) {
    const from = side > 0 ? width * (0.42 + i * 0.2) : -10
    const to = side > 0 ? width + 10 : width * (0.58 - i * 0.2)
    const points: Point[] = []
    for (let k = 0; k <= 7; k++) {
      const t = k / 7
      const rise = side > 0 ? t : 1 - t
      points.push([from + (to - from) * t, horizon - rise * (13 - i * 5) * random.range(0.7, 1.25)])
    }
    const color = tone(stage, hex('#66809a'), depth)
    pen.fill(
      join(smooth(points, false), [1, to, horizon + 0.4, 1, from, horizon + 0.4, 4]),
      linear(0, horizon - 14, 0, horizon, [
        [0, color],
        [1, mix(color, stage.light.haze, 0.6)],
      ]),
    )
  }
}

function paintHeadland(stage: Stage, horizon: number, side: number): void {
  const { pen, random, width, height, light, scene } = stage
  const x = width / 2 + side * Math.min(10, width * 0.08)
  const top = horizon + 3
  const edge = side > 0 ? width + 12 : -12
  const at = (dx: number): number => x + side * dx
  const reach = Math.abs(edge - x)
  const ridge: Point[] = [
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
  const rock = mix(tone(stage, hex('#7a6658')), light.near, 0.42)
  const grass = mix(tone(stage, light.foliage[0]!), light.near, 0.3)
  const outline = join(smooth(ridge, false), [1, edge, height + 5, 1, at(-33), height + 5, 4])
  pen.fill(
    outline,
    linear(0, top - 6, 0, height, [
      [0, rock],
      [1, darken(rock, 0.55)],
    ]),
  )
  pen.clip(outline, () => {
    paintStrata(stage, x, side, top, rock)
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
  paintPath(stage, at, top)
  if (random.chance(0.75)) {
    paintCabin(
      stage,
      at(17),
      top - 0.2,
      13,
      hex('#f1e4d2'),
      hex(colorOf(scene, 'cabin') ?? '#a8503f'),
    )
  }
  paintLighthouse(
    stage,
    x,
    top - 0.2,
    Math.min(1, (top - 4) / 58),
    -side,
    hex(colorOf(scene, 'lighthouse') ?? '#d2493d'),
  )
  for (let i = 0; i < 4; i++) {
    paintShrub(
      pen,
      at(7 + i * random.range(6, 9)),
      top + random.range(0.4, 1.4),
      random.range(1.2, 2.4),
      grass,
      random,
    )
  }
  paintGrass(
    pen,
    Math.min(at(-9), edge),
    Math.max(at(-9), edge),
    top + 1.2,
    2,
    mix(grass, light.glow, 0.12),
    random,
  )
  paintFoam(stage, at(-27), height, side)
}

function paintStrata(
  { pen, random, height, light }: Stage,
  x: number,
  side: number,
  top: number,
  rock: readonly [number, number, number],
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

function paintPath({ pen, light, height }: Stage, at: (dx: number) => number, top: number): void {
  const track = `M${at(-0.8)} ${top}C${at(1)} ${top + 5} ${at(12)} ${top + 7} ${at(19)} ${height + 2}L${at(28)} ${height + 2}C${at(17)} ${top + 8} ${at(3.5)} ${top + 5} ${at(1)} ${top}Z`
  pen.fill(
    track,
    linear(0, top, 0, height, [
      [0, mix(light.haze, light.glow, 0.3), 0.65],
      [1, mix(light.haze, light.near, 0.4), 0.3],
    ]),
  )
}

function paintFoam({ pen, random, light }: Stage, x: number, bottom: number, side: number): void {
  for (let i = 0; i < 9; i++) {
    const y = bottom - 26 + i * 3
    pen.fill(
      sliver(x - side * random.range(-1, 3), y, random.range(5, 11), random.range(0.3, 0.6)),
      lighten(light.water[0], 0.55),
      { opacity: 0.5 },
    )
  }
}

function paintRocks(stage: Stage, side: number): void {
  const { pen, random, width, height, light } = stage
  const rock = mix(tone(stage, hex('#5f5a66')), light.near, 0.5)
  for (let i = 0; i < 5; i++) {
    const x = side > 0 ? width - 4 - i * 6 : 4 + i * 6
    const h = (13 - i * 2.4) * random.range(0.8, 1.2)
    const w = random.range(8, 13)
    const y = height + 1
    pen.fill(
      polygon([
        [x - w, y],
        [x - w * 0.7, y - h * 0.6],
        [x - w * 0.1, y - h],
        [x + w * 0.5, y - h * 0.7],
        [x + w, y],
      ]),
      linear(0, y - h, 0, y, [
        [0, mix(rock, light.glow, 0.18)],
        [1, darken(rock, 0.5)],
      ]),
    )
  }
}

function paintBeach(stage: Stage, horizon: number, side: number): void {
  const { pen, random, width, height, light, scene } = stage
  const sand = tone(stage, hex('#f4dcae'))
  const shore = horizon + (height - horizon) * 0.5
  const points: Point[] = []
  for (let i = -1; i <= 6; i++) {
    points.push([
      (i / 5) * width,
      shore + random.range(-2, 2) + (side > 0 ? -1 : 1) * ((i - 2.5) / 2.5) * 4,
    ])
  }
  const body = (dy: number): number[] => [
    ...smooth(
      points.map(([x, y]): Point => [x, y + dy]),
      false,
    ),
    1,
    width * 1.3,
    height + 5,
    1,
    -width * 0.3,
    height + 5,
    4,
  ]
  pen.fill(body(-2.6), lighten(light.water[0], 0.35), { opacity: 0.4 })
  pen.fill(body(-1.2), [1, 1, 1], { opacity: 0.85 })
  pen.fill(body(0), mix(sand, light.water[1], 0.3))
  pen.fill(
    body(1.6),
    linear(0, shore, 0, height, [
      [0, sand],
      [1, mix(sand, hex('#d99a63'), 0.35)],
    ]),
  )
  const parasol = hex(
    colorOf(scene, 'umbrella') ?? random.pick(['#e5533d', '#f0722e', '#1f8a98', '#e0577f']),
  )
  const x = width / 2 - side * random.range(2, 8)
  const ground = shore + (height - shore) * 0.52
  paintParasol(stage, x, ground, Math.min(1.15, horizon / 42), parasol)
  paintTowel(stage, x + side * 14, ground + 3, parasol)
  paintPalm(pen, side > 0 ? width - 9 : 9, height - 4, 52, tone(stage, hex('#2c7a5b')), -side * 11)
  paintPalm(pen, side > 0 ? width - 2 : 2, height, 38, tone(stage, hex('#25684f')), -side * 6)
}

function paintParasol(stage: Stage, x: number, y: number, scale: number, color: Color3): void {
  const { pen } = stage
  const cloth = tone(stage, color)
  const white = tone(stage, hex('#fff8ec'))
  pen.fill(ellipse(x + 7, y + 1.5, 20 * scale, 2.6 * scale), darken(hex('#c98f5c'), 0.4), {
    opacity: 0.32,
  })
  pen.at({ x, y, scale, turn: 0.022 }, () => {
    pen.stroke(
      line([
        [0, 1],
        [0, -37],
      ]),
      1,
      tone(stage, hex('#f2ead8')),
    )
    const dome =
      'M-21 -24C-20 -36 -9 -42 0 -42C9 -42 20 -36 21 -24Q17.5 -26.4 14 -24Q10.5 -26.4 7 -24Q3.5 -26.4 0 -24Q-3.5 -26.4 -7 -24Q-10.5 -26.4 -14 -24Q-17.5 -26.4 -21 -24Z'
    pen.fill(dome, cloth)
    pen.clip(dome, () => {
      pen.fill('M-14 -24C-13 -36 -5 -42 0 -42C-3 -40 -6 -34 -7 -24Z', white)
      pen.fill('M0 -42C3 -36 4 -30 4 -22H11C11 -30 6 -38 0 -42Z', white)
      pen.fill(
        rect(-22, -43, 44, 20),
        linear(-20, -40, 20, -24, [
          [0, [1, 1, 1], 0.25],
          [0.5, [1, 1, 1], 0],
          [1, darken(cloth, 1), 0.45],
        ]),
      )
    })
    pen.stroke(
      line([
        [0, -42],
        [0, -44],
      ]),
      0.9,
      white,
    )
  })
}

type Color3 = readonly [number, number, number]

function paintTowel(stage: Stage, x: number, y: number, color: Color3): void {
  const { pen } = stage
  pen.fill(
    polygon([
      [x - 7, y - 1.6],
      [x + 6, y - 1.6],
      [x + 9, y + 2.2],
      [x - 6, y + 2.2],
    ]),
    tone(stage, hex('#fdf3e4')),
  )
  for (const t of [0.12, 0.42, 0.72]) {
    pen.fill(
      polygon([
        [x - 7 + 13 * t, y - 1.6],
        [x - 5 + 13 * t, y - 1.6],
        [x - 3.6 + 15 * t, y + 2.2],
        [x - 6 + 15 * t, y + 2.2],
      ]),
      tone(stage, mix(color, [1, 1, 1], 0.1)),
    )
  }
}

import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { createFbm } from '../raster/noise.ts'
import { join, rect, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { paintCabin } from './cabin.ts'
import { hillAt, paintHill } from './hills.ts'
import { paintMountains } from './mountain-range.ts'
import { richness, tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky } from './sky.ts'
import type { Sun } from './sky.ts'
import { paintPine, pineShape } from './trees.ts'
import type { View } from './view.ts'
import { paintWater } from './water.ts'

/** Paints mountains in layers over a lake if the prompt names one, else over a valley. */
export function paintMountainView(stage: Stage): View {
  const { scene, random, width, height, pen } = stage
  const lake = has(scene, 'lake') || (!has(scene, 'mountain') && has(scene, 'flamingo'))
  const horizon = height * (lake ? 0.6 : 0.66)
  const sunX = 0.5 + random.range(-0.17, 0.17)
  const sun = paintSky(stage, horizon, sunX)
  paintRanges(stage, horizon, sun)
  if (lake) {
    // Each range has its own random stream, so that the reflection repeats it.
    pen.clip(rect(-1, horizon, width + 2, height), () => {
      pen.at({ x: 0, y: horizon * 1.92, stretch: -0.92 }, () => {
        pen.fill(
          rect(-1, -1, width + 2, horizon + 3),
          linear(
            0,
            0,
            0,
            horizon,
            stage.light.sky.map((c, i, all) => [i / (all.length - 1), c] as const),
          ),
        )
        paintRanges(stage, horizon, sun)
      })
    })
    paintWater(stage, horizon, sun, 0.55)
    paintMist(stage, horizon)
    paintShore(stage)
  } else paintValley(stage, horizon, sun)
  return { horizon, ground: height * 0.93, sun: sun.x > width / 2 ? 1 : -1, sunX: sun.x }
}

function paintRanges(stage: Stage, horizon: number, sun: Sun): void {
  const { width, light, scene } = stage
  const snow = scene.season === 'winter' || scene.weather === 'snow' || light.time !== 'golden'
  const reach = Math.min(horizon * 0.75, 64)
  const hero = width * 0.5 + (sun.x > width / 2 ? -1 : 1) * Math.min(width * 0.12, 24)
  const rock = hex('#4f6a86')
  paintMountains(stage, {
    base: horizon,
    high: reach * 0.82,
    depth: 0.9,
    spacing: 30,
    sunX: sun.x,
    hero: null,
    color: rock,
    snow: false,
  })
  paintMountains(stage, {
    base: horizon,
    high: reach,
    depth: 0.62,
    spacing: 40,
    sunX: sun.x,
    hero,
    color: rock,
    snow,
  })
  if (richness(stage) === 1) {
    paintMountains(stage, {
      base: horizon,
      high: reach * 0.46,
      depth: 0.36,
      spacing: 26,
      sunX: sun.x,
      hero: null,
      color: mix(rock, light.foliage[0]!, 0.3),
      snow: false,
    })
  }
  paintTreeLine(stage, horizon)
}

function paintTreeLine(stage: Stage, horizon: number): void {
  const { pen, light, width } = stage
  const random = stage.random.fork('tree line')
  const color = mix(tone(stage, light.foliage[0]!, 0.18), light.near, 0.45)
  const trees = []
  for (let x = -2; x < width + 2; x += random.range(1.1, 2.6)) {
    const edge = Math.abs(x / width - 0.5) * 2
    trees.push(
      pineShape(x, horizon + 0.5, (2.4 + edge * edge * 8) * random.range(0.6, 1.2), random),
    )
  }
  for (const tree of trees) pen.fill(tree, color)
  pen.fill(rect(-1, horizon - 0.5, width + 2, 1.1), color)
  pen.fill(
    rect(-1, horizon - 7, width + 2, 8),
    linear(0, horizon - 7, 0, horizon + 1, [
      [0, light.haze, 0],
      [1, light.haze, 0.6],
    ]),
  )
}

function paintMist({ pen, random, light, width, scene }: Stage, horizon: number): void {
  const noise = createFbm(random.int(0, 1e9), 3)
  const strength = scene.weather === 'fog' ? 1.5 : 0.85
  pen.field(
    [0, horizon - 16, width, 26],
    1.4,
    (x, y) => {
      const d = Math.abs(y - horizon + 2) / 13
      return Math.max(0, (1 - d * d) * (noise(x * 0.02, y * 0.07) - 0.25)) * strength
    },
    lighten(light.haze, 0.3),
  )
}

function paintShore(stage: Stage): void {
  const { pen, random, light, width, height } = stage
  const ground = mix(tone(stage, light.foliage[0]!), light.near, 0.62)
  for (const side of [-1, 1]) {
    const reach = width * random.range(0.24, 0.4)
    const at = (d: number): number => (side < 0 ? d : width - d)
    const bank: Point[] = [
      [at(-8), height - 16],
      [at(reach * 0.3), height - 13],
      [at(reach * 0.7), height - 7],
      [at(reach * 1.1), height + 3],
    ]
    pen.fill(
      join(smooth(bank, false), [1, at(-8), height + 5, 4]),
      linear(0, height - 16, 0, height, [
        [0, mix(ground, light.glow, 0.12)],
        [1, darken(ground, 0.5)],
      ]),
    )
    const count = Math.round(6 * richness(stage))
    for (let i = 0; i < count; i++) {
      const d = (i / count) * reach * 0.85 + random.range(-2, 1)
      paintPine(pen, {
        x: at(d),
        y: height - 12 + (d / reach) * 7,
        h: (34 - (d / reach) * 20) * random.range(0.75, 1.15),
        color: ground,
        sun: -side,
        random,
      })
    }
  }
}

function paintValley(stage: Stage, horizon: number, sun: Sun): void {
  const { pen, random, light, height, width, scene } = stage
  const side = sun.x > width / 2 ? 1 : -1
  const greens = light.foliage
  const layers = [0.42, 0.24, 0.06]
  layers.forEach((depth, i) => {
    const top = horizon + 2 + i * (height - horizon) * 0.3
    const points = paintHill(stage, {
      top,
      swell: 3.4,
      waves: 3,
      color: mix(greens[i % greens.length]!, light.near, 0.22 + i * 0.16),
      depth,
      thick: 24,
    })
    if (i === 1 && has(scene, 'cabin')) {
      paintCabin(stage, {
        x: width * 0.5,
        y: hillAt(points, width * 0.5) + 2,
        w: 13,
        wall: hex('#c98d5f'),
        roof: hex('#7c3f36'),
      })
    }
    const count = Math.round((13 - i * 2) * richness(stage) * Math.max(1, width / 150))
    for (let k = 0; k < count; k++) {
      const edge = random.next()
      const x = random.chance(0.5) ? edge * edge * width * 0.46 : width - edge * edge * width * 0.46
      paintPine(pen, {
        x,
        y: hillAt(points, x) + 1.5,
        h: (7 + i * 9) * random.range(0.7, 1.3),
        color: mix(tone(stage, greens[k % 2]!, depth), light.near, 0.45),
        sun: side,
        random,
      })
    }
  })
}

import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { circle, ellipse, join, line, polygon, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import { paintCabin } from './cabin.ts'
import { createHill, hillAt, paintDune, paintHill } from './hills.ts'
import { paintMountains } from './mountain-range.ts'
import { richness, tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky } from './sky.ts'
import { paintCactus, paintGrass, paintPoplar, paintRoundTree } from './trees.ts'
import type { View } from './view.ts'

/** Paints rolling fields with a house and trees, and flowers in front if the prompt names them. */
export function paintField(stage: Stage): View {
  const { pen, random, width, height, light, scene } = stage
  const horizon = height * 0.56
  const sun = paintSky(stage, horizon, 0.5 + random.range(-0.24, 0.24))
  const side = sun.x > width / 2 ? 1 : -1
  paintMountains(stage, {
    base: horizon + 2,
    high: 22,
    depth: 0.92,
    spacing: 34,
    sunX: sun.x,
    hero: null,
    color: hex('#6f86a0'),
    snow: false,
  })
  const greens = [...light.foliage, hex('#d8b45a')]
  const house = width * (0.5 - side * random.range(0.04, 0.14))
  paintLayers(stage, { horizon, greens, side, house })
  if (has(scene, 'garden', 'flower') || scene.season === 'spring') paintFlowers(stage, horizon)
  paintGrass(pen, {
    from: -2,
    to: width + 2,
    y: height + 1.4,
    h: 7,
    color: mix(darken(tone(stage, greens[0]!), 0.5), light.near, 0.25),
    random,
  })
  return { horizon, ground: height * 0.9, sun: side, sunX: sun.x }
}

/** Paints a house at `x` on a hill, and two poplars beside it. */
function paintFarm(stage: Stage, points: readonly Point[], x: number, side: number): void {
  const { pen, scene } = stage
  const green = tone(stage, hex('#3f6d4c'), 0.25)
  paintPoplar(pen, { x: x + 9, y: hillAt(points, x + 9) + 1, h: 17, color: green, sun: side })
  paintPoplar(pen, { x: x + 12.5, y: hillAt(points, x + 12) + 1, h: 13, color: green, sun: side })
  const wall = hex(colorOf(scene, 'cabin') ?? '#f3e6d2')
  paintCabin(stage, { x, y: hillAt(points, x) + 1.4, w: 12, wall, roof: hex('#b9503d') })
}

/** What the layers of fields share. */
interface Fields {
  horizon: number
  greens: readonly Color[]
  /** Side of the sun: 1 right, -1 left. */
  side: number
  /** Where the house is, units. */
  house: number
}

function paintLayers(stage: Stage, { horizon, greens, side, house }: Fields): void {
  const { random, height, scene } = stage
  const layers = 4
  for (let i = 0; i < layers; i++) {
    const t = i / (layers - 1)
    const top = horizon + 1 + (height - horizon) * t * 0.62
    const color =
      has(scene, 'garden') && i === layers - 1
        ? mix(greens[0]!, hex('#3f7d4e'), 0.5)
        : greens[(i + random.int(0, 1)) % greens.length]!
    const points = paintHill(stage, {
      top,
      swell: 2.4 + t * 2,
      waves: 3,
      color,
      depth: 0.62 * (1 - t),
      thick: 20,
    })
    if (i > 0 && i < layers - 1) paintFurrows(stage, top, tone(stage, color, 0.5 * (1 - t)))
    paintCopse(stage, points, t, side)
    if (i === 1) paintFarm(stage, points, house, side)
  }
}

function paintFurrows({ pen, random, width, height }: Stage, top: number, color: Color): void {
  const { x, y } = { x: width * random.range(0.3, 0.7), y: top - 26 }
  const shape = join(
    smooth(
      [
        [-5, top + 4],
        [width * 0.3, top + 2],
        [width * 0.7, top + 4],
        [width + 5, top + 3],
      ],
      false,
    ),
    [1, width + 5, height, 1, -5, height, 4],
  )
  pen.clip(shape, () => {
    for (let i = -12; i <= 12; i++) {
      const far = x + i * 17
      pen.fill(
        polygon([
          [x + i * 4, y],
          [far - 1.8, top + 46],
          [far + 1.8, top + 46],
        ]),
        darken(color, 0.4),
        { opacity: 0.2 },
      )
    }
  })
}

function paintCopse(stage: Stage, points: readonly Point[], t: number, side: number): void {
  const { pen, random, width, light } = stage
  const count = Math.round((t === 1 ? 2 : 8) * richness(stage))
  for (let i = 0; i < count; i++) {
    const edge = random.next()
    const x = random.chance(0.5) ? edge * width * 0.36 : width - edge * width * 0.36
    const h = t === 1 ? random.range(24, 34) : (6 + t * 12) * random.range(0.7, 1.3)
    const at = t === 1 ? (i === 0 ? 4 : width - 5) : x
    paintRoundTree(pen, {
      x: at,
      y: hillAt(points, at) + 1,
      h,
      color: tone(stage, random.pick(light.foliage), 0.5 * (1 - t)),
      sun: side,
      random,
    })
  }
}

function paintFlowers(stage: Stage, horizon: number): void {
  const { pen, random, width, height, scene } = stage
  const named = colorOf(scene, 'flower', 'garden')
  const colors = (
    named !== null
      ? [named, named, '#fff4e0']
      : random.pick([
          ['#e8577e', '#f6a03d', '#fff1d6', '#8d6fd1'],
          ['#8d6fd1', '#a98be0', '#6f57b8', '#d7c6f5'],
          ['#e2453c', '#f0795c', '#ffd27a', '#fff1d6'],
        ])
  ).map(hex)
  for (let i = 0; i < 330 * richness(stage) * Math.max(1, width / 140); i++) {
    const t = Math.sqrt(i / (330 * Math.max(1, width / 140)))
    const y = horizon + (height - horizon) * (0.42 + 0.62 * t)
    const r = 0.25 + t * t * 1.5
    const [x, color] = [
      random.range(-2, width + 2),
      tone(stage, random.pick(colors), 0.3 * (1 - t)),
    ]
    if (r > 0.9) {
      pen.stroke(
        line([
          [x, y],
          [x + 0.4, y + r * 4],
        ]),
        r * 0.18,
        tone(stage, hex('#3f7d4e')),
      )
      for (let k = 0; k < 5; k++) {
        pen.at({ x, y, turn: k / 5 }, () =>
          pen.fill(ellipse(0, -r * 0.55, r * 0.36, r * 0.55), color),
        )
      }
      pen.fill(circle(x, y, r * 0.28), tone(stage, hex('#f7cf5b')))
    } else pen.fill(ellipse(x, y, r, r * 0.8), color)
  }
}

/** Paints dunes and cacti under a wide sky. */
export function paintDesert(stage: Stage): View {
  const { pen, random, width, height, light } = stage
  const horizon = height * 0.58
  const sun = paintSky(stage, horizon, 0.5 + random.range(-0.22, 0.22))
  const side = sun.x > width / 2 ? 1 : -1
  paintMountains(stage, {
    base: horizon + 3,
    high: 20,
    depth: 0.85,
    spacing: 44,
    sunX: sun.x,
    hero: null,
    color: hex('#b06a55'),
    snow: false,
  })
  for (const [i, depth] of [0.6, 0.36, 0.14, 0].entries()) {
    paintDune(stage, horizon + 3 + i * (height - horizon) * 0.24, depth, sun.x)
  }
  const green = mix(tone(stage, hex('#3f6f5a')), light.near, 0.3)
  paintCactus(pen, { x: width * 0.5 - side * 22, y: height * 0.86, h: 26, color: green })
  paintCactus(pen, {
    x: width * 0.5 + side * 30,
    y: height * 0.75,
    h: 13,
    color: mix(green, light.haze, 0.25),
  })
  const { points } = createHill(stage, height * 0.99, 1, 4)
  paintGrass(pen, {
    from: -2,
    to: width * 0.3,
    y: hillAt(points, 4) + 2,
    h: 4,
    color: lighten(green, 0.05),
    random,
  })
  return { horizon, ground: height * 0.92, sun: side, sunX: sun.x }
}

import { darken, hex, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { arc, circle, line, rect } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { richness } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky } from './sky.ts'
import { NEON, paintTowers } from './towers.ts'
import type { View } from './view.ts'
import { paintWater, sliver } from './water.ts'

/** Paints a skyline and its reflection in a harbour. */
export function paintCity(stage: Stage): View {
  const { pen, random, width, height, light, scene } = stage
  const horizon = height * 0.7
  const sun = paintSky(stage, horizon, 0.5 + random.range(-0.22, 0.22))
  const rows = (): void => paintRows(stage, horizon)
  rows()
  pen.clip(rect(-1, horizon, width + 2, height), () => {
    pen.at({ x: 0, y: horizon * 1.7, stretch: -0.7 }, () => {
      pen.fill(
        rect(-1, -1, width + 2, horizon + 3),
        linear(
          0,
          0,
          0,
          horizon,
          light.sky.map((c, i, all) => [i / (all.length - 1), c] as const),
        ),
      )
      rows()
    })
  })
  paintWater(stage, horizon, sun, scene.styles.includes('neon') ? 0.5 : 0.62)
  if (light.dark) paintStreaks(stage, horizon)
  pen.fill(rect(-1, horizon - 0.7, width + 2, 1.5), mix(light.near, light.haze, 0.15))
  if (light.dark) {
    for (let x = 1.5; x < width; x += 3.4) pen.fill(circle(x, horizon - 0.6, 0.22), light.lamp)
  }
  if (has(scene, 'bridge')) paintBridge(stage, horizon)
  return { horizon, ground: height * 0.96, sun: sun.x > width / 2 ? 1 : -1, sunX: sun.x }
}

function paintRows(stage: Stage, base: number): void {
  const neon = stage.scene.styles.includes('neon')
  const reach = Math.min(base * 0.9, 78)
  paintTowers(stage, { base, low: 14, high: reach * 0.86, depth: 0.95, seed: 'far', neon })
  if (richness(stage) === 1) {
    paintTowers(stage, { base, low: 10, high: reach, depth: 0.55, seed: 'middle', neon })
  }
  paintTowers(stage, { base, low: 7, high: reach * 0.6, depth: 0.12, seed: 'near', neon })
}

function paintStreaks({ pen, random, light, width, height, scene }: Stage, horizon: number): void {
  const colors = scene.styles.includes('neon') ? NEON : [light.lamp, light.lamp, hex('#cfe6ff')]
  for (let i = 0; i < width * 0.8; i++) {
    const t = random.next()
    pen.fill(
      sliver(
        random.range(0, width),
        horizon + 1 + t * (height - horizon),
        random.range(1.5, 6),
        0.14 + t * 0.22,
      ),
      random.pick(colors),
      { opacity: 0.5 * (1 - t * 0.7) },
    )
  }
}

function paintBridge({ pen, light, width, height }: Stage, horizon: number): void {
  const steel = mix(hex('#b5483c'), light.near, light.dark ? 0.6 : 0.2)
  const deck = horizon + (height - horizon) * 0.22
  pen.fill(rect(-1, deck, width + 2, 1.6), darken(steel, 0.2))
  for (const t of [0.26, 0.74]) {
    pen.fill(rect(width * t - 1.1, deck - 30, 2.2, 40), steel)
    for (const reach of [-1, 1]) {
      pen.stroke(
        arc(width * t + reach * width * 0.24, deck - 32, width * 0.24, reach > 0 ? 0.5 : 0, 0.25),
        0.5,
        steel,
      )
    }
  }
  for (let x = 1; x < width; x += 3) {
    pen.stroke(
      line([
        [x, deck],
        [x, deck - 5],
      ]),
      0.18,
      steel,
    )
  }
}

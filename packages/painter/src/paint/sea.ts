import { darken, hex, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { join, polygon, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { paintBeach } from './beach.ts'
import { paintHeadland } from './headland.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky } from './sky.ts'
import type { View } from './view.ts'
import { paintWater } from './water.ts'

/** Paints the sea with a lighthouse, a beach or rocks. */
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

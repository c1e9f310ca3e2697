import { lighten, mix } from '../raster/color.ts'
import { linear, vertical } from '../raster/gradient.ts'
import { lerp } from '../raster/math.ts'
import { join, rect, smooth } from '../raster/path.ts'
import type { Path, Point } from '../raster/path.ts'
import { richness } from './painter.ts'
import type { Stage } from './painter.ts'
import type { Sun } from './sky.ts'

/** Returns a horizontal sliver that is pointed at both ends. */
export function sliver(x: number, y: number, w: number, h: number): Path {
  return [0, x - w / 2, y, 2, x, y - h, x + w / 2, y, 2, x, y + h, x - w / 2, y, 4]
}

/**
 * Paints water from `horizon` to the bottom, with the glitter of the sun. An `opacity` below 1
 * keeps a reflection visible.
 */
export function paintWater(stage: Stage, horizon: number, sun: Sun, opacity = 1): void {
  const { pen, light, width, height } = stage
  const [far, close] = light.water
  pen.fill(
    rect(-1, horizon, width + 2, height - horizon + 1),
    vertical(horizon, height, [far, mix(far, close, 0.62), close]),
    { opacity },
  )
  pen.fill(
    rect(-1, horizon, width + 2, 2.4),
    linear(0, horizon, 0, horizon + 2.4, [
      [0, light.haze, 0.7],
      [1, light.haze, 0],
    ]),
  )
  paintSwells(stage, horizon)
  paintGlints(stage, horizon, sun)
}

function paintSwells(stage: Stage, horizon: number): void {
  const { pen, light, width, height } = stage
  const random = stage.random.fork('swells')
  const count = 5
  for (let i = 0; i < count; i++) {
    const t = (i + 0.8) / count
    const y = horizon + (height - horizon) * t * t
    const points: Point[] = []
    const step = lerp(9, 26, t)
    for (let x = -step; x <= width + step * 2; x += step) {
      points.push([x, y + random.range(-1, 1) * lerp(0.25, 1.6, t)])
    }
    const band = join(smooth(points, false), [
      1,
      points.at(-1)![0],
      height + 9,
      1,
      points[0]![0],
      height + 9,
      4,
    ])
    pen.fill(
      band,
      linear(0, y, 0, y + lerp(4, 18, t), [
        [0, light.water[1], 0.34],
        [1, light.water[1], 0],
      ]),
    )
  }
}

function paintGlints(stage: Stage, horizon: number, sun: Sun): void {
  const { pen, light, width, height } = stage
  const random = stage.random.fork('glints')
  const sheen = lighten(mix(light.water[0], light.glow, 0.5), 0.2)
  const depth = height - horizon
  const wide = Math.round(width * depth * 0.014 * richness(stage))
  for (let i = 0; i < wide; i++) {
    const t = random.next()
    const y = horizon + 1 + depth * t * t
    pen.fill(
      sliver(
        random.range(0, width),
        y,
        lerp(2, 15, t) * random.range(0.5, 1.2),
        lerp(0.1, 0.42, t),
      ),
      sheen,
      { opacity: random.range(0.12, 0.5) * (1 - t * 0.4) },
    )
  }
  const road = Math.round(depth * 1.5)
  for (let i = 0; i < road; i++) {
    const t = (i + random.next()) / road
    const y = horizon + 0.4 + depth * t * 0.96
    const spread = lerp(sun.r * 0.7, sun.r * 1.9, t)
    const w = lerp(3.5, 12, t) * random.range(0.4, 1.2)
    pen.fill(
      sliver(sun.x + (random.next() + random.next() - 1) * spread, y, w, lerp(0.2, 0.62, t)),
      light.sun,
      { opacity: lerp(0.85, 0.2, t) * (light.dark ? 0.7 : 0.9) },
    )
  }
}

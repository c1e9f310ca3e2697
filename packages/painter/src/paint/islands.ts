import { mix } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { lerp } from '../raster/math.ts'
import { rect } from '../raster/path.ts'
import { paintIsland } from './island.ts'
import { richness } from './painter.ts'
import type { Stage } from './painter.ts'
import { cloudShape, paintSky } from './sky.ts'

/** Paints floating islands among clouds. They continue across the sides if the pen wraps. */
export function paintIslands(stage: Stage): void {
  const { pen, random, width, height, light, scene } = stage
  const flat = scene.tile
  const sun = paintSky(stage, height, 0.5 + random.range(-0.2, 0.2))
  paintCloudSea(stage)
  const far = Math.max(2, Math.round((width / 55) * richness(stage)))
  for (let i = 0; i < far; i++) {
    paintIsland(stage, {
      x: ((i + random.range(0.1, 0.7)) * width) / far,
      y: height * random.range(0.2, 0.6),
      scale: lerp(0.22, 0.4, random.next()),
      depth: 0.75,
    })
  }
  const middle = Math.max(2, Math.round(width / 75))
  for (let i = 0; i < middle; i++) {
    paintIsland(stage, {
      x: (i / middle) * width + random.range(-6, 8),
      y: height * random.range(0.42, 0.72),
      scale: random.range(0.46, 0.58),
      depth: 0.4,
    })
  }
  paintIsland(stage, { x: width * 0.5, y: height * 0.52, scale: 1, depth: 0.06 })
  paintNearClouds(stage)
  if (!flat) {
    pen.fill(
      rect(-1, -1, width + 2, height + 2),
      radial(sun.x, sun.y, 90, [
        [0, light.glow, 0.22],
        [1, light.glow, 0],
      ]),
      { mode: 'screen' },
    )
  }
}

function paintCloudSea({ pen, random, width, height, light }: Stage): void {
  for (let i = 0; i < 8; i++) {
    const y = height * (0.62 + i * 0.055)
    const color = mix(light.haze, [1, 1, 1], light.dark ? 0.06 : 0.55)
    for (let k = 0; k < Math.max(2, width / 60); k++) {
      pen.fill(
        cloudShape(random.range(0, width), y + random.range(-2, 6), random.range(36, 62), random),
        linear(0, y - 10, 0, y + 3, [
          [0, color, 0.85],
          [1, color, 0.15],
        ]),
      )
    }
  }
}

function paintNearClouds({ pen, random, width, height, light }: Stage): void {
  for (let i = 0; i < Math.max(3, width / 40); i++) {
    const color = mix(light.haze, [1, 1, 1], light.dark ? 0.1 : 0.75)
    const y = height * random.range(0.93, 1.06)
    pen.fill(
      cloudShape(random.range(0, width), y, random.range(40, 70), random),
      linear(0, y - 14, 0, y + 2, [
        [0, color, 0.95],
        [1, color, 0.4],
      ]),
    )
  }
}

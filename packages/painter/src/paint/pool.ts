import { darken, hex, lighten } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { ellipse, polygon, rect } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'
import { paintFlamingo } from './side-animals.ts'
import { sliver } from './water.ts'

/** Paints a pool in the floor, with a flamingo if the prompt names one. */
export function paintPool(stage: Stage, floor: number, side: number): void {
  const { pen, random, width, height, scene } = stage
  const x = width / 2 + side * 14
  const top = floor + 12
  const water = hex('#3fc1cf')
  const basin = polygon([
    [x - 36, top],
    [x + 44, top],
    [x + 58, height + 3],
    [x - 60, height + 3],
  ])
  pen.fill(
    polygon([
      [x - 40, top - 2],
      [x + 48, top - 2],
      [x + 64, height + 4],
      [x - 68, height + 4],
    ]),
    hex('#fbf1e2'),
  )
  pen.fill(
    basin,
    linear(0, top, 0, height, [
      [0, lighten(water, 0.35)],
      [1, darken(water, 0.22)],
    ]),
  )
  pen.clip(basin, () => {
    pen.fill(rect(x - 80, top, 160, 3), darken(water, 0.6), { opacity: 0.28 })
    for (let i = 0; i < 46; i++) {
      const t = random.next()
      pen.fill(
        sliver(x + random.range(-50, 50), top + 2 + t * (height - top), 4 + t * 9, 0.2 + t * 0.35),
        [1, 1, 1],
        { opacity: random.range(0.25, 0.6) },
      )
    }
  })
  if (has(scene, 'flamingo')) {
    const y = top + Math.min(13, (height - top) * 0.55)
    for (let i = 0; i < 3; i++) {
      pen.stroke(ellipse(x + side * 8, y, 8 + i * 5, 1.4 + i * 0.9), 0.4, [1, 1, 1], {
        opacity: 0.6 - i * 0.16,
      })
    }
    pen.at({ x: x + side * 8, y, scale: 0.86, flip: side > 0 }, () =>
      paintFlamingo(stage, hex(colorOf(scene, 'flamingo') ?? '#f4718f'), hex),
    )
  }
}

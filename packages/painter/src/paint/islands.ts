import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { lerp } from '../raster/math.ts'
import { ellipse, polygon, rect } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { paintCabin } from './buildings.ts'
import { richness, tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { cloudShape, paintSky } from './sky.ts'
import { paintGrass, paintPine, paintRoundTree } from './trees.ts'

/** Islands afloat among clouds; leaves at one side come back at the other where the pen wraps. */
export function paintIslands(stage: Stage): void {
  const { pen, random, width, height, light, scene } = stage
  const flat = scene.tile
  const sun = paintSky(stage, height, 0.5 + random.range(-0.2, 0.2))
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
  const far = Math.max(2, Math.round((width / 55) * richness(stage)))
  for (let i = 0; i < far; i++) {
    paintIsland(
      stage,
      ((i + random.range(0.1, 0.7)) * width) / far,
      height * random.range(0.2, 0.6),
      lerp(0.22, 0.4, random.next()),
      0.75,
    )
  }
  const middle = Math.max(2, Math.round(width / 75))
  for (let i = 0; i < middle; i++) {
    paintIsland(
      stage,
      (i / middle) * width + random.range(-6, 8),
      height * random.range(0.42, 0.72),
      random.range(0.46, 0.58),
      0.4,
    )
  }
  paintIsland(stage, width * 0.5, height * 0.52, 1, 0.06)
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

function paintIsland(stage: Stage, x: number, y: number, scale: number, depth: number): void {
  const { pen, light } = stage
  const random = stage.random.fork(`island ${x} ${y}`)
  const rock = tone(stage, mix(hex('#8a6a5c'), hex('#6b6f8a'), random.next()), depth)
  const turf = tone(stage, light.foliage[random.int(0, 1)]!, depth)
  pen.at({ x, y, scale }, () => {
    const w = random.range(30, 36)
    const left: Point[] = []
    const right: Point[] = []
    const deep = random.range(30, 40)
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
    if (scale > 0.7) {
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
    for (let i = 0; i < 5; i++) {
      const tx = -w * 0.76 + i * w * 0.36
      if (scale > 0.7 && i === 2) continue
      if (random.chance(0.5)) {
        paintPine(
          pen,
          tx,
          -3.6,
          random.range(14, 24),
          mix(turf, light.near, 0.3 * (1 - depth)),
          1,
          random,
        )
      } else paintRoundTree(pen, tx, -3.6, random.range(14, 23), turf, 1, random)
    }
    if (scale > 0.7) paintCabin(stage, -5, -4.6, 13, hex('#f0dfc4'), hex('#c1543f'))
    paintGrass(pen, -w + 2, w - 2, -3.6, 2.6, darken(turf, 0.14), random)
  })
}

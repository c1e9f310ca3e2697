import { hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { createFbm } from '../raster/noise.ts'
import { circle, rect } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'
import { paintMoon, paintPlanet } from './planet.ts'
import { paintStation } from './station.ts'

const SETS = [
  ['#0b0d26', '#2a1b57', '#7a3f9c', '#e8788f', '#f2c08a'],
  ['#081426', '#12305a', '#2a7a9c', '#5fd0c4', '#f0b47a'],
  ['#120a24', '#3d1547', '#a8386a', '#f08a5c', '#e9d3a4'],
]

/** Paints a planet before nebulae and stars, with a space station if the prompt names one. */
export function paintSpace(stage: Stage): void {
  const { pen, random, width, height, scene } = stage
  const [deep, far, cloud, bright, body] = random.pick(SETS).map(hex) as [
    Color,
    Color,
    Color,
    Color,
    Color,
  ]
  const tint = hex(colorOf(scene, 'planet') ?? scene.colors[0] ?? '#000000')
  const planet = colorOf(scene, 'planet') === null && scene.colors.length === 0 ? body : tint
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, width * 0.5, height, [
      [0, deep],
      [0.6, far],
      [1, mix(far, cloud, 0.35)],
    ]),
  )
  paintNebula(stage, cloud, bright)
  for (let i = 0; i < (width * height) / 42; i++) {
    const r = random.chance(0.05) ? random.range(0.25, 0.42) : random.range(0.07, 0.19)
    pen.fill(circle(random.range(0, width), random.range(0, height), r), lighten(bright, 0.75), {
      opacity: random.range(0.3, 1),
    })
  }
  const side = random.chance(0.5) ? 1 : -1
  const r = Math.min(width, height) * 0.33
  const [x, y] = [width / 2 + side * Math.min(13, width * 0.1), height * 0.5 + r * 0.28]
  paintPlanet(stage, { x, y, r, color: planet, glow: bright, side })
  paintMoon(stage, {
    x: x - side * r * 1.5,
    y: y + r * 0.5,
    r: r * 0.17,
    color: mix(planet, hex('#cfd6ea'), 0.6),
    side,
  })
  if (has(scene, 'station')) paintStation(stage, width / 2 - side * 19, height * 0.3, side)
}

function paintNebula({ pen, random, width, height }: Stage, cloud: Color, bright: Color): void {
  const noise = createFbm(random.int(0, 1e9), 4)
  const tilt = random.range(-0.5, 0.5)
  const strength = (x: number, y: number, lift: number): number => {
    const d = (y - height / 2 - (x - width / 2) * tilt) / 42
    return Math.max(0, noise(x * 0.026 + lift, y * 0.034) - 0.4 - d * d * 0.12)
  }
  pen.field([0, 0, width, height], 1.1, (x, y) => strength(x, y, 0) * 2.1, cloud, {
    mode: 'screen',
  })
  pen.field(
    [0, 0, width, height],
    1.1,
    (x, y) => strength(x, y, 40) * strength(x, y, 0) * 9,
    bright,
    { mode: 'screen' },
  )
}

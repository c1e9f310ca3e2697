import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { ellipse, line, polygon, rect, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { colorOf } from '../scene/read-scene.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintPalm } from './trees.ts'

/** Paints a beach with a parasol, a towel and palms. */
export function paintBeach(stage: Stage, horizon: number, side: number): void {
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
  paintPalm(pen, {
    x: side > 0 ? width - 9 : 9,
    y: height - 4,
    h: 52,
    color: tone(stage, hex('#2c7a5b')),
    lean: -side * 11,
  })
  paintPalm(pen, {
    x: side > 0 ? width - 2 : 2,
    y: height,
    h: 38,
    color: tone(stage, hex('#25684f')),
    lean: -side * 6,
  })
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

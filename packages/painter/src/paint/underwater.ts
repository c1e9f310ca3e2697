import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { lerp } from '../raster/math.ts'
import { circle, ellipse, join, line, polygon, rect, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'
import { paintFish } from './side-animals.ts'

/** Below the surface: shafts of light, a reef, fish, a whale where named. */
export function paintUnderwater(stage: Stage): void {
  const { pen, random, width, height, light, scene } = stage
  const top = light.dark ? hex('#1d4f86') : hex('#7fdbe0')
  const deep = light.dark ? hex('#06122e') : hex('#0f3f77')
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, 0, height, [
      [0, top],
      [0.35, mix(top, deep, 0.45)],
      [1, deep],
    ]),
  )
  const x = width * random.range(0.35, 0.65)
  pen.fill(
    ellipse(x, 0, 60, 50),
    radial(x, 0, 60, [
      [0, [1, 1, 0.9], 0.6],
      [1, [1, 1, 0.9], 0],
    ]),
  )
  for (let i = 0; i < 8; i++) {
    const slant = random.range(-0.7, 0.7)
    const w = random.range(2, 8)
    pen.fill(
      polygon([
        [x + slant * 8 - 1, -2],
        [x + slant * 8 + 2, -2],
        [x + slant * 90 + w, height],
        [x + slant * 90 - w, height],
      ]),
      linear(0, 0, 0, height * 0.9, [
        [0, [1, 1, 0.92], 0.3],
        [1, [1, 1, 0.92], 0],
      ]),
      { mode: 'screen' },
    )
  }
  for (const [i, depth] of [0.65, 0.35, 0].entries()) {
    paintReef(stage, height * (0.78 + i * 0.08), depth, deep, top)
  }
  const orange = hex(colorOf(scene, 'fish') ?? '#f2873a')
  if (has(scene, 'whale')) paintWhale(stage, width / 2, height * 0.45)
  else {
    pen.at({ x: width / 2, y: height * 0.48, flip: random.chance(0.5) }, () =>
      paintFish(stage, orange, 0.95),
    )
  }
  for (let i = 0; i < 16; i++) {
    const t = random.next()
    const color = mix(
      random.pick([orange, hex('#f6c657'), hex('#f08fa6')]),
      mix(top, deep, 0.5),
      0.75 - t * 0.45,
    )
    pen.at(
      {
        x: width * 0.5 + random.range(-0.46, 0.46) * width,
        y: height * random.range(0.16, 0.78),
        flip: i % 3 === 0,
      },
      () => paintFish(stage, color, lerp(0.07, 0.2, t)),
    )
  }
  for (let i = 0; i < 40; i++) {
    const r = random.range(0.2, 1)
    const [bx, by] = [random.range(0, width), random.range(0, height)]
    pen.stroke(circle(bx, by, r), r * 0.25, [1, 1, 1], { opacity: 0.4 })
    pen.fill(circle(bx - r * 0.3, by - r * 0.3, r * 0.25), [1, 1, 1], { opacity: 0.7 })
  }
}

function paintReef(
  stage: Stage,
  top: number,
  depth: number,
  deep: Stage['light']['near'],
  haze: Stage['light']['near'],
): void {
  const { pen, random, width, height } = stage
  const colors = ['#f0687f', '#f5a04f', '#b565c9', '#5fc7a8', '#f7cf63'].map((c) =>
    mix(hex(c), mix(haze, deep, 0.65), 0.25 + depth),
  )
  const sand = mix(hex('#d9c79a'), mix(haze, deep, 0.7), 0.45 + depth * 0.5)
  const points: Point[] = []
  for (let i = -1; i <= 7; i++) points.push([(i / 6) * width, top + random.range(-3, 3)])
  for (let i = 0; i < width / 9; i++) {
    const [x, h, color] = [
      random.range(0, width),
      random.range(7, 20) * (1.15 - depth),
      random.pick(colors),
    ]
    if (Math.abs(x - width / 2) < 16 && depth === 0) continue
    if (i % 3 === 0) {
      for (let k = -2; k <= 2; k++) {
        pen.stroke(
          smooth(
            [
              [x, top + 4],
              [x + k * h * 0.12, top - h * 0.5],
              [x + k * h * 0.3, top - h * (1 - Math.abs(k) * 0.12)],
            ],
            false,
          ),
          h * 0.09,
          color,
        )
      }
    } else if (i % 3 === 1) {
      pen.stroke(
        smooth(
          [
            [x, top + 5],
            [x + 2, top - h * 0.4],
            [x - 2, top - h * 0.9],
            [x + 1.5, top - h * 1.4],
          ],
          false,
        ),
        h * 0.1,
        mix(hex('#3f9a78'), deep, 0.3 + depth * 0.5),
      )
    } else {
      pen.fill(
        join(
          circle(x, top, h * 0.4),
          circle(x + h * 0.4, top + 1, h * 0.3),
          circle(x - h * 0.4, top + 1, h * 0.32),
        ),
        linear(0, top - h * 0.4, 0, top + 4, [
          [0, lighten(color, 0.14)],
          [1, darken(color, 0.3)],
        ]),
      )
    }
  }
  pen.fill(
    join(smooth(points, false), [1, width * 1.2, height + 4, 1, -width * 0.2, height + 4, 4]),
    linear(0, top - 3, 0, height, [
      [0, lighten(sand, 0.1)],
      [1, darken(sand, 0.4)],
    ]),
  )
}

function paintWhale({ pen }: Stage, x: number, y: number): void {
  const blue = hex('#3f6fa8')
  pen.at({ x, y, scale: 1.1 }, () => {
    pen.fill(
      'M-34 4C-42 -2 -46 -10 -50 -10C-50 -4 -47 0 -44 3C-48 5 -51 8 -52 13C-46 13 -39 10 -34 7Z',
      darken(blue, 0.25),
    )
    const body =
      'M36 0C35 -14 20 -19 4 -17C-14 -15 -26 -6 -36 5C-24 12 -10 16 6 15.4C24 15 36 10 36 0Z'
    pen.fill(
      body,
      linear(0, -18, 0, 16, [
        [0, lighten(blue, 0.2)],
        [1, darken(blue, 0.3)],
      ]),
    )
    pen.clip(body, () => {
      pen.fill('M38 3C24 7 8 6 -4 9C-12 11 -18 12 -26 14L0 22L40 18Z', hex('#dfeef2'))
      for (let i = 0; i < 6; i++) {
        pen.stroke(
          `M34 ${6 + i * 1.7}C22 ${9 + i * 1.6} 12 ${9 + i * 1.4} 2 ${11 + i * 1.2}`,
          0.4,
          hex('#8fb3c9'),
        )
      }
    })
    pen.fill('M10 9C8 18 0 25 -8 26C-8 20 -4 12 2 8Z', darken(blue, 0.34))
    pen.fill(circle(23, -1, 1.2), hex('#12203a'))
    pen.stroke(
      line([
        [36, 2],
        [26, 4],
      ]),
      0.4,
      hex('#24406b'),
    )
  })
}

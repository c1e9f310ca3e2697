import { hex, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { lerp } from '../raster/math.ts'
import { circle, ellipse, polygon, rect } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'
import { paintReef } from './reef.ts'
import { paintFish } from './side-animals.ts'
import { paintWhale } from './whale.ts'

/** Paints an underwater view: shafts of light, a reef, and a whale or fish. */
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
  paintSunbeams(stage)
  for (const [i, depth] of [0.65, 0.35, 0].entries()) {
    paintReef(stage, { top: height * (0.78 + i * 0.08), depth, deep, haze: top })
  }
  const orange = hex(colorOf(scene, 'fish') ?? '#f2873a')
  if (has(scene, 'whale')) paintWhale(stage, width / 2, height * 0.45)
  else {
    pen.at({ x: width / 2, y: height * 0.48, flip: random.chance(0.5) }, () =>
      paintFish(stage, orange, 0.95),
    )
  }
  paintShoal(stage, orange, mix(top, deep, 0.5))
  paintBubbles(stage)
}

function paintSunbeams({ pen, random, width, height }: Stage): void {
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
}

function paintShoal(stage: Stage, orange: Color, water: Color): void {
  const { pen, random, width, height } = stage
  for (let i = 0; i < 16; i++) {
    const t = random.next()
    const color = mix(random.pick([orange, hex('#f6c657'), hex('#f08fa6')]), water, 0.75 - t * 0.45)
    pen.at(
      {
        x: width * 0.5 + random.range(-0.46, 0.46) * width,
        y: height * random.range(0.16, 0.78),
        flip: i % 3 === 0,
      },
      () => paintFish(stage, color, lerp(0.07, 0.2, t)),
    )
  }
}

function paintBubbles({ pen, random, width, height }: Stage): void {
  for (let i = 0; i < 40; i++) {
    const r = random.range(0.2, 1)
    const [bx, by] = [random.range(0, width), random.range(0, height)]
    pen.stroke(circle(bx, by, r), r * 0.25, [1, 1, 1], { opacity: 0.4 })
    pen.fill(circle(bx - r * 0.3, by - r * 0.3, r * 0.25), [1, 1, 1], { opacity: 0.7 })
  }
}

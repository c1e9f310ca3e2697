import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Random } from '../raster/random.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import { NEON } from './buildings.ts'
import { paintFigure } from './extras.ts'
import { paintPlant } from './interior.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky, paintWeather } from './sky.ts'
import { sliver } from './water.ts'

const FACADES = ['#c9785a', '#e0b37a', '#7d9aa0', '#a86a62', '#d9cbb0', '#6f8a78'].map(hex)

/** A row of old houses with a shop in the middle, and its street. */
export function paintStreet(stage: Stage): void {
  const { pen, random, width, height, light, scene } = stage
  const pavement = height * 0.76
  paintSky(stage, pavement, random.range(0.3, 0.7))
  const rows = (): void => {
    const local = stage.random.fork('row')
    const shopWidth = Math.min(50, width * 0.8)
    const left = width / 2 - shopWidth / 2
    for (let x = left, i = 0; x > -2; i++) {
      const w = local.range(22, 32)
      paintHouse(stage, x - w, pavement, w, local.range(46, 70), i, local)
      x -= w
    }
    for (let x = left + shopWidth, i = 3; x < width + 2; i++) {
      const w = local.range(22, 32)
      paintHouse(stage, x, pavement, w, local.range(46, 70), i, local)
      x += w
    }
    paintHouse(stage, left, pavement, shopWidth, 66, 5, local)
    paintShopFront(stage, left, pavement, shopWidth)
  }
  rows()
  const wet = scene.weather === 'rain' || light.dark
  const stone = mix(tone(stage, hex('#8b8791')), light.near, 0.3)
  pen.fill(
    rect(-1, pavement, width + 2, height),
    linear(0, pavement, 0, height, [
      [0, lighten(stone, 0.08)],
      [1, darken(stone, 0.45)],
    ]),
  )
  if (wet) {
    pen.clip(rect(-1, pavement + 2.6, width + 2, height), () =>
      pen.at({ x: 0, y: pavement * 1.75 + 2.6, stretch: -0.75 }, rows),
    )
    pen.fill(
      rect(-1, pavement + 2, width + 2, height),
      linear(0, pavement, 0, height, [
        [0, stone, 0.52],
        [1, darken(stone, 0.5), 0.86],
      ]),
    )
    paintPuddles(stage, pavement)
  }
  pen.fill(rect(-1, pavement, width + 2, 2.6), lighten(stone, 0.22))
  pen.fill(rect(-1, pavement + 2.6, width + 2, 0.9), darken(stone, 0.5))
  for (const side of [-1, 1]) {
    paintLampPost(stage, width / 2 + side * Math.min(38, width * 0.42), pavement + 1.6)
  }
  if (scene.weather === 'rain' || has(scene, 'umbrella', 'person', 'woman', 'man')) {
    paintWalker(stage, width / 2 + 21, pavement + 9)
  }
  paintWeather(stage)
}

function paintHouse(
  stage: Stage,
  x: number,
  base: number,
  w: number,
  h: number,
  index: number,
  random: Random,
): void {
  const { pen, light } = stage
  const wall = mix(
    tone(stage, FACADES[(index + random.int(0, 1)) % FACADES.length]!, 0.08),
    light.near,
    0.14,
  )
  const top = base - h
  const roof = mix(tone(stage, hex('#5b4a55')), light.near, 0.3)
  if (random.chance(0.5)) {
    pen.fill(
      polygon([
        [x - 0.6, top],
        [x + w * 0.14, top - 10],
        [x + w * 0.86, top - 10],
        [x + w + 0.6, top],
      ]),
      linear(0, top - 10, 0, top, [
        [0, lighten(roof, 0.14)],
        [1, roof],
      ]),
    )
  } else {
    pen.fill(
      polygon([
        [x - 0.6, top],
        [x + w / 2, top - 15],
        [x + w + 0.6, top],
      ]),
      linear(0, top - 15, 0, top, [
        [0, lighten(roof, 0.14)],
        [1, roof],
      ]),
    )
  }
  pen.fill(rect(x + w * 0.7, top - 15, w * 0.1, 10), darken(wall, 0.4))
  pen.fill(
    rect(x, top, w + 0.2, h),
    linear(0, top, 0, base, [
      [0, lighten(wall, 0.06)],
      [1, darken(wall, 0.26)],
    ]),
  )
  pen.fill(rect(x, top, w, 1.6), lighten(wall, 0.26))
  pen.fill(rect(x + w - 1.2, top, 1.2, h), darken(wall, 0.5), { opacity: 0.4 })
  const across = w > 40 ? 4 : w > 26 ? 3 : 2
  const cell = w / across
  for (let y = top + 6; y < base - 34; y += 15) {
    for (let i = 0; i < across; i++) {
      const lit = random.chance(light.dark || stage.scene.weather === 'rain' ? 0.62 : 0.06)
      const [wx, ww] = [x + cell * (i + 0.24), cell * 0.52]
      pen.fill(rect(wx - 0.7, y - 0.7, ww + 1.4, 11.4), lighten(wall, 0.34))
      pen.fill(
        rect(wx, y, ww, 10),
        linear(
          0,
          y,
          0,
          y + 10,
          lit
            ? [
                [0, light.lamp],
                [1, lighten(light.lamp, 0.35)],
              ]
            : [
                [0, mix(light.sky[1]!, light.near, 0.5)],
                [1, mix(light.sky[2]!, light.near, 0.2)],
              ],
        ),
      )
      pen.stroke(
        line([
          [wx + ww / 2, y],
          [wx + ww / 2, y + 10],
        ]),
        0.4,
        lighten(wall, 0.3),
      )
      pen.stroke(
        line([
          [wx, y + 4],
          [wx + ww, y + 4],
        ]),
        0.4,
        lighten(wall, 0.3),
      )
      if (lit) {
        pen.fill(
          rect(wx - 3, y - 3, ww + 6, 16),
          radial(wx + ww / 2, y + 5, 9, [
            [0, light.lamp, 0.3],
            [1, light.lamp, 0],
          ]),
          { mode: 'screen' },
        )
      }
      if (random.chance(0.3)) {
        pen.fill(rect(wx - 0.8, y + 10.6, ww + 1.6, 1.8), mix(light.foliage[1]!, light.near, 0.2))
      }
    }
  }
  pen.fill(rect(x + w * 0.14, base - 20, w * 0.26, 20), darken(wall, 0.62))
  pen.fill(
    rect(x + w * 0.52, base - 19, w * 0.36, 13),
    mix(light.lamp, wall, light.dark ? 0.25 : 0.7),
  )
}

function paintShopFront(stage: Stage, x: number, base: number, w: number): void {
  const { pen, studio, light, scene, random } = stage
  const trim = mix(tone(stage, hex(colorOf(scene, 'shop') ?? '#2f5d57')), studio.main, 0.14)
  const top = base - 33
  const [gx, gw] = [x + 3, w * 0.62]
  pen.fill(
    rect(x, top, w, 33),
    linear(0, top, 0, base, [
      [0, lighten(trim, 0.1)],
      [1, darken(trim, 0.35)],
    ]),
  )
  pen.fill(
    rect(gx, top + 8, gw, 19),
    linear(0, top + 8, 0, base - 6, [
      [0, lighten(light.lamp, 0.3)],
      [1, mix(light.lamp, hex('#d98a45'), 0.35)],
    ]),
  )
  pen.clip(rect(gx, top + 8, gw, 19), () => paintShelves(stage, gx, top + 8, gw))
  for (const t of [0, 0.33, 0.66, 1]) pen.fill(rect(gx + gw * t - 0.5, top + 8, 1, 19), trim)
  const dx = x + w * 0.72
  pen.fill(rect(dx, top + 7, w * 0.2, 26), darken(trim, 0.3))
  pen.fill(rect(dx + 1.4, top + 9, w * 0.2 - 2.8, 15), lighten(light.lamp, 0.1))
  pen.fill(circle(dx + w * 0.2 - 2, base - 7, 0.6), hex('#f2cf85'))
  pen.fill(roundRect(x + 4, top + 0.8, w - 8, 4.6, 0.8), darken(trim, 0.5))
  for (let i = 0; i < 7; i++) {
    pen.fill(roundRect(x + w * 0.3 + i * w * 0.06, top + 2.2, w * 0.04, 1.8, 0.5), hex('#f2cf85'))
  }
  const stripes = 10
  const colors = [mix(tone(stage, studio.main), light.lamp, 0.08), tone(stage, hex('#fff4e2'))]
  for (let i = 0; i < stripes; i++) {
    const [a, b] = [x + (i * w) / stripes, x + ((i + 1) * w) / stripes]
    const lean = ((i + 0.5) / stripes - 0.5) * 3
    pen.fill(
      `M${a} ${top + 5}H${b}L${b + lean} ${top + 11}Q${(a + b) / 2 + lean} ${top + 14} ${a + lean} ${top + 11}Z`,
      colors[i % 2]!,
    )
  }
  pen.fill(
    ellipse(x + w / 2, base - 6, w * 0.9, 30),
    radial(x + w / 2, base - 8, w * 0.72, [
      [0, light.lamp, light.time === 'day' ? 0.08 : 0.38],
      [1, light.lamp, 0],
    ]),
    { mode: 'screen' },
  )
  if (scene.styles.includes('neon')) {
    pen.soft(rect(x, top + 4, w, 1), 2, random.pick(NEON), { mode: 'screen' })
  }
  paintPlant(stage, x + w * 0.68, base + 0.6, 0.4)
}

function paintShelves({ pen, random, studio }: Stage, x: number, y: number, w: number): void {
  const covers: Color[] = [studio.main, ...studio.accents, hex('#8a4f3a'), hex('#35586b')]
  for (const shelf of [6.6, 13.4, 19.4]) {
    for (let bx = x + 1; bx < x + w;) {
      const [bw, bh] = [random.range(0.8, 1.8), random.range(3.4, 5.4)]
      if (random.chance(0.88)) {
        pen.fill(rect(bx, y + shelf - bh, bw, bh), darken(random.pick(covers), 0.15))
      }
      bx += bw + 0.1
    }
    pen.fill(rect(x, y + shelf, w, 0.7), hex('#7a4a2e'))
  }
  pen.fill(
    rect(x, y, w, 19),
    linear(0, y, 0, y + 19, [
      [0, hex('#fff0c0'), 0.4],
      [1, hex('#ffb45a'), 0.12],
    ]),
  )
}

function paintPuddles({ pen, random, light, width, height }: Stage, pavement: number): void {
  for (let i = 0; i < width * 0.7; i++) {
    const t = random.next()
    const y = pavement + 5 + t * (height - pavement)
    pen.fill(
      sliver(random.range(0, width), y, random.range(3, 12), 0.12 + t * 0.3),
      random.chance(0.5) ? light.lamp : lighten(light.sky[2]!, 0.3),
      { opacity: 0.2 },
    )
  }
  const glow = pavement + 10
  pen.fill(
    ellipse(width / 2, glow, 40, 12),
    radial(width / 2, glow, 34, [
      [0, light.lamp, 0.42],
      [1, light.lamp, 0],
    ]),
    { mode: 'screen' },
  )
}

function paintLampPost({ pen, light }: Stage, x: number, y: number): void {
  const iron = mix(light.near, hex('#20242e'), 0.5)
  pen.fill(
    polygon([
      [x - 1.6, y],
      [x - 0.5, y - 6],
      [x - 0.4, y - 38],
      [x + 0.4, y - 38],
      [x + 0.5, y - 6],
      [x + 1.6, y],
    ]),
    iron,
  )
  pen.fill(
    polygon([
      [x - 1.6, y - 38],
      [x + 1.6, y - 38],
      [x + 2.6, y - 44],
      [x - 2.6, y - 44],
    ]),
    light.lamp,
  )
  pen.fill(
    polygon([
      [x - 3.2, y - 44],
      [x + 3.2, y - 44],
      [x, y - 47.6],
    ]),
    iron,
  )
  if (light.time !== 'day') {
    pen.fill(
      circle(x, y - 41, 17),
      radial(x, y - 41, 17, [
        [0, light.lamp, 0.9],
        [0.25, light.lamp, 0.32],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
  }
}

function paintWalker(stage: Stage, x: number, y: number): void {
  const { pen, studio } = stage
  paintFigure(stage, x, y, 20)
  const cloth = tone(stage, mix(studio.accents[0], hex('#d9483b'), 0.5))
  pen.stroke(
    line([
      [x, y - 14],
      [x, y - 26],
    ]),
    0.4,
    stage.light.near,
  )
  pen.fill(
    `M${x - 10} ${y - 20}C${x - 9} ${y - 27.6} ${x + 9} ${y - 27.6} ${x + 10} ${y - 20}Q${x + 6.6} ${y - 22} ${x + 3.4} ${y - 20}Q${x} ${y - 22} ${x - 3.4} ${y - 20}Q${x - 6.6} ${y - 22} ${x - 10} ${y - 20}Z`,
    linear(x - 10, 0, x + 10, 0, [
      [0, lighten(cloth, 0.2)],
      [1, darken(cloth, 0.3)],
    ]),
  )
}

import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { paintFigure } from './extras.ts'
import { paintHouse } from './house.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintShopFront } from './shop-front.ts'
import { paintSky, paintWeather } from './sky.ts'
import { sliver } from './water.ts'

/** Paints a row of old houses with a shop in the middle, and the street in front. */
export function paintStreet(stage: Stage): void {
  const { pen, random, width, height, light, scene } = stage
  const pavement = height * 0.76
  paintSky(stage, pavement, random.range(0.3, 0.7))
  const rows = (): void => paintRow(stage, pavement)
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

/** Paints the houses on both sides of the shop, from the middle outwards, then the shop. */
function paintRow(stage: Stage, pavement: number): void {
  const { width } = stage
  const random = stage.random.fork('row')
  const shopWidth = Math.min(50, width * 0.8)
  const left = width / 2 - shopWidth / 2
  for (let x = left, i = 0; x > -2; i++) {
    const w = random.range(22, 32)
    paintHouse(stage, { x: x - w, base: pavement, w, h: random.range(46, 70), index: i, random })
    x -= w
  }
  for (let x = left + shopWidth, i = 3; x < width + 2; i++) {
    const w = random.range(22, 32)
    paintHouse(stage, { x, base: pavement, w, h: random.range(46, 70), index: i, random })
    x += w
  }
  paintHouse(stage, { x: left, base: pavement, w: shopWidth, h: 66, index: 5, random })
  paintShopFront(stage, left, pavement, shopWidth)
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

import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, polygon, rect, roundRect } from '../raster/path.ts'
import { ANIMALS, colorOf, firstOf, has } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import type { Stage } from './painter.ts'
import { paintPlant } from './plant.ts'
import { paintPool } from './pool.ts'
import { PRODUCT_PAINTERS } from './products.ts'

/** Paints the furniture of a room, and a pool or an animal if the prompt names one. */
export function paintFurniture(stage: Stage, floor: number, wall: Color): void {
  const { pen, scene, studio, random, width, height, light } = stage
  const middle = width / 2
  const pool = has(scene, 'pool')
  const side = random.chance(0.5) ? 1 : -1
  const named = colorOf(scene, 'sofa', 'chair', 'bedroom')
  const sofa = named === null ? mix(studio.accents[2], studio.main, 0.35) : hex(named)
  paintPictures(stage, middle - side * 43, floor - 46)
  if (has(scene, 'bedroom')) paintBed(stage, middle, floor + 9, sofa)
  else if (has(scene, 'kitchen')) paintCounter(stage, floor, wall)
  else paintSeat(stage, { floor, wall, sofa, side, pool })
  if (width > 110) {
    pen.at({ x: middle - side * 57, y: floor + 7, scale: 0.72 }, () =>
      PRODUCT_PAINTERS.lamp!(pen, lighten(studio.accents[1], 0.4), studio.main),
    )
    paintPlant(stage, middle + side * 55, floor + 9, 0.78)
  }
  if (pool) paintPool(stage, floor, side)
  else paintPlant(stage, middle - side * Math.min(width * 0.47, 74), floor + 17, 0.95)
  const animal = firstOf(scene, ANIMALS)
  if (animal !== null && animal !== 'flamingo') {
    paintAnimal(stage, animal, {
      x: middle - side * 32,
      y: floor + 24,
      scale: 0.42,
      map: has(scene, 'map', 'book'),
      color: colorOf(scene, animal),
      lit: false,
    })
  }
  if (light.dark) paintLampLight(stage, middle - side * 57, floor - 28)
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    radial(middle, floor - 20, Math.max(width, height) * 0.75, [
      [0.55, hex('#3a2540'), 0],
      [1, hex('#3a2540'), 0.22],
    ]),
  )
}

/** What the furniture of a room depends on. */
interface Room {
  /** Height of the line between wall and floor. */
  floor: number
  wall: Color
  /** Colour of the sofa. */
  sofa: Color
  /** Side of the pool: 1 right, -1 left. */
  side: number
  pool: boolean
}

/** Paints a sofa on a rug, with a coffee table unless there is a pool. */
function paintSeat(stage: Stage, { floor, wall, sofa, side, pool }: Room): void {
  const { pen, studio, width } = stage
  const middle = width / 2
  const at = middle + (pool ? -side * 20 : 0)
  pen.fill(
    ellipse(at, floor + (pool ? 6 : 17), pool ? 40 : 56, pool ? 4 : 8.6),
    mix(studio.surface, studio.accents[1], 0.2),
  )
  pen.fill(
    ellipse(at, floor + (pool ? 6 : 17), pool ? 36 : 51, pool ? 3.2 : 7.4),
    mix(studio.surface, studio.accents[1], 0.42),
  )
  pen.soft(ellipse(at, floor + 8, 42, 2.6), 2, darken(wall, 0.9), { opacity: 0.4 })
  pen.at({ x: at, y: floor + 8, scale: 0.94 }, () =>
    PRODUCT_PAINTERS.sofa!(pen, sofa, studio.accents[0]),
  )
  if (!pool) paintCoffeeTable(stage, middle + side * 6, floor + 19)
}

/** Darkens the room and lights it again from a lamp at (x, y). */
function paintLampLight({ pen, light, width, height }: Stage, x: number, y: number): void {
  pen.fill(rect(-1, -1, width + 2, height + 2), hex('#7680b8'), { mode: 'multiply', opacity: 0.55 })
  pen.fill(
    circle(x, y, 60),
    radial(x, y, 60, [
      [0, light.lamp, 0.5],
      [1, light.lamp, 0],
    ]),
    { mode: 'screen' },
  )
}

function paintPictures({ pen, studio }: Stage, x: number, y: number): void {
  for (const [dx, dy, w, h, i] of [
    [-9, 0, 14, 18, 0],
    [7, 3, 11, 14, 1],
  ] as const) {
    pen.soft(rect(x + dx, y + dy + 0.8, w, h), 1, studio.ink, { opacity: 0.25 })
    pen.fill(rect(x + dx, y + dy, w, h), hex('#a9794c'))
    pen.fill(rect(x + dx + 0.8, y + dy + 0.8, w - 1.6, h - 1.6), studio.surface)
    pen.clip(rect(x + dx + 2, y + dy + 2, w - 4, h - 4), () => {
      pen.fill(rect(x + dx, y + dy, w, h), lighten(studio.accents[i === 0 ? 1 : 2], 0.5))
      pen.fill(circle(x + dx + w * 0.6, y + dy + h * 0.42, w * 0.2), studio.main)
      pen.fill(
        ellipse(x + dx + w * 0.3, y + dy + h, w * 0.6, h * 0.36),
        studio.accents[i === 0 ? 2 : 0],
      )
    })
  }
}

function paintCoffeeTable({ pen, studio }: Stage, x: number, y: number): void {
  const wood = hex('#b9825a')
  pen.soft(ellipse(x, y + 1, 19, 2), 1.6, studio.ink, { opacity: 0.35 })
  for (const dx of [-11, 11]) {
    pen.fill(
      polygon([
        [x + dx - 0.8, y - 8],
        [x + dx + 0.8, y - 8],
        [x + dx * 1.2 + 0.5, y + 1],
        [x + dx * 1.2 - 0.5, y + 1],
      ]),
      darken(wood, 0.35),
    )
  }
  pen.fill(ellipse(x, y - 8, 19, 3.2), darken(wood, 0.3))
  pen.fill(
    ellipse(x, y - 9, 19, 3.2),
    linear(x - 19, 0, x + 19, 0, [
      [0, lighten(wood, 0.3)],
      [1, wood],
    ]),
  )
  pen.at({ x: x + 6, y: y - 8.6, scale: 0.16 }, () =>
    PRODUCT_PAINTERS.mug!(pen, studio.main, studio.accents[0]),
  )
  pen.at({ x: x - 6, y: y - 8.6, scale: 0.24 }, () =>
    PRODUCT_PAINTERS.vase!(pen, studio.surface, studio.accents[1]),
  )
}

function paintBed({ pen, studio }: Stage, x: number, y: number, cloth: Color): void {
  pen.fill(
    roundRect(x - 36, y - 36, 72, 34, 5),
    linear(0, y - 36, 0, y, [
      [0, lighten(hex('#b9825a'), 0.16)],
      [1, hex('#9a6844')],
    ]),
  )
  for (const dx of [-16, 16]) {
    pen.fill(
      roundRect(x + dx - 14, y - 26, 28, 13, 5),
      linear(0, y - 26, 0, y - 13, [
        [0, [1, 1, 1]],
        [1, hex('#e6ddd2')],
      ]),
    )
  }
  pen.fill(
    `M${x - 37} ${y - 15}H${x + 37}L${x + 43} ${y + 12}C${x + 43} ${y + 15} ${x - 43} ${y + 15} ${x - 43} ${y + 12}Z`,
    linear(0, y - 15, 0, y + 14, [
      [0, lighten(studio.surface, 0.4)],
      [1, darken(studio.surface, 0.14)],
    ]),
  )
  pen.fill(
    `M${x - 38.4} ${y - 6}Q${x} ${y - 1} ${x + 38.4} ${y - 6}L${x + 43} ${y + 12}C${x + 43} ${y + 15} ${x - 43} ${y + 15} ${x - 43} ${y + 12}Z`,
    linear(0, y - 6, 0, y + 14, [
      [0, lighten(cloth, 0.24)],
      [1, darken(cloth, 0.2)],
    ]),
  )
}

function paintCounter({ pen, studio, width }: Stage, floor: number, wall: Color): void {
  const x = width / 2 - 56
  const front = mix(studio.main, wall, 0.35)
  pen.fill(
    rect(x, floor - 22, 112, 28),
    linear(0, floor - 22, 0, floor + 6, [
      [0, front],
      [1, darken(front, 0.28)],
    ]),
  )
  for (let i = 0; i < 4; i++) {
    pen.stroke(roundRect(x + 2 + i * 28, floor - 19, 24, 23, 1), 0.5, darken(front, 0.4))
    pen.fill(circle(x + 23 + i * 28, floor - 10, 0.9), hex('#e5c07a'))
  }
  pen.fill(roundRect(x - 2, floor - 25, 116, 3.6, 0.8), lighten(studio.surface, 0.3))
  const small = [
    ['mug', 0.26, 12],
    ['vase', 0.36, 32],
    ['bottle', 0.34, 82],
    ['lamp', 0.36, 100],
  ] as const
  for (const [name, scale, dx] of small) {
    pen.at({ x: x + dx, y: floor - 25, scale }, () =>
      PRODUCT_PAINTERS[name]!(pen, studio.accents[dx % 3]!, studio.accents[1]),
    )
  }
}

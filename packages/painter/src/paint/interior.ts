import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial, vertical } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import { ANIMALS, colorOf, firstOf, has } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import type { Stage } from './painter.ts'
import { PRODUCT_PAINTERS } from './products.ts'
import { paintFlamingo } from './side-animals.ts'
import { cloudShape } from './sky.ts'
import { paintRoundTree } from './trees.ts'
import { sliver } from './water.ts'

/** A room seen straight on, a window's light across its floor. */
export function paintInterior(stage: Stage): void {
  const { pen, scene, studio, random, width, height, light } = stage
  const middle = width / 2
  const floor = height * 0.5 + Math.min(24, height * 0.22)
  const night = light.dark
  const air: Color = night
    ? hex('#3a3f66')
    : has(scene, 'plan') || light.time === 'golden' || scene.mood === 'cozy'
      ? hex('#ffe4bd')
      : hex('#fff6e6')
  const wall = mix(mix(studio.ground, studio.accents[2], 0.16), air, night ? 0.5 : 0.28)
  const wood = mix(hex('#cf9d6c'), air, night ? 0.45 : 0.14)
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, 0, floor, [
      [0, darken(wall, 0.1)],
      [1, lighten(wall, night ? 0.04 : 0.22)],
    ]),
  )
  pen.fill(
    rect(-1, floor, width + 2, height),
    vertical(floor, height, [lighten(wood, 0.16), darken(wood, 0.22)]),
  )
  for (let i = -16; i <= 16; i++) {
    pen.stroke(
      line([
        [middle + i * 11, floor],
        [middle + i * 27, height + 2],
      ]),
      0.22,
      darken(wood, 0.5),
      { opacity: 0.4 },
    )
  }
  pen.fill(rect(-1, floor - 2.4, width + 2, 2.6), lighten(wall, night ? 0.1 : 0.5))
  const seat = has(scene, 'window') && !has(scene, 'room', 'bedroom', 'kitchen')
  const glass = seat
    ? { x: middle - 33, y: floor - 66, w: 66, h: 58 }
    : { x: middle - 24 + random.range(-3, 3), y: floor - 62, w: 48, h: 42 }
  paintWindow(stage, glass, wall)
  if (seat) return paintSill(stage, glass, wood, wall)
  paintSunPatch(stage, glass, floor)
  paintFurniture(stage, floor, wall)
}

interface Box {
  x: number
  y: number
  w: number
  h: number
}

function paintWindow(stage: Stage, { x, y, w, h }: Box, wall: Color): void {
  const { pen, light, random, scene } = stage
  const frame = light.dark ? lighten(wall, 0.2) : hex('#fffaf2')
  pen.soft(roundRect(x - 4, y - 4, w + 8, h + 8, 2), 5, light.dark ? hex('#6f8fd0') : [1, 1, 1], {
    opacity: 0.55,
  })
  pen.fill(roundRect(x - 2, y - 2, w + 4, h + 4, 1), frame)
  pen.clip(rect(x, y, w, h), () => {
    pen.fill(rect(x, y, w, h), vertical(y, y + h, light.sky))
    const sunX = x + w * random.range(0.25, 0.75)
    if (light.dark) {
      for (let i = 0; i < 40; i++) {
        pen.fill(
          circle(x + random.next() * w, y + random.next() * h * 0.7, random.range(0.1, 0.28)),
          light.sun,
          { opacity: random.range(0.4, 1) },
        )
      }
    }
    pen.fill(
      circle(sunX, y + h * 0.32, 20),
      radial(sunX, y + h * 0.32, 20, [
        [0, light.glow, 0.8],
        [1, light.glow, 0],
      ]),
    )
    pen.fill(circle(sunX, y + h * 0.32, 4.6), light.sun)
    if (!light.dark) {
      pen.fill(cloudShape(x + w * 0.7, y + h * 0.46, w * 0.34, random), [1, 1, 1], { opacity: 0.7 })
    }
    for (const [i, k] of [0.55, 0.25, 0].entries()) {
      const tone = mix(
        mix(light.foliage[i % 2]!, light.near, light.dark ? 0.6 : 0.1),
        light.haze,
        k,
      )
      pen.fill(
        `M${x - 2} ${y + h * (0.66 + i * 0.11)}Q${x + w * 0.3} ${y + h * (0.52 + i * 0.13)} ${x + w * 0.6} ${y + h * (0.68 + i * 0.09)}L${x + w + 2} ${y + h * (0.6 + i * 0.13)}V${y + h + 2}H${x - 2}Z`,
        tone,
      )
    }
    if (scene.weather !== 'rain') {
      paintRoundTree(
        pen,
        x + w * 0.2,
        y + h,
        h * 0.55,
        mix(light.foliage[0]!, light.near, light.dark ? 0.6 : 0.05),
        1,
        random,
      )
    } else {
      for (let i = 0; i < 60; i++) {
        pen.stroke(
          line(
            [
              [x + random.next() * w, y + random.next() * h],
              [x + random.next() * w, y + random.next() * h],
            ]
              .slice(0, 1)
              .flatMap(
                ([a, b]) =>
                  [
                    [a!, b!],
                    [a! - 0.6, b! + 3],
                  ] as const,
              ),
          ),
          0.16,
          [1, 1, 1],
          { opacity: 0.5 },
        )
      }
    }
    pen.fill(
      polygon([
        [x, y],
        [x + w * 0.35, y],
        [x, y + h * 0.6],
      ]),
      [1, 1, 1],
      { opacity: 0.13 },
    )
  })
  pen.fill(rect(x + w / 2 - 0.8, y, 1.6, h), frame)
  pen.fill(rect(x, y + h * 0.36, w, 1.2), frame)
  pen.fill(roundRect(x - 4, y + h + 1, w + 8, 2.6, 0.6), lighten(frame, 0.4))
  pen.fill(rect(x - 4, y + h + 3.6, w + 8, 1.2), darken(wall, 0.4), { opacity: 0.3 })
  const cloth = mix(wall, stage.studio.accents[0], 0.3)
  for (const side of [-1, 1]) {
    const edge = side < 0 ? x - 10 : x + w + 10
    const inner = side < 0 ? x + 3 : x + w - 3
    pen.fill(
      `M${edge} ${y - 6}H${inner}C${inner + side * 1} ${y + h * 0.5} ${inner + side * 6} ${y + h * 0.7} ${inner + side * 5} ${y + h + 13}H${edge}Z`,
      linear(edge, 0, inner, 0, [
        [0, darken(cloth, 0.14)],
        [0.3, lighten(cloth, 0.3)],
        [0.55, cloth],
        [0.8, lighten(cloth, 0.3)],
        [1, darken(cloth, 0.06)],
      ]),
      { opacity: 0.94 },
    )
  }
  pen.stroke(
    line([
      [x - 13, y - 6],
      [x + w + 13, y - 6],
    ]),
    1,
    hex('#a9794c'),
  )
}

function paintSill(stage: Stage, glass: Box, wood: Color, wall: Color): void {
  const { pen, scene, width, height, studio, light } = stage
  const y = glass.y + glass.h + 1
  pen.fill(
    rect(-1, y + 1, width + 2, height),
    linear(0, y, 0, height, [
      [0, darken(wall, 0.1)],
      [1, darken(wall, 0.35)],
    ]),
  )
  pen.fill(
    roundRect(glass.x - 16, y, glass.w + 32, 6, 1),
    linear(0, y, 0, y + 6, [
      [0, lighten(wood, 0.3)],
      [1, darken(wood, 0.2)],
    ]),
  )
  pen.fill(rect(glass.x - 16, y + 6, glass.w + 32, 3), darken(wall, 0.6), { opacity: 0.3 })
  const cushion = mix(studio.accents[0], wall, 0.15)
  pen.fill(
    roundRect(width / 2 - 26, y - 3, 52, 6, 3),
    linear(0, y - 3, 0, y + 3, [
      [0, lighten(cushion, 0.2)],
      [1, darken(cushion, 0.2)],
    ]),
  )
  const animal = firstOf(scene, ANIMALS) ?? 'cat'
  pen.soft(ellipse(width / 2, y - 26, 22, 28), 6, light.glow, { opacity: light.dark ? 0.12 : 0.35 })
  paintAnimal(stage, animal, width / 2, y - 1, 0.82, {
    map: has(scene, 'map', 'book'),
    color: colorOf(scene, animal),
    lit: false,
  })
  pen.at({ x: width / 2 + 34, y: y + 0.6, scale: 0.42 }, () =>
    PRODUCT_PAINTERS.vase!(pen, studio.main, studio.accents[1]),
  )
  pen.at({ x: width / 2 - 35, y: y + 0.6, scale: 0.4 }, () =>
    PRODUCT_PAINTERS.book!(pen, studio.accents[0], studio.accents[2]),
  )
}

function paintSunPatch({ pen, light, height }: Stage, { x, w }: Box, floor: number): void {
  const glow = light.dark ? hex('#8fa8e0') : light.glow
  for (const t of [0, 0.53]) {
    const left = x + w * t - 4
    const right = left + w * 0.46
    pen.soft(
      polygon([
        [left, floor + 4],
        [right, floor + 4],
        [right + 14, height - 6],
        [left + 8, height - 6],
      ]),
      1.6,
      glow,
      { opacity: light.dark ? 0.14 : 0.4, mode: 'screen' },
    )
  }
}

function paintFurniture(stage: Stage, floor: number, wall: Color): void {
  const { pen, scene, studio, random, width, height, light } = stage
  const middle = width / 2
  const pool = has(scene, 'pool')
  const side = random.chance(0.5) ? 1 : -1
  const cloth = hex(colorOf(scene, 'sofa', 'chair', 'bedroom') ?? '#000001')
  const sofa =
    colorOf(scene, 'sofa', 'chair', 'bedroom') === null
      ? mix(studio.accents[2], studio.main, 0.35)
      : cloth
  paintPictures(stage, middle - side * 43, floor - 46)
  if (has(scene, 'bedroom')) paintBed(stage, middle, floor + 9, sofa)
  else if (has(scene, 'kitchen')) paintCounter(stage, floor, wall)
  else {
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
    paintAnimal(stage, animal, middle - side * 32, floor + 24, 0.42, {
      map: has(scene, 'map', 'book'),
      color: colorOf(scene, animal),
      lit: false,
    })
  }
  if (light.dark) {
    pen.fill(rect(-1, -1, width + 2, height + 2), hex('#7680b8'), {
      mode: 'multiply',
      opacity: 0.55,
    })
  }
  if (light.dark) {
    pen.fill(
      circle(middle - side * 57, floor - 28, 60),
      radial(middle - side * 57, floor - 28, 60, [
        [0, light.lamp, 0.5],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
  }
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    radial(middle, floor - 20, Math.max(width, height) * 0.75, [
      [0.55, hex('#3a2540'), 0],
      [1, hex('#3a2540'), 0.22],
    ]),
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

/** A potted plant with broad leaves. */
export function paintPlant({ pen, studio }: Stage, x: number, y: number, scale: number): void {
  const green = mix(hex('#3f8263'), studio.accents[2], 0.16)
  const pot = mix(hex('#d6906a'), studio.ground, 0.2)
  pen.soft(ellipse(x, y, 10 * scale, 1.6 * scale), 1.4, studio.ink, { opacity: 0.35 })
  pen.at({ x, y, scale }, () => {
    for (let i = 0; i < 9; i++) {
      const turn = (i - 4) * 0.062
      pen.at({ x: 0, y: -13, turn, scale: 1 - Math.abs(i - 4) * 0.05 }, () => {
        const leaf = 'M0 0L-0.4 -15C-8 -19 -7 -32 0 -40C7 -32 8 -19 0.4 -15Z'
        pen.fill(
          leaf,
          linear(-6, 0, 6, 0, [
            [0, darken(green, 0.34 - (i % 3) * 0.1)],
            [0.5, green],
            [0.51, lighten(green, 0.1)],
            [1, lighten(green, 0.22)],
          ]),
        )
      })
    }
    pen.fill(
      'M-8.6 -15H8.6L6.6 0.4H-6.6Z',
      linear(-8, 0, 8, 0, [
        [0, lighten(pot, 0.3)],
        [1, darken(pot, 0.3)],
      ]),
    )
    pen.fill(
      roundRect(-9.4, -16.4, 18.8, 3.6, 1),
      linear(-9, 0, 9, 0, [
        [0, lighten(pot, 0.4)],
        [1, darken(pot, 0.16)],
      ]),
    )
  })
}

function paintPool(stage: Stage, floor: number, side: number): void {
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

import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, ring, roundRect, star } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Noun } from '../scene/read-words.ts'
import { rounded } from './thing-painter.ts'
import type { ThingPainter } from './thing-painter.ts'

const GOLD = hex('#f2bd4c')

function paintPotion(pen: Pen, color: Color): void {
  pen.fill(
    circle(0, -24, 36),
    radial(0, -24, 36, [
      [0, color, 0.6],
      [1, color, 0],
    ]),
    { mode: 'screen' },
  )
  const glass =
    'M-6 -52V-42C-6 -38 -23 -34 -23 -18C-23 -6 -13 0.6 0 0.6C13 0.6 23 -6 23 -18C23 -34 6 -38 6 -42V-52Z'
  pen.fill(
    glass,
    linear(-23, 0, 23, 0, [
      [0, mix(color, hex('#dff4ff'), 0.5)],
      [0.5, mix(color, hex('#f2fbff'), 0.75)],
      [1, mix(color, hex('#9cb8d8'), 0.5)],
    ]),
  )
  pen.at({ x: 0, y: -1.6, scale: 0.9 }, () => pen.clip(glass, () => paintLiquid(pen, color)))
  paintStopper(pen)
  for (const [x, y, r] of [
    [-25, -44, 3.4],
    [24, -47, 2.6],
    [28, -30, 1.7],
    [-29, -28, 1.6],
  ] as const) {
    pen.fill(star(x, y, 4, r, r * 0.24), lighten(color, 0.72))
  }
}

function paintLiquid(pen: Pen, color: Color): void {
  pen.fill(
    'M-26 -24C-14 -29 -8 -18 2 -22C12 -26 18 -24 26 -21V4H-26Z',
    radial(-4, -14, 30, [
      [0, lighten(color, 0.5)],
      [0.5, color],
      [1, darken(color, 0.6)],
    ]),
  )
  pen.fill(
    'M-26 -24C-14 -29 -8 -18 2 -22C12 -26 18 -24 26 -21V-19C18 -22 12 -23 2 -19.4C-8 -16 -14 -26 -26 -21.6Z',
    lighten(color, 0.6),
  )
  for (const [x, y, r] of [
    [-8, -9, 2.4],
    [6, -13, 1.7],
    [11, -6, 1.2],
    [-2, -4, 1.1],
    [-13, -15, 1.3],
    [2, -30, 1.2],
    [-3, -36, 0.9],
  ] as const) {
    pen.fill(circle(x, y, r), lighten(color, 0.7), { opacity: 0.8 })
    pen.fill(circle(x - r * 0.3, y - r * 0.3, r * 0.35), [1, 1, 1])
  }
}

/** Paints the highlights of the glass, the collar and the cork. */
function paintStopper(pen: Pen): void {
  pen.fill(
    'M-17.6 -22C-17 -28 -12 -31.6 -9 -33C-12 -28 -14 -22 -13.4 -14C-17 -15 -18 -18 -17.6 -22Z',
    [1, 1, 1],
    { opacity: 0.75 },
  )
  pen.fill(ellipse(14.6, -10, 1.5, 3.6), [1, 1, 1], { opacity: 0.5 })
  pen.fill(roundRect(-8.4, -55, 16.8, 5, 2), rounded(-8, 8, GOLD))
  pen.fill(roundRect(-6.6, -42.6, 13.2, 3, 1.5), rounded(-7, 7, GOLD))
  pen.fill('M-5.4 -55L-6.6 -64Q0 -66.6 6.6 -64L5.4 -55Z', rounded(-6, 6, hex('#b07a4a')))
}

function paintSword(pen: Pen, color: Color): void {
  pen.at({ x: 0, y: -32, turn: 0.125 }, () => {
    paintBlade(pen, color)
    paintHilt(pen, color)
  })
  for (const [x, y, r] of [
    [28, -56, 3.6],
    [14, -66, 1.8],
  ] as const) {
    pen.fill(star(x, y, 4, r, r * 0.22), [1, 1, 1])
  }
}

function paintBlade(pen: Pen, color: Color): void {
  pen.fill(
    polygon([
      [-4.4, 14],
      [4.4, 14],
      [4.4, -34],
      [0, -43],
      [-4.4, -34],
    ]),
    linear(-4.4, 0, 4.4, 0, [
      [0, lighten(color, 0.86)],
      [0.49, lighten(color, 0.6)],
      [0.5, mix(color, hex('#7f8fae'), 0.5)],
      [1, mix(lighten(color, 0.4), hex('#b9c6dc'), 0.5)],
    ]),
  )
  pen.fill(
    polygon([
      [-0.9, 12],
      [0.9, 12],
      [0.9, -28],
      [0, -31],
      [-0.9, -28],
    ]),
    mix(color, hex('#5a6a90'), 0.4),
    { opacity: 0.6 },
  )
}

function paintHilt(pen: Pen, color: Color): void {
  pen.fill(
    'M-16 13C-10 10 10 10 16 13C17 16 15 19 12 18C6 16 -6 16 -12 18C-15 19 -17 16 -16 13Z',
    linear(0, 10, 0, 19, [
      [0, lighten(GOLD, 0.4)],
      [1, darken(GOLD, 0.3)],
    ]),
  )
  pen.fill(
    polygon([
      [0, 10.4],
      [3.6, 14],
      [0, 17.6],
      [-3.6, 14],
    ]),
    color,
  )
  pen.fill(roundRect(-2.6, 17, 5.2, 15, 2), rounded(-3, 3, hex('#6b3f2c')))
  for (let i = 0; i < 4; i++) {
    pen.stroke(
      line([
        [-2.5, 20 + i * 3.2],
        [2.5, 18.6 + i * 3.2],
      ]),
      0.7,
      GOLD,
    )
  }
  pen.fill(
    circle(0, 34.4, 4),
    radial(-1, 33, 5, [
      [0, lighten(GOLD, 0.5)],
      [1, darken(GOLD, 0.3)],
    ]),
  )
}

function paintChest(pen: Pen, color: Color): void {
  const wood = mix(color, hex('#a5673a'), 0.6)
  pen.fill(
    ellipse(0, -34, 34, 20),
    radial(0, -34, 34, [
      [0, hex('#ffe08a'), 0.8],
      [1, hex('#ffe08a'), 0],
    ]),
    { mode: 'screen' },
  )
  paintLid(pen, wood)
  paintTreasure(pen)
  paintBox(pen, wood)
  paintLock(pen)
}

function paintLid(pen: Pen, wood: Color): void {
  pen.fill(
    'M-28 -36C-28 -58 28 -58 28 -36L26 -30H-26Z',
    linear(0, -54, 0, -30, [
      [0, lighten(wood, 0.15)],
      [1, darken(wood, 0.55)],
    ]),
  )
}

function paintTreasure(pen: Pen): void {
  for (let i = 0; i < 15; i++) {
    pen.fill(
      ellipse(-21 + i * 3, -28 - ((i * 7) % 5) * 1.3, 4, 2.6),
      i % 2 === 0 ? GOLD : lighten(GOLD, 0.4),
    )
  }
  pen.fill(
    polygon([
      [-4, -35],
      [0, -40],
      [4, -35],
      [0, -29],
    ]),
    hex('#e8506a'),
  )
  pen.fill(
    polygon([
      [10, -33],
      [13, -37],
      [16, -33],
      [13, -28],
    ]),
    hex('#4fb8d8'),
  )
}

function paintBox(pen: Pen, wood: Color): void {
  pen.fill(
    roundRect(-29, -27, 58, 27, 3),
    linear(0, -27, 0, 0, [
      [0, lighten(wood, 0.12)],
      [1, darken(wood, 0.35)],
    ]),
  )
  for (const y of [-18, -9]) {
    pen.stroke(
      line([
        [-28, y],
        [28, y],
      ]),
      0.6,
      darken(wood, 0.6),
      { opacity: 0.7 },
    )
  }
  for (const x of [-24, 17]) {
    pen.fill(rect(x, -27, 7, 27), rounded(x, x + 7, GOLD))
    for (const y of [-23, -4]) pen.fill(circle(x + 3.5, y, 1.1), darken(GOLD, 0.4))
  }
}

function paintLock(pen: Pen): void {
  pen.fill(
    rect(-29, -28.6, 58, 4),
    linear(0, -29, 0, -24, [
      [0, lighten(GOLD, 0.35)],
      [1, darken(GOLD, 0.2)],
    ]),
  )
  pen.fill(
    roundRect(-6, -29, 12, 14, 3),
    linear(0, -29, 0, -15, [
      [0, lighten(GOLD, 0.3)],
      [1, darken(GOLD, 0.2)],
    ]),
  )
  pen.fill('M-1.8 -22.6C-1.8 -26 1.8 -26 1.8 -22.6L2.2 -18H-2.2Z', hex('#3a2620'))
}

function paintShield(pen: Pen, color: Color): void {
  const outline =
    'M0 -64C10 -58 20 -56 27 -56C29 -30 20 -10 0 1C-20 -10 -29 -30 -27 -56C-20 -56 -10 -58 0 -64Z'
  pen.fill(
    outline,
    linear(-27, -60, 27, 0, [
      [0, lighten(GOLD, 0.5)],
      [0.5, GOLD],
      [1, darken(GOLD, 0.4)],
    ]),
  )
  pen.at({ x: 0, y: -5, scale: 0.84 }, () => {
    pen.fill(
      outline,
      linear(-20, -60, 20, 0, [
        [0, lighten(color, 0.2)],
        [1, darken(color, 0.4)],
      ]),
    )
    pen.clip(outline, () => pen.fill(rect(0, -70, 40, 80), darken(color, 0.6), { opacity: 0.35 }))
  })
  pen.fill(
    star(0, -33, 8, 15, 5.4),
    linear(-12, -46, 12, -20, [
      [0, lighten(GOLD, 0.7)],
      [1, GOLD],
    ]),
  )
  pen.fill(
    circle(0, -33, 4.4),
    radial(-1.2, -34.4, 6, [
      [0, [1, 1, 1]],
      [1, color],
    ]),
  )
}

function paintCoin(pen: Pen, color: Color): void {
  const metal = mix(color, GOLD, 0.75)
  pen.fill(ellipse(4, -29, 28, 29), darken(metal, 0.5))
  pen.fill(
    circle(0, -29.6, 29),
    linear(-20, -52, 20, -6, [
      [0, lighten(metal, 0.6)],
      [0.5, metal],
      [1, darken(metal, 0.2)],
    ]),
  )
  pen.fill(ring(0, -29.6, 24, 22), darken(metal, 0.3))
  pen.fill(
    star(0, -29, 5, 15, 6.6),
    linear(0, -44, 0, -16, [
      [0, lighten(metal, 0.75)],
      [1, lighten(metal, 0.2)],
    ]),
  )
  pen.clip(circle(0, -29.6, 29), () =>
    pen.fill(
      polygon([
        [-26, -8],
        [-12, -60],
        [-4, -60],
        [-18, -6],
      ]),
      [1, 1, 1],
      { opacity: 0.3 },
    ),
  )
  pen.fill(star(22, -54, 4, 6, 1.4), [1, 1, 1])
}

function paintGem(pen: Pen, color: Color): void {
  pen.fill(
    circle(0, -30, 38),
    radial(0, -30, 38, [
      [0, color, 0.4],
      [1, color, 0],
    ]),
    { mode: 'screen' },
  )
  const top = [
    [-28, -40],
    [-16, -56],
    [0, -56],
    [16, -56],
    [28, -40],
  ] as const
  const girdle = [
    [-28, -40],
    [-11, -40],
    [11, -40],
    [28, -40],
  ] as const
  pen.fill(polygon([...top, [0, 0]]), color)
  const facets: readonly (readonly [readonly (readonly [number, number])[], number])[] = [
    [[top[0], top[1], girdle[1]], 0.35],
    [[top[1], top[2], girdle[1]], 0.6],
    [[top[2], girdle[2], girdle[1]], 0.8],
    [[top[2], top[3], girdle[2]], 0.45],
    [[top[3], top[4], girdle[2]], 0.12],
    [[girdle[0], girdle[1], [0, 0]], 0.22],
    [[girdle[1], girdle[2], [0, 0]], 0.42],
  ]
  for (const [corners, light] of facets) pen.fill(polygon(corners), lighten(color, light))
  pen.fill(polygon([girdle[2], girdle[3], [0, 0]]), darken(color, 0.4))
  for (const [x, y, r] of [
    [-22, -60, 4],
    [25, -52, 2.8],
    [24, -12, 2],
  ] as const) {
    pen.fill(star(x, y, 4, r, r * 0.24), [1, 1, 1])
  }
}

/** The painter and the default colour of each game item. */
export const ITEM_PAINTERS: Readonly<Partial<Record<Noun, readonly [ThingPainter, Color]>>> = {
  potion: [paintPotion, hex('#b04fe0')],
  sword: [paintSword, hex('#4f8fe0')],
  chest: [paintChest, hex('#a5673a')],
  shield: [paintShield, hex('#2f6fb8')],
  coin: [paintCoin, GOLD],
  gem: [paintGem, hex('#2fb8c9')],
}

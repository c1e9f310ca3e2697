import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, polygon, rect } from '../raster/path.ts'
import { colorOf, firstOf, has } from '../scene/read-scene.ts'
import type { Noun } from '../scene/read-words.ts'
import { FOOD_PAINTERS } from './food.ts'
import { ITEM_PAINTERS } from './items.ts'
import type { Stage } from './painter.ts'
import { PRODUCT_PAINTERS } from './products.ts'
import type { ThingPainter } from './thing-painter.ts'

/** The thing that a still life shows. */
interface Subject {
  draw: ThingPainter
  color: Color
  accent: Color
  glows: boolean
}

/** Paints a product, dish or game item before a wall, in the light of a window. */
export function paintStillLife(stage: Stage): void {
  const { pen, width, height, transparent, scene } = stage
  const subject = chooseSubject(stage)
  const base = transparent
    ? height / 2 + 33 * fit(stage)
    : height * 0.5 + Math.min(31, height * 0.24)
  if (transparent) {
    if (!subject.glows) {
      pen.soft(
        ellipse(width / 2, base, 26 * fit(stage), 3 * fit(stage)),
        2.4 * fit(stage),
        [0.12, 0.1, 0.18],
        { opacity: 0.3 },
      )
    }
  } else if (subject.glows) paintVault(stage, subject.color, base)
  else paintTable(stage, subject.color, base)
  const scale = transparent ? fit(stage) : Math.min(1.02, height / 90)
  pen.at({ x: width / 2, y: base, scale }, () => subject.draw(pen, subject.color, subject.accent))
  if (!transparent && !subject.glows && !scene.styles.includes('minimal')) {
    paintCompanion(stage, base)
  }
}

function fit({ width, height }: Stage): number {
  return Math.min(width, height) / 82
}

function chooseSubject({ scene, studio, random }: Stage): Subject {
  const item = firstOf(scene, Object.keys(ITEM_PAINTERS) as Noun[])
  const food = firstOf(scene, Object.keys(FOOD_PAINTERS) as Noun[])
  const product = firstOf(scene, Object.keys(PRODUCT_PAINTERS) as Noun[])
  const named = (name: Noun | null): Color | null => {
    const text =
      (name === null ? null : colorOf(scene, name)) ??
      colorOf(scene, 'product', 'item') ??
      scene.colors[0] ??
      null
    return text === null ? null : hex(text)
  }
  if (scene.kind === 'item') {
    const [draw, own] =
      ITEM_PAINTERS[item ?? random.pick(['potion', 'sword', 'chest', 'gem', 'shield'] as const)]!
    return { draw, color: named(item) ?? own, accent: studio.accents[0], glows: true }
  }
  if (food !== null && (product === null || scene.kind === 'food')) {
    const [draw, own] = FOOD_PAINTERS[food]!
    return { draw, color: named(food) ?? own, accent: studio.accents[1], glows: false }
  }
  const name = product ?? random.pick(['bottle', 'perfume', 'vase', 'mug'] as const)
  return {
    draw: PRODUCT_PAINTERS[name]!,
    color: named(name) ?? studio.main,
    accent: studio.accents[0],
    glows: false,
  }
}

function paintTable(stage: Stage, color: Color, base: number): void {
  const { pen, scene, studio, width, height, random } = stage
  const named = colorOf(scene, 'background')
  // The wall must contrast with the subject, so it takes its tint but not its lightness.
  const tint =
    luma(color) > 0.8
      ? mix(studio.accents[2], studio.ground, 0.45)
      : mix(studio.ground, mix(color, [1, 1, 1], 0.55), 0.3)
  const wall = named !== null ? hex(named) : tint
  const top = colorOf(scene, 'table')
  const table = top !== null ? hex(top) : has(scene, 'table') ? hex('#c99566') : lighten(wall, 0.38)
  const edge = base - Math.min(15, height * 0.14)
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, 0, edge, [
      [0, darken(wall, 0.1)],
      [1, lighten(wall, 0.18)],
    ]),
  )
  const side = random.chance(0.5) ? 1 : -1
  paintWindowLight(stage, edge, side)
  pen.fill(
    circle(width / 2, edge - 14, 62),
    radial(width / 2, edge - 14, 62, [
      [0, lighten(wall, 0.7), 0.55],
      [1, lighten(wall, 0.7), 0],
    ]),
  )
  pen.fill(
    rect(-1, edge, width + 2, height),
    linear(0, edge, 0, height, [
      [0, lighten(table, 0.1)],
      [1, darken(table, 0.2)],
    ]),
  )
  pen.fill(rect(-1, edge, width + 2, 0.5), lighten(table, 0.6), { opacity: 0.7 })
  const shade = darken(table, 0.75)
  pen.soft(
    polygon([
      [width / 2 - 20, base - 1.4],
      [width / 2 + 20, base - 1.4],
      [width / 2 + 20 - side * 48, base + 11],
      [width / 2 - 20 - side * 48, base + 11],
    ]),
    5,
    shade,
    { opacity: 0.24 },
  )
  pen.soft(ellipse(width / 2 - side * 3, base, 28, 3.2), 2.4, shade, { opacity: 0.5 })
}

function paintWindowLight({ pen, width, random, light }: Stage, edge: number, side: number): void {
  const x = width / 2 + side * random.range(8, 18)
  const glow: Color = light.dark ? hex('#8fb0e8') : hex('#fff3d4')
  for (const [dx, dy] of [
    [0, 0],
    [17, 0],
    [0, 25],
    [17, 25],
  ] as const) {
    const left = x + dx - 17
    const top = edge - 66 + dy
    const pane = polygon([
      [left, top],
      [left + 14, top - side * 4],
      [left + 14 - side * 5, top + 21 - side * 4],
      [left - side * 5, top + 21],
    ])
    pen.soft(pane, 1.6, glow, { opacity: 0.34 })
  }
}

/** Paints a vase, a stack of books or a plant beside the subject. */
function paintCompanion({ pen, random, width, studio }: Stage, base: number): void {
  const side = random.chance(0.5) ? 1 : -1
  const x = width / 2 + side * Math.min(57, width * 0.43)
  const kind = random.int(0, 2)
  const clay = mix(studio.accents[2], studio.ground, 0.3)
  pen.soft(ellipse(x, base - 5, 12, 1.8), 1.6, darken(clay, 0.8), { opacity: 0.35 })
  if (kind === 0) {
    pen.at({ x, y: base - 5, scale: 0.72 }, () =>
      PRODUCT_PAINTERS.vase!(pen, clay, studio.accents[1]),
    )
  } else if (kind === 1) {
    pen.at({ x, y: base - 5, scale: 0.6 }, () =>
      PRODUCT_PAINTERS.book!(pen, clay, studio.accents[0]),
    )
  } else {
    const green = mix(hex('#6a9a72'), studio.accents[2], 0.3)
    pen.fill(
      `M${x - 7} ${base - 18}H${x + 7}L${x + 5.4} ${base - 5}H${x - 5.4}Z`,
      linear(x - 7, 0, x + 7, 0, [
        [0, lighten(clay, 0.25)],
        [1, darken(clay, 0.3)],
      ]),
    )
    for (let i = 0; i < 7; i++) {
      pen.at({ x, y: base - 17, turn: (i - 3) * 0.065 }, () =>
        pen.fill(
          'M0 0C-4 -8 -3 -17 0 -23C3 -17 4 -8 0 0Z',
          linear(0, 0, 0, -23, [
            [0, darken(green, 0.35)],
            [1, lighten(green, 0.08 + i * 0.02)],
          ]),
        ),
      )
    }
  }
}

function paintVault({ pen, width, height, random }: Stage, color: Color, base: number): void {
  const deep = mix(darken(color, 0.9), hex('#171530'), 0.7)
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    radial(width / 2, base - 30, Math.max(width, height) * 0.62, [
      [0, mix(color, deep, 0.35)],
      [0.5, mix(color, deep, 0.78)],
      [1, deep],
    ]),
  )
  for (let i = 0; i < 12; i++) {
    pen.at({ x: width / 2, y: base - 30, turn: i / 12 + 0.02 }, () =>
      pen.fill(
        polygon([
          [0, 0],
          [-7, -150],
          [7, -150],
        ]),
        linear(0, 0, 0, -110, [
          [0, lighten(color, 0.3), 0.2],
          [1, color, 0],
        ]),
        { mode: 'screen' },
      ),
    )
  }
  pen.fill(ellipse(width / 2, base + 3, 36, 7), darken(deep, 0.5))
  pen.fill(
    ellipse(width / 2, base + 1, 34, 6),
    linear(0, base - 6, 0, base + 7, [
      [0, mix(color, hex('#8f88b0'), 0.6)],
      [1, deep],
    ]),
  )
  for (let i = 0; i < 46; i++) {
    pen.fill(
      circle(random.range(0, width), random.range(0, height), random.range(0.15, 0.6)),
      lighten(color, 0.5),
      { opacity: random.range(0.2, 0.8) },
    )
  }
}

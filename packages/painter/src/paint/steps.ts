import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, polygon, rect, roundRect } from '../raster/path.ts'
import type { Shape } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import type { Noun } from '../scene/read-words.ts'
import type { Box } from './box.ts'
import { FOOD_PAINTERS } from './food.ts'
import type { Stage } from './painter.ts'
import { paintPlant } from './plant.ts'
import { PRODUCT_PAINTERS } from './products.ts'

/** Digits as strokes in a box of 6 by 10 units. */
const DIGITS: readonly Shape[] = [
  'M3 0C0.4 0 0 2.6 0 5C0 7.4 0.4 10 3 10C5.6 10 6 7.4 6 5C6 2.6 5.6 0 3 0Z',
  'M1 2L3.4 0V10M1 10H5.8',
  'M0.3 2.6C0.3 -0.8 5.7 -0.8 5.7 2.6C5.7 5 0.3 7.4 0.3 10H5.9',
  'M0.4 1.6C2 -0.8 5.6 -0.2 5.5 2.4C5.4 4.4 3.6 4.8 2.4 4.8C4 4.8 5.9 5.4 5.8 7.4C5.6 10.6 1.4 10.8 0.1 8.2',
  'M4.6 10V0L0 6.8H6.2',
  'M5.4 0H1.2L0.7 4.6C2.4 3.4 5.9 3.8 5.9 6.8C5.9 10.4 1.4 10.8 0.1 8.4',
  'M5 0.2C1.6 1.6 0 5 0.2 7.2C0.6 11 5.8 10.8 5.8 7C5.8 3.6 1.6 3.4 0.4 6',
]

/** Paints four numbered cards that arrows connect. */
export function paintSteps(stage: Stage): void {
  const { pen, studio, width, height, scene } = stage
  const count = 4
  const wide = width >= height * 1.6
  const tall = height >= width * 1.6
  const [columns, rows] = wide ? [count, 1] : tall ? [1, count] : [2, count / 2]
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, width, height, [
      [0, lighten(studio.ground, 0.4)],
      [1, studio.ground],
    ]),
  )
  for (let i = 0; i < 5; i++) {
    pen.fill(
      circle(
        stage.random.range(0, width),
        stage.random.range(0, height),
        stage.random.range(10, 26),
      ),
      studio.accents[i % 3]!,
      { opacity: 0.08 },
    )
  }
  const gap = wide ? 9 : 10
  const margin = wide ? Math.max(6, height * 0.08) : 8
  const w = (width - margin * 2 - gap * (columns - 1)) / columns
  const h = Math.min((height - margin * 2 - gap * (rows - 1)) / rows, w * 1.45)
  const top = (height - h * rows - gap * (rows - 1)) / 2
  for (let i = 0; i < count; i++) {
    const [x, y] = [margin + (i % columns) * (w + gap), top + Math.floor(i / columns) * (h + gap)]
    paintCard(stage, { x, y, w, h }, i)
    if (i === count - 1) continue
    if (i % columns < columns - 1) paintArrow(stage, x + w + gap / 2, y + h / 2, 0)
    else if (columns === 1) paintArrow(stage, x + w / 2, y + h + gap / 2, 0.25)
    else paintArrow(stage, width / 2, y + h + gap / 2, 0.375)
  }
  if (has(scene, 'leaf')) paintPlant(stage, width - 8, height, 0.5)
}

function paintCard(stage: Stage, { x, y, w, h }: Box, index: number): void {
  const { pen, studio } = stage
  const colors: readonly Color[] = [studio.main, ...studio.accents]
  const color = colors[index % colors.length]!
  pen.soft(roundRect(x, y + 1.4, w, h, 4), 3, studio.ink, { opacity: 0.22 })
  pen.fill(roundRect(x, y, w, h, 4), lighten(studio.surface, 0.4))
  const picture = h * 0.7
  pen.clip(roundRect(x + 2, y + 2, w - 4, picture - 2, 2.8), () => {
    const tint = mix(color, [1, 1, 1], 0.72)
    pen.fill(
      rect(x, y, w, picture + 2),
      linear(0, y, 0, y + picture, [
        [0, lighten(tint, 0.3)],
        [1, tint],
      ]),
    )
    pen.fill(ellipse(x + w / 2, y + picture, w * 0.6, picture * 0.26), mix(color, [1, 1, 1], 0.48))
    const scale = Math.min(w / 74, picture / 82)
    pen.at({ x: x + w / 2, y: y + picture * 0.9, scale }, () =>
      paintStepPicture(stage, index, color),
    )
  })
  const r = Math.min(5, w * 0.12)
  pen.fill(circle(x + r + 3.2, y + r + 3.2, r), luma(color) > 0.7 ? darken(color, 0.4) : color)
  pen.at({ x: x + r + 3.2 - r * 0.33, y: y + r + 3.2 - r * 0.55, scale: r * 0.11 }, () =>
    pen.stroke(DIGITS[index + 1]!, 1.5, [1, 1, 1]),
  )
  const line = Math.min(2, h * 0.035)
  pen.fill(
    roundRect(x + w * 0.14, y + picture + (h - picture) * 0.28, w * 0.72, line, line / 2),
    mix(studio.ink, studio.surface, 0.25),
  )
  pen.fill(
    roundRect(
      x + w * 0.14,
      y + picture + (h - picture) * 0.55,
      w * (0.44 + (index % 2) * 0.12),
      line * 0.8,
      line / 2,
    ),
    mix(studio.ink, studio.surface, 0.65),
  )
}

function paintArrow({ pen, studio }: Stage, x: number, y: number, turn: number): void {
  pen.at({ x, y, turn }, () => {
    pen.fill(circle(0, 0, 3.6), studio.surface)
    pen.stroke('M-1.8 0H1.7M0 -1.7L1.8 0L0 1.7', 0.85, studio.main)
  })
}

function paintStepPicture(stage: Stage, index: number, color: Color): void {
  const { pen, scene, studio } = stage
  if (has(scene, 'coffee', 'mug')) return COFFEE[index]!(stage)
  const named = scene.things
    .map(({ name }) => name)
    .find((name) => PRODUCT_PAINTERS[name] !== undefined)
  const food = scene.things
    .map(({ name }) => name)
    .find((name) => FOOD_PAINTERS[name] !== undefined)
  if (index === 3 && food !== undefined) {
    return FOOD_PAINTERS[food]![0](pen, color, studio.accents[0])
  }
  const order: readonly Noun[] = ['book', 'laptop', named ?? 'camera', 'lamp']
  PRODUCT_PAINTERS[order[index]!]!(pen, color, studio.accents[(index + 1) % 3]!)
}

const GLASS = hex('#dcebf0')
const BREW = hex('#6b3f27')

/** The pictures of the four steps of brewing coffee. */
const COFFEE: readonly ((stage: Stage) => void)[] = [
  ({ pen }) => {
    pen.fill(
      'M-17 -50H17L20 -44L18 0H-18L-20 -44Z',
      linear(-18, 0, 18, 0, [
        [0, hex('#d9b48a')],
        [1, hex('#a87a50')],
      ]),
    )
    pen.fill('M-17 -50H17L20 -44H-20Z', hex('#8a5f3e'))
    pen.fill(circle(0, -22, 9), hex('#f6ead6'))
    pen.at({ x: 0, y: -22, turn: 0.1 }, () => {
      pen.fill(ellipse(0, 0, 4, 5.6), BREW)
      pen.stroke('M0 -5Q2 0 0 5', 0.9, hex('#f6ead6'))
    })
    for (const [x, y] of [
      [-27, -2],
      [26, -3],
      [31, -1],
    ] as const) {
      pen.fill(ellipse(x, y, 3.4, 2.3), BREW)
    }
  },
  ({ pen }) => {
    pen.fill(
      roundRect(-12, -34, 24, 34, 3),
      linear(-12, 0, 12, 0, [
        [0, hex('#efe6da')],
        [1, hex('#b9a892')],
      ]),
    )
    pen.fill(rect(-12, -16, 24, 9), BREW)
    pen.fill('M-14 -34H14L10 -46H-10Z', hex('#4a5560'))
    pen.stroke('M0 -46V-56H18', 2.4, hex('#4a5560'))
    pen.fill(circle(19, -56, 3.6), hex('#b0703f'))
    for (const [x, y] of [
      [-24, -2],
      [-28, -1],
      [24, -2],
      [28, -3],
      [26, -1],
    ] as const) {
      pen.fill(circle(x, y, 1.3), BREW)
    }
  },
  ({ pen }) => {
    pen.fill('M-17 -26H17L13 0H-13Z', GLASS, { opacity: 0.9 })
    pen.fill('M-14.6 -10H14.6L13 0H-13Z', BREW)
    pen.fill(
      polygon([
        [-18, -46],
        [18, -46],
        [5, -27],
        [-5, -27],
      ]),
      hex('#fdf8f0'),
    )
    pen.fill(
      polygon([
        [-16, -43],
        [16, -43],
        [8, -32],
        [-8, -32],
      ]),
      hex('#8a5636'),
    )
    pen.stroke('M0 -27V-12', 1, BREW)
    pen.fill(
      'M10 -62C22 -66 32 -60 32 -50H14C13 -54 11 -56 4 -56L-2 -48L-4 -50L2 -61Z',
      linear(0, -64, 0, -50, [
        [0, hex('#8fa3b0')],
        [1, hex('#53646f')],
      ]),
    )
    pen.stroke('M-3 -49C-3 -47 -3 -45 -3 -43', 1.1, hex('#7fc2dd'))
  },
  ({ pen, studio }) => FOOD_PAINTERS.coffee![0](pen, darken(hex('#fffaf2'), 0.02), studio.main),
]

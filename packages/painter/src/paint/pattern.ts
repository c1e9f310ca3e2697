import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { cos, sin, TAU } from '../raster/math.ts'
import { arc, circle, ellipse, polygon, rect, star } from '../raster/path.ts'
import type { Path, Point } from '../raster/path.ts'
import { ANIMALS, firstOf, has } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import { FOOD_PAINTERS } from './food.ts'
import { ITEM_PAINTERS } from './items.ts'
import type { Stage } from './painter.ts'
import { PRODUCT_PAINTERS } from './products.ts'

type Motif = (stage: Stage, colors: readonly Color[]) => void

/** Paints evenly spread motifs. All four edges meet if the pen wraps. */
export function paintPattern(stage: Stage): void {
  const { pen, studio, width, height, random, scene } = stage
  const light =
    random.chance(0.5) || scene.styles.includes('minimal') || scene.styles.includes('pastel')
  const ground = light
    ? mix(studio.ground, [1, 1, 1], 0.3)
    : mix(darken(studio.main, 0.62), studio.ink, 0.25)
  const colors = light
    ? [studio.main, darken(studio.main, 0.4), ...studio.accents]
    : [
        lighten(studio.main, 0.12),
        lighten(studio.main, 0.5),
        ...studio.accents.map((color) => lighten(color, 0.12)),
      ]
  pen.fill(rect(-1, -1, width + 2, height + 2), ground)
  const motif = chooseMotif(stage)
  const columns = Math.max(2, Math.round(width / 25))
  const rows = Math.max(2, 2 * Math.round(height / 50))
  const [cw, ch] = [width / columns, height / rows]
  if (motif === null) return paintScales(stage, columns, rows, colors)
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const x = (i + 0.25 + (j % 2) * 0.5 + random.range(-0.07, 0.07)) * cw
      const y = (j + 0.5 + random.range(-0.07, 0.07)) * ch
      pen.at(
        {
          x,
          y,
          scale: (Math.min(cw, ch) / 25) * random.range(0.88, 1.08),
          turn: random.next(),
          flip: random.chance(0.5),
        },
        () => motif(stage, colors),
      )
      pen.fill(
        circle(x + cw * 0.5, y + random.range(-0.1, 0.1) * ch, random.range(0.5, 1)),
        random.pick(colors),
        { opacity: 0.8 },
      )
      pen.fill(circle(x + cw * 0.42, y + ch * 0.42, random.range(0.3, 0.6)), random.pick(colors), {
        opacity: 0.7,
      })
    }
  }
}

function chooseMotif(stage: Stage): Motif | null {
  const { scene, random } = stage
  const upright = (draw: Motif): Motif => draw
  if (has(scene, 'leaf', 'forest', 'tree')) return sprig
  if (has(scene, 'flower', 'garden')) return flower
  if (has(scene, 'star', 'sky', 'moon', 'space')) return night
  if (has(scene, 'heart', 'valentine')) return heart
  if (has(scene, 'wave', 'sea')) return null
  const animal = firstOf(scene, ANIMALS)
  if (animal !== null) {
    return upright((at) =>
      at.pen.at({ x: 0, y: 8, scale: 1 }, () =>
        paintAnimal({ ...at, transparent: true }, animal, {
          x: 0,
          y: 0,
          scale: 0.3,
          map: false,
          color: null,
          lit: false,
        }),
      ),
    )
  }
  const product = scene.things
    .map(
      ({ name }) => PRODUCT_PAINTERS[name] ?? ITEM_PAINTERS[name]?.[0] ?? FOOD_PAINTERS[name]?.[0],
    )
    .find((each) => each !== undefined)
  if (product !== undefined) {
    return (at, colors) =>
      at.pen.at({ x: 0, y: 9, scale: 0.3 }, () =>
        product(at.pen, at.random.pick(colors), colors[2]!),
      )
  }
  return random.pick([shapes, sprig, flower, null])
}

function sprig({ pen, random }: Stage, colors: readonly Color[]): void {
  const color = random.pick(colors.slice(0, 3))
  const kind = random.int(0, 2)
  if (kind === 0) {
    const leaf = 'M0 11C-9 5 -9 -6 0 -12C9 -6 9 5 0 11Z'
    pen.fill(
      leaf,
      linear(-6, 0, 6, 0, [
        [0, darken(color, 0.22)],
        [0.5, color],
        [0.51, lighten(color, 0.16)],
        [1, lighten(color, 0.26)],
      ]),
    )
    pen.stroke(
      'M0 13V-9M0 4L-4.6 -1M0 4L4.6 -1M0 -1.6L-3.8 -6M0 -1.6L3.8 -6',
      0.45,
      luma(color) > 0.55 ? darken(color, 0.4) : lighten(color, 0.55),
    )
    return
  }
  pen.stroke('M0 12Q1.6 0 0 -11', 0.7, darken(color, 0.25))
  const pairs = kind === 1 ? 5 : 4
  for (let i = 0; i < pairs; i++) {
    const y = 8 - i * 4.4
    for (const side of [-1, 1]) {
      pen.at({ x: 0.6, y, turn: side * (kind === 1 ? 0.15 : 0.12), scale: 1 - i * 0.09 }, () =>
        pen.fill(
          kind === 1 ? 'M0 0C-2.6 -2 -2.4 -6 0 -8.6C2.4 -6 2.6 -2 0 0Z' : ellipse(0, -4.4, 1.9, 4),
          side > 0 ? color : lighten(color, 0.16),
        ),
      )
    }
  }
  pen.fill('M0 -9C-2 -11 -1.6 -14 0 -16C1.6 -14 2 -11 0 -9Z', color)
}

function flower({ pen, random }: Stage, colors: readonly Color[]): void {
  const color = random.pick(colors)
  for (const t of [0.13, 0.62]) {
    pen.at({ x: 0, y: 0, turn: t }, () =>
      pen.fill('M0 -5C-4 -8 -3 -13 0 -15C3 -13 4 -8 0 -5Z', mix(hex('#5d9a6a'), colors[1]!, 0.4)),
    )
  }
  const petals = random.pick([5, 6, 8])
  for (let i = 0; i < petals; i++) {
    pen.at({ x: 0, y: 0, turn: i / petals }, () =>
      pen.fill(
        ellipse(0, -5.6, petals > 6 ? 2.2 : 3.3, 5),
        i % 2 === 0 ? color : lighten(color, 0.16),
      ),
    )
  }
  pen.fill(circle(0, 0, 2.7), hex('#f6c453'))
  pen.fill(circle(0, 0, 1.3), hex('#d98f34'))
}

function night({ pen, random }: Stage, colors: readonly Color[]): void {
  const color = random.pick([hex('#f6cf6b'), ...colors])
  if (random.chance(0.25)) {
    pen.fill('M3 -9C-6 -9 -10 -2 -8 4C-6 10 2 12 8 8C1 8 -4 3 -3 -3C-2.4 -6 0 -8 3 -9Z', color)
  } else pen.fill(star(0, 0, random.pick([4, 5]), 8, random.pick([2.2, 3.4])), color)
}

function heart({ pen, random }: Stage, colors: readonly Color[]): void {
  pen.at({ x: 0, y: 0, scale: random.range(0.7, 1.1) }, () =>
    pen.fill(
      'M0 9C-14 0 -11 -10 -5 -10C-2 -10 0 -7.6 0 -6C0 -7.6 2 -10 5 -10C11 -10 14 0 0 9Z',
      random.pick(colors),
    ),
  )
}

function shapes({ pen, random }: Stage, colors: readonly Color[]): void {
  const color = random.pick(colors)
  const kind = random.int(0, 4)
  if (kind === 0) pen.fill(arcShape(), color)
  else if (kind === 1) pen.stroke(circle(0, 0, 6), 2.6, color)
  else if (kind === 2) pen.fill(star(0, 0, 3, 9, 4.5), color)
  else if (kind === 3) pen.stroke('M-10 0q2.5 -5 5 0q2.5 5 5 0q2.5 -5 5 0q2.5 5 5 0', 2, color)
  else {
    for (let i = 0; i < 9; i++) {
      pen.fill(circle(-5 + (i % 3) * 5, -5 + Math.floor(i / 3) * 5, 1.3), color)
    }
  }
}

function arcShape(): number[] {
  return [...arc(0, 3, 9, 0.5, 1), 4]
}

/**
 * Paints overlapping scales that look like waves. The two rows below clip each row, so the order of
 * painting, which wraps, makes no difference.
 */
function paintScales(
  { pen, width, height, random }: Stage,
  columns: number,
  rows: number,
  colors: readonly Color[],
): void {
  const cw = width / columns
  const count = rows * 2
  const ch = Math.min(height / count, cw * 0.48)
  const lanes = Math.min(60, Math.max(2, 2 * Math.round(height / ch / 2)))
  const step = height / lanes
  const centres = (lane: number): Point[] =>
    Array.from({ length: columns }, (_, i): Point => [
      (i + (((lane % 2) + 2) % 2) * 0.5) * cw,
      lane * step,
    ])
  const above = (lane: number, from: number): Path => [
    ...rect(0, from, width, cw * 1.2),
    ...centres(lane).flatMap(([x, y]) => [...hole(x, y, cw / 2)]),
  ]
  for (let lane = 0; lane < lanes; lane++) {
    const top = lane * step - cw * 0.6
    pen.clip(above(lane + 1, top), () => {
      pen.clip(above(lane + 2, top), () => {
        for (const [x, y] of centres(lane)) {
          const color = random.pick(colors.slice(0, 4))
          for (const [k, tone] of [
            [0.5, color],
            [0.41, lighten(color, 0.7)],
            [0.35, color],
            [0.25, lighten(color, 0.7)],
            [0.19, color],
            [0.1, lighten(color, 0.7)],
          ] as const) {
            pen.fill(circle(x, y, cw * k), tone)
          }
        }
      })
    })
  }
}

function hole(x: number, y: number, r: number): Path {
  return polygon(
    Array.from({ length: 72 }, (_, i): Point => [
      x + r * cos((i / 72) * TAU),
      y - r * sin((i / 72) * TAU),
    ]),
  )
}

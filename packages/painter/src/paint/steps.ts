import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, rect, roundRect } from '../raster/path.ts'
import { has, readScene } from '../scene/read-scene.ts'
import { canSet, fitText, paintBlock } from '../text/typeset.ts'
import type { Box } from './box.ts'
import { coffeePicture } from './coffee-steps.ts'
import { FOOD_PAINTERS } from './food.ts'
import { ITEM_PAINTERS } from './items.ts'
import type { Stage } from './painter.ts'
import { paintPlant } from './plant.ts'
import { PRODUCT_PAINTERS } from './products.ts'

/** Height of a card by its width, at most. */
const TALLEST = 1.45

/** Paints a numbered card per step, and arrows from each to the next. */
export function paintSteps(stage: Stage): void {
  const { scene, width, height } = stage
  paintGround(stage)
  const count = scene.steps.length
  const { columns, rows, gap, w, h } = chooseGrid(count, width, height)
  const top = (height - h * rows - gap * (rows - 1)) / 2
  const boxes = scene.steps.map((_, i): Box => {
    const row = Math.floor(i / columns)
    const inRow = Math.min(columns, count - row * columns)
    const left = (width - inRow * w - (inRow - 1) * gap) / 2
    return { x: left + (i % columns) * (w + gap), y: top + row * (h + gap), w, h }
  })
  const size = wordSize(stage, w, h)
  for (const [i, box] of boxes.entries()) {
    paintCard(stage, box, i, size)
    const next = boxes[i + 1]
    if (next === undefined) continue
    const scale = Math.min(1, gap / 9)
    if (next.y === box.y) paintArrow(stage, box.x + w + gap / 2, box.y + h / 2, 0, scale)
    else if (columns === 1) paintArrow(stage, box.x + w / 2, box.y + h + gap / 2, 0.25, scale)
    else paintArrow(stage, width / 2, box.y + h + gap / 2, 0.375, scale)
  }
  if (has(scene, 'leaf')) paintPlant(stage, width - 8, height, 0.5)
}

/** Chooses the number of columns that makes the cards largest. Lengths are in units. */
function chooseGrid(
  count: number,
  width: number,
  height: number,
): { columns: number; rows: number; gap: number; w: number; h: number } {
  const grids = Array.from({ length: count }, (_, i) => {
    const columns = i + 1
    const rows = Math.ceil(count / columns)
    const gap = Math.max(3, 10 - Math.max(columns, rows))
    const margin = Math.max(5, Math.min(width, height) * 0.07)
    const w = (width - margin * 2 - gap * (columns - 1)) / columns
    const h = Math.min((height - margin * 2 - gap * (rows - 1)) / rows, w * TALLEST)
    return { columns, rows, gap, w: Math.min(w, h * 1.6), h, empty: columns * rows - count }
  })
  const rate = ({ w, h, empty }: { w: number; h: number; empty: number }): number =>
    Math.min(w, h / 1.15) - empty
  return grids.reduce((best, grid) => (rate(grid) > rate(best) ? grid : best))
}

function paintGround({ pen, studio, random, width, height }: Stage): void {
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, width, height, [
      [0, lighten(studio.ground, 0.4)],
      [1, studio.ground],
    ]),
  )
  for (let i = 0; i < 5; i++) {
    pen.fill(
      circle(random.range(0, width), random.range(0, height), random.range(10, 26)),
      studio.accents[i % 3]!,
      { opacity: 0.08 },
    )
  }
}

/** Size of a card's margin, and the share of its height that the picture has above words. */
const [INSET, PICTURE] = [0.05, 0.62]

/** Returns the room for the words of a card of `w` by `h` units. */
function wordArea(w: number, h: number): { w: number; h: number } {
  return { w: w * (1 - INSET * 3), h: h * (1 - PICTURE) - w * INSET * 1.2 }
}

/** Returns the size in which the words of every step fit, units. */
function wordSize({ scene, font }: Stage, w: number, h: number): number {
  const area = wordArea(w, h)
  const sizes = scene.steps.map((words) => fitText(font, words, area, Math.min(7, w * 0.15)).size)
  return Math.min(...sizes)
}

function paintCard(stage: Stage, box: Box, index: number, size: number): void {
  const { pen, studio, scene, font } = stage
  const { x, y, w, h } = box
  const colors: readonly Color[] = [studio.main, ...studio.accents]
  const color = colors[index % colors.length]!
  const corner = Math.min(4, w * 0.12)
  pen.soft(roundRect(x, y + 1.4, w, h, corner), 3, studio.ink, { opacity: 0.22 })
  pen.fill(roundRect(x, y, w, h, corner), lighten(studio.surface, 0.4))
  const words = scene.steps[index]!
  const set = words !== '' && canSet(font, words)
  const picture = set ? h * PICTURE : h
  const inset = w * INSET
  const frame = {
    x: x + inset,
    y: y + inset,
    w: w - inset * 2,
    h: picture - (set ? inset : inset * 2),
  }
  const draw = pictureOf(stage, index, color)
  paintFrame(stage, frame, color, draw)
  paintNumber(stage, frame, index, color, draw !== null)
  if (!set) return
  const block = fitText(font, words, wordArea(w, h), size)
  const middle = y + picture + (h - picture) / 2 - inset * 0.1
  paintBlock(pen, font, block, [x + w / 2, middle], studio.ink)
}

/** Paints the part of a card that shows the picture of its step. */
function paintFrame(
  { pen }: Stage,
  { x, y, w, h }: Box,
  color: Color,
  draw: (() => void) | null,
): void {
  const tint = mix(color, [1, 1, 1], 0.72)
  pen.clip(roundRect(x, y, w, h, Math.min(2.8, w * 0.08)), () => {
    pen.fill(
      rect(x, y, w, h),
      linear(0, y, 0, y + h, [
        [0, lighten(tint, 0.3)],
        [1, tint],
      ]),
    )
    if (draw === null) return
    pen.fill(ellipse(x + w / 2, y + h, w * 0.6, h * 0.26), mix(color, [1, 1, 1], 0.48))
    const scale = Math.min(w / 74, h / 84)
    pen.at({ x: x + w / 2, y: y + h * 0.9, scale }, draw)
  })
}

/** Paints the number of a step: in the corner of its picture, or large if it has none. */
function paintNumber(
  { pen, font }: Stage,
  { x, y, w, h }: Box,
  index: number,
  color: Color,
  pictured: boolean,
): void {
  const r = pictured ? Math.min(5.4, w * 0.13) : Math.min(w, h) * 0.3
  const [cx, cy] = pictured ? [x + r + w * 0.04, y + r + w * 0.04] : [x + w / 2, y + h / 2]
  const size = r * (index < 9 ? 1.35 : 1.1)
  pen.fill(circle(cx, cy, r), luma(color) > 0.62 ? darken(color, 0.42) : color)
  paintBlock(pen, font, { lines: [String(index + 1)], size }, [cx, cy], [1, 1, 1])
}

function paintArrow(
  { pen, studio }: Stage,
  x: number,
  y: number,
  turn: number,
  scale: number,
): void {
  const color = luma(studio.main) > 0.62 ? darken(studio.main, 0.4) : studio.main
  pen.at({ x, y, turn, scale }, () => {
    pen.fill(circle(0, 0, 3.6), studio.surface)
    pen.stroke('M-1.8 0H1.7M0 -1.7L1.8 0L0 1.7', 0.85, color)
  })
}

/** Returns the painter of what a step shows, or null if its words name nothing that can be drawn. */
function pictureOf(stage: Stage, index: number, color: Color): (() => void) | null {
  const { pen, scene, studio } = stage
  const words = scene.steps[index]!
  if (has(scene, 'coffee', 'mug')) {
    const draw = coffeePicture(words, index, scene.steps.length)
    if (draw !== null) return () => draw(stage)
  }
  const accent = studio.accents[(index + 1) % 3]!
  for (const { name, color: named } of readScene(words).things) {
    const own = named === null ? null : hex(named)
    const product = PRODUCT_PAINTERS[name]
    if (product !== undefined) return () => product(pen, own ?? color, accent)
    const [draw, usual] = FOOD_PAINTERS[name] ?? ITEM_PAINTERS[name] ?? []
    if (draw !== undefined) return () => draw(pen, own ?? usual!, accent)
  }
  return null
}

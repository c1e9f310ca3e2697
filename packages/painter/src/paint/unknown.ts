import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { line, rect, roundRect } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import { breakLines, canSet, fitText, LEADING, paintBlock } from '../text/typeset.ts'
import type { TextBlock } from '../text/typeset.ts'
import type { Box } from './box.ts'
import type { Stage } from './painter.ts'

/** What the card says below the words of the prompt. */
const NOTICE = 'No drawing of this subject'
/** Neutral colour of the card. */
const PAPER = hex('#e9e6e0')
const INK = hex('#3f3d3a')

/** Paints a neutral card that says that the painter cannot draw the subject, with its words. */
export function paintUnknown(stage: Stage): void {
  const { pen, scene, font, width, height } = stage
  const [paper, ink] = scene.time === 'night' ? [hex('#3a3a3f'), hex('#e4e1dc')] : [PAPER, INK]
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, 0, height, [
      [0, lighten(paper, 0.12)],
      [1, darken(paper, 0.05)],
    ]),
  )
  const frame = { x: 9, y: 9, w: width - 18, h: height - 18 }
  paintDashes(stage, frame, mix(ink, paper, 0.62))
  const words = capitalized(scene.unknown ?? '')
  const text = canSet(font, words) ? words : ''
  const area = { w: frame.w - 14, h: Math.max(12, frame.h - 50) }
  const block = text === '' ? { lines: [], size: 10 } : fitText(font, text, area, 13)
  const small = Math.max(3.6, Math.min(5, block.size * 0.5))
  const notice = { lines: breakLines(font, NOTICE, area.w / small, 3), size: small }
  const prompt = scene.unknown === scene.prompt || !canSet(font, scene.prompt) ? '' : scene.prompt
  const whole = { lines: breakLines(font, prompt, area.w / small, 2), size: small }
  paintTexts(stage, [block, whole, notice], ink, paper)
}

/** Paints a crossed picture frame above blocks of text, as one group about the middle. */
function paintTexts(
  { pen, font, width, height }: Stage,
  blocks: readonly TextBlock[],
  ink: Color,
  paper: Color,
): void {
  const mark = 12
  const gap = 3.4
  const shown = blocks.filter(({ lines }) => lines.length > 0)
  const heightOf = ({ lines, size }: TextBlock): number => lines.length * size * LEADING
  const total = shown.reduce((sum, block) => sum + gap + heightOf(block), mark)
  const color = mix(ink, paper, 0.45)
  let y = (height - total) / 2
  pen.at({ x: width / 2, y: y + mark / 2 }, () => {
    pen.stroke(roundRect(-7, -5.4, 14, 10.8, 1.6), 0.9, color)
    pen.stroke('M-6.4 4.6L-2 -0.6L1 2.6L3.2 0.4L6.4 4', 0.9, color)
    pen.stroke('M-9 7.4L9 -7.4', 0.9, color)
  })
  y += mark
  for (const block of shown) {
    y += gap
    const shade = block === blocks[0] ? ink : mix(ink, paper, block === shown.at(-1) ? 0.42 : 0.2)
    paintBlock(pen, font, block, [width / 2, y + heightOf(block) / 2], shade)
    y += heightOf(block)
  }
}

function paintDashes({ pen }: Stage, { x, y, w, h }: Box, color: Color): void {
  const sides: readonly (readonly [Point, Point])[] = [
    [
      [x, y],
      [x + w, y],
    ],
    [
      [x + w, y],
      [x + w, y + h],
    ],
    [
      [x + w, y + h],
      [x, y + h],
    ],
    [
      [x, y + h],
      [x, y],
    ],
  ]
  for (const [from, to] of sides) {
    const length = Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1])
    const count = Math.max(1, Math.round(length / 5))
    const at = (t: number): Point => [
      from[0] + (to[0] - from[0]) * t,
      from[1] + (to[1] - from[1]) * t,
    ]
    for (let i = 0; i < count; i++) {
      pen.stroke(line([at((i + 0.22) / count), at((i + 0.78) / count)]), 0.6, color)
    }
  }
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

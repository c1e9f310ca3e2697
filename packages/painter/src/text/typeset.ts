import type { Paint } from '../raster/gradient.ts'
import type { Pen } from '../raster/pen.ts'
import type { Font, Glyph } from './font.ts'

/** Where a line of text is drawn. Lengths are in units. */
interface LinePlace {
  readonly x: number
  /** Baseline. */
  readonly y: number
  /** Height of an em. */
  readonly size: number
  /** Where `x` is on the line; default `left`. */
  readonly align?: 'left' | 'middle'
}

/** Joins fonts: the first that has a character gives its glyph. Each glyph is read once. */
export function joinFonts(fonts: readonly Font[]): Font {
  const known = new Map<string, Glyph | null>()
  return {
    glyphOf(character) {
      const read = known.get(character)
      if (read !== undefined) return read
      const owner = fonts.find((font) => font.glyphOf(character) !== null)
      const glyph = owner?.glyphOf(character) ?? null
      known.set(character, glyph)
      return glyph
    },
  }
}

/** Returns whether the font has every letter and digit of a text. */
export function canSet(font: Font, text: string): boolean {
  return [...text].every((each) => !/[\p{L}\p{N}]/u.test(each) || font.glyphOf(each) !== null)
}

/** Returns the length of a line in em. Characters that the font lacks have none. */
function lengthOf(font: Font, text: string): number {
  return [...text].reduce((sum, each) => sum + (font.glyphOf(each)?.advance ?? 0), 0)
}

/**
 * Breaks a text into lines of at most `width` em: at spaces, between Chinese characters, and within
 * a word that is longer than a line. The last of `most` lines ends with an ellipsis if text is
 * left.
 */
export function breakLines(font: Font, text: string, width: number, most: number): string[] {
  const pieces = text.match(/[\u2e80-\u9fff\uff00-\uffef]|\s+|[^\s\u2e80-\u9fff\uff00-\uffef]+/gu)
  const lines: string[] = []
  let line = ''
  for (const piece of (pieces ?? []).flatMap((each) => splitWord(font, each, width))) {
    if (lengthOf(font, (line + piece).trimEnd()) > width && line !== '') {
      lines.push(line.trimEnd())
      line = ''
    }
    line += line === '' ? piece.trimStart() : piece
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), shorten(font, lines[most - 1]!, width)]
}

function splitWord(font: Font, word: string, width: number): string[] {
  if (lengthOf(font, word) <= width) return [word]
  const parts = ['']
  for (const character of word) {
    if (lengthOf(font, parts.at(-1)! + character) > width && parts.at(-1) !== '') parts.push('')
    parts[parts.length - 1] += character
  }
  return parts
}

function shorten(font: Font, line: string, width: number): string {
  const characters = [...line]
  while (characters.length > 1 && lengthOf(font, `${characters.join('').trimEnd()}…`) > width) {
    characters.pop()
  }
  return `${characters.join('').trimEnd()}…`
}

/** A text in lines, and the height of their em. */
export interface TextBlock {
  readonly lines: readonly string[]
  readonly size: number
}

/**
 * Breaks a text so that it fits a box, in the largest size from `largest` down to half of it. What
 * does not fit in the smallest size is cut with an ellipsis.
 */
export function fitText(
  font: Font,
  text: string,
  box: { readonly w: number; readonly h: number },
  largest: number,
): TextBlock {
  let size = largest
  for (; size > largest * 0.5; size *= 0.92) {
    const lines = breakLines(font, text, box.w / size, Number.MAX_SAFE_INTEGER)
    const whole = text
      .split(/\s+/)
      .every((word) => /[\u2e80-\u9fff]/.test(word) || lengthOf(font, word) * size <= box.w)
    if (whole && lines.length * size * LEADING <= box.h) return { lines, size }
  }
  const most = Math.max(1, Math.floor(box.h / (size * LEADING)))
  return { lines: breakLines(font, text, box.w / size, most), size }
}

/** Distance of two baselines in em. */
export const LEADING = 1.24

/** Paints a line of text. Characters that the font lacks are left out. */
function paintLine(pen: Pen, font: Font, text: string, place: LinePlace, paint: Paint): void {
  const { size, y } = place
  let x = place.align === 'middle' ? place.x - (lengthOf(font, text) * size) / 2 : place.x
  for (const character of text) {
    const glyph = font.glyphOf(character)
    if (glyph === null) continue
    if (glyph.shape.length > 0) pen.at({ x, y, scale: size }, () => pen.fill(glyph.shape, paint))
    x += glyph.advance * size
  }
}

/** Paints lines about a middle. */
export function paintBlock(
  pen: Pen,
  font: Font,
  { lines, size }: TextBlock,
  middle: readonly [x: number, y: number],
  paint: Paint,
): void {
  const first = middle[1] - ((lines.length - 1) * LEADING * size) / 2 + size * 0.35
  for (const [i, line] of lines.entries()) {
    paintLine(
      pen,
      font,
      line,
      { x: middle[0], y: first + i * LEADING * size, size, align: 'middle' },
      paint,
    )
  }
}

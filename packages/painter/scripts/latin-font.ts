/**
 * Writes `src/text/latin-outlines.ts` from two files of Nunito 600 (`@fontsource/nunito`):
 *
 *     node scripts/latin-font.ts nunito-latin-600-normal.woff nunito-latin-ext-600-normal.woff
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { deflateSync } from 'fflate'
import { readFont } from '../src/text/font.ts'

/** First and last code point of each range: Latin-1, Latin Extended-A, Romanian, punctuation, signs. */
const RANGES = [
  [0x20, 0x7e],
  [0xa1, 0x17e],
  [0x218, 0x21b],
  [0x2013, 0x2014],
  [0x2018, 0x201e],
  [0x2022, 0x2022],
  [0x2026, 0x2026],
  [0x20ac, 0x20ac],
  [0x2122, 0x2122],
  [0x2190, 0x2193],
  [0x2212, 0x2212],
] as const

const fonts = process.argv.slice(2).map((path) => readFont(readFileSync(path)))
const glyphs = RANGES.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)),
).flatMap((character) => {
  const glyph = fonts.map((font) => font.glyphOf(character)).find((found) => found !== null)
  return glyph === undefined ? [] : [encodeGlyph(character, glyph.advance, glyph.shape)]
})
const packed = deflateSync(new TextEncoder().encode(glyphs.join('\n')), { level: 9, mem: 12 })

writeFileSync(
  new URL('../src/text/latin-outlines.ts', import.meta.url),
  `/**
 * Outlines of Nunito 600 (copyright 2014 The Nunito Project Authors, SIL Open Font License 1.1, see
 * OFL.txt). Written by scripts/latin-font.ts: deflated text, a character per line, in 1/500 em.
 */
export const LATIN_OUTLINES =
  '${Buffer.from(packed).toString('base64')}'
`,
)

/** Returns the character, its advance and its outline; points are relative to the one before. */
function encodeGlyph(character: string, advance: number, path: readonly number[]): string {
  const steps: string[] = []
  let [x, y] = [0, 0]
  for (let i = 0; i < path.length;) {
    const op = path[i++]!
    const numbers: number[] = []
    for (let k = 0; k < [1, 1, 2, 3, 0][op]!; k++) {
      const [toX, toY] = [Math.round(path[i++]! * 500), Math.round(path[i++]! * 500)]
      numbers.push(toX - x, toY - y)
      ;[x, y] = [toX, toY]
    }
    steps.push('mlqcz'[op]! + numbers.join(' ').replaceAll(' -', '-'))
  }
  return `${character}${Math.round(advance * 500)}${steps.join('')}`
}

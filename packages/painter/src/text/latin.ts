import { inflateSync } from 'fflate'
import type { Path } from '../raster/path.ts'
import type { Font, Glyph } from './font.ts'
import { LATIN_OUTLINES } from './latin-outlines.ts'

/** Units per em of the outlines. */
const UNITS = 500

/** The letters that ship with the package: Latin-1, Latin Extended-A, and punctuation. */
export const LATIN: Font = {
  glyphOf(character) {
    const text = textByCharacter().get(character)
    return text === undefined ? null : decodeGlyph(text)
  },
}

let table: ReadonlyMap<string, string> | undefined

/** Unpacks the outlines when the first character is drawn. */
function textByCharacter(): ReadonlyMap<string, string> {
  table ??= new Map(
    new TextDecoder()
      .decode(inflateSync(Uint8Array.from(atob(LATIN_OUTLINES), (byte) => byte.charCodeAt(0))))
      .split('\n')
      .map((line) => [line[0]!, line.slice(1)]),
  )
  return table
}

function decodeGlyph(text: string): Glyph {
  const path: number[] = []
  let [x, y] = [0, 0]
  for (const [, letter, numbers] of text.matchAll(/([mlqcz])([^mlqcz]*)/g)) {
    path.push('mlqcz'.indexOf(letter!))
    const deltas = numbers!.match(/-?\d+/g)?.map(Number) ?? []
    for (let i = 0; i < deltas.length; i += 2) {
      ;[x, y] = [x + deltas[i]!, y + deltas[i + 1]!]
      path.push(x / UNITS, y / UNITS)
    }
  }
  return { shape: path as Path, advance: Number(/^\d+/.exec(text)![0]) / UNITS }
}

import { unzlibSync } from 'fflate'
import type { Path } from '../raster/path.ts'
import { readOutline } from './outline.ts'

/** The outline of a character. Lengths are in em; the origin is on the baseline, and y points down. */
export interface Glyph {
  readonly shape: Path
  /** Distance to the origin of the next character. */
  readonly advance: number
}

/** Outlines of characters. */
export interface Font {
  /** Returns the glyph of a character (one code point), or null if the font lacks it. */
  glyphOf(character: string): Glyph | null
}

/** The tables of a font file by their tag. */
type Tables = ReadonlyMap<string, DataView>

const WOFF = 0x774f4646
const TRUETYPE = 0x00010000
/** Largest table that is unpacked, bytes. */
const MAX_TABLE = 64 * 1024 * 1024

/**
 * Reads a font: TrueType outlines in a `.ttf` or `.woff` file.
 *
 * @throws RangeError if the bytes are not such a font
 */
export function readFont(bytes: Uint8Array): Font {
  const tables = readTables(bytes)
  const [head, hhea, hmtx, cmap, loca, glyf] = ['head', 'hhea', 'hmtx', 'cmap', 'loca', 'glyf'].map(
    (tag) => {
      const table = tables.get(tag)
      if (table === undefined) throw new RangeError(`The font has no table ${tag}. ${EXPECTED}`)
      return table
    },
  ) as [DataView, DataView, DataView, DataView, DataView, DataView]
  const em = head.getUint16(18)
  const long = head.getInt16(50) === 1
  const metrics = hhea.getUint16(34)
  const indexOf = readCharacters(cmap)
  const outlines = {
    glyf,
    rangeOf: (index: number): readonly [number, number] =>
      long
        ? [loca.getUint32(index * 4), loca.getUint32(index * 4 + 4)]
        : [loca.getUint16(index * 2) * 2, loca.getUint16(index * 2 + 2) * 2],
  }
  return {
    glyphOf(character) {
      const index = indexOf(character.codePointAt(0)!)
      if (index === 0) return null
      return {
        shape: readOutline(outlines, index, [1 / em, 0, 0, -1 / em, 0, 0]),
        advance: hmtx.getUint16(Math.min(index, metrics - 1) * 4) / em,
      }
    },
  }
}

const EXPECTED = 'Pass a .ttf or .woff file with TrueType outlines.'

function readTables(bytes: Uint8Array): Tables {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const signature = bytes.length < 12 ? 0 : file.getUint32(0)
  if (signature !== WOFF && signature !== TRUETYPE) {
    throw new RangeError(`The bytes are not a font that can be read. ${EXPECTED}`)
  }
  const [count, first, step] =
    signature === WOFF ? [file.getUint16(12), 44, 20] : [file.getUint16(4), 12, 16]
  const tables = new Map<string, DataView>()
  for (let at = first; at < first + count * step; at += step) {
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4))
    const [offset, packed, length] =
      signature === WOFF
        ? [file.getUint32(at + 4), file.getUint32(at + 8), file.getUint32(at + 12)]
        : [file.getUint32(at + 8), file.getUint32(at + 12), file.getUint32(at + 12)]
    if (length > MAX_TABLE) throw new RangeError(`The table ${tag} of the font is too large.`)
    const raw = bytes.subarray(offset, offset + packed)
    const data = packed < length ? unzlibSync(raw, { out: new Uint8Array(length) }) : raw
    tables.set(tag, new DataView(data.buffer, data.byteOffset, data.byteLength))
  }
  return tables
}

/** Returns the function that finds the glyph of a code point; 0 if there is none. */
function readCharacters(cmap: DataView): (point: number) => number {
  const subtables = Array.from({ length: cmap.getUint16(2) }, (_, i) => cmap.getUint32(8 + i * 8))
  const at = (format: number): number | undefined =>
    subtables.find((offset) => cmap.getUint16(offset) === format)
  const [full, basic] = [at(12), at(4)]
  if (full !== undefined) return (point) => findInGroups(cmap, full, point)
  if (basic !== undefined) return (point) => findInSegments(cmap, basic, point)
  throw new RangeError(`The font has no Unicode character map. ${EXPECTED}`)
}

/** Looks a code point up in a map of format 12. */
function findInGroups(cmap: DataView, offset: number, point: number): number {
  let [low, high] = [0, cmap.getUint32(offset + 12) - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const at = offset + 16 + middle * 12
    if (point < cmap.getUint32(at)) high = middle - 1
    else if (point > cmap.getUint32(at + 4)) low = middle + 1
    else return cmap.getUint32(at + 8) + point - cmap.getUint32(at)
  }
  return 0
}

/** Looks a code point up in a map of format 4. */
function findInSegments(cmap: DataView, offset: number, point: number): number {
  const double = cmap.getUint16(offset + 6)
  const ends = offset + 14
  const starts = ends + double + 2
  for (let i = 0; i < double; i += 2) {
    if (point > cmap.getUint16(ends + i)) continue
    const start = cmap.getUint16(starts + i)
    if (point < start) return 0
    const delta = cmap.getUint16(starts + double + i)
    const ranges = starts + double * 2 + i
    const range = cmap.getUint16(ranges)
    if (range === 0) return (point + delta) & 0xffff
    const index = cmap.getUint16(ranges + range + (point - start) * 2)
    return index === 0 ? 0 : (index + delta) & 0xffff
  }
  return 0
}

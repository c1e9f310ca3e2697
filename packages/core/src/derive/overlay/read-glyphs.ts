import { openTables, type TableReader } from './read-tables.ts'

/** Whether a font has a glyph for a character, by its code point. */
export type HasGlyph = (character: number) => boolean

/**
 * Reads which characters a font has glyphs for.
 *
 * @throws Error if the file is no font, is damaged, or has only glyphs in colour
 */
export function readGlyphs(bytes: Buffer): HasGlyph {
  const tables = openTables(bytes)
  if (isColourFont(tables)) {
    throw new Error('its glyphs are in a colour format that the renderer does not draw')
  }
  const cmap = tables('cmap')
  if (cmap === undefined) throw new Error('it has no table of characters')
  const maps = subtablesOf(cmap).map(openSubtable)
  return (character) => maps.some((has) => has(character))
}

/** Below this size, the outlines of a font are empty, bytes. */
const NO_OUTLINES = 2048

/** Returns whether a font draws its glyphs with SVG or gradients only. */
function isColourFont(tables: TableReader): boolean {
  const layers = tables('COLR')
  if (layers !== undefined && layers.length > 2 && layers.readUInt16BE(0) > 0) return true
  if (tables('SVG ') === undefined) return false
  const outlines = tables('glyf') ?? tables('CFF ') ?? tables('CFF2')
  return (outlines?.length ?? 0) < NO_OUTLINES
}

/** Returns the tables of Unicode characters, those with all planes first. */
function subtablesOf(cmap: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let index = 0; index < cmap.readUInt16BE(2); index++) {
    const at = 4 + index * 8
    const [platform, encoding] = [cmap.readUInt16BE(at), cmap.readUInt16BE(at + 2)]
    const isUnicode = platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))
    if (isUnicode) found.push(cmap.subarray(cmap.readUInt32BE(at + 4)))
  }
  return found
}

function openSubtable(table: Buffer): HasGlyph {
  switch (table.readUInt16BE(0)) {
    case 4:
      return openSegments(table)
    case 6:
      return openList(table)
    case 12:
    case 13:
      return openGroups(table)
    default:
      // Format 14 lists variants, and the others are not for Unicode.
      return () => false
  }
}

/** Format 4: segments of the basic plane. */
function openSegments(table: Buffer): HasGlyph {
  const size = table.readUInt16BE(6)
  const [ends, starts, deltas, offsets] = [14, 16 + size, 16 + 2 * size, 16 + 3 * size] as const
  return (character) => {
    if (character > 0xffff) return false
    for (let at = 0; at < size; at += 2) {
      if (table.readUInt16BE(ends + at) < character) continue
      const start = table.readUInt16BE(starts + at)
      if (start > character) return false
      const offset = table.readUInt16BE(offsets + at)
      const delta = table.readUInt16BE(deltas + at)
      if (offset === 0) return ((character + delta) & 0xffff) !== 0
      const glyph = offsets + at + offset + (character - start) * 2
      return glyph + 2 <= table.length && table.readUInt16BE(glyph) !== 0
    }
    return false
  }
}

/** Format 6: one range. */
function openList(table: Buffer): HasGlyph {
  const [first, count] = [table.readUInt16BE(6), table.readUInt16BE(8)]
  return (character) =>
    character >= first &&
    character < first + count &&
    table.readUInt16BE(10 + (character - first) * 2) !== 0
}

/** Formats 12 and 13: groups of all planes. */
function openGroups(table: Buffer): HasGlyph {
  const count = table.readUInt32BE(12)
  return (character) => {
    let [low, high] = [0, count - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const at = 16 + middle * 12
      if (character < table.readUInt32BE(at)) high = middle - 1
      else if (character > table.readUInt32BE(at + 4)) low = middle + 1
      else return character > table.readUInt32BE(at) || table.readUInt32BE(at + 8) !== 0
    }
    return false
  }
}

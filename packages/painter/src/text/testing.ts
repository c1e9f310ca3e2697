import { zlibSync } from 'fflate'

/** Returns the bytes of numbers of 16 bits. */
function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2))
  for (const [i, value] of values.entries()) view.setUint16(i * 2, value & 0xffff)
  return new Uint8Array(view.buffer)
}

/** Returns a font with one character, a square of half an em. */
export function squareFont(character: string, format: 'ttf' | 'woff'): Uint8Array {
  const point = character.codePointAt(0)!
  const head = new Uint8Array(54)
  new DataView(head.buffer).setUint16(18, 1000)
  const hhea = new Uint8Array(36)
  new DataView(hhea.buffer).setUint16(34, 1)
  // One contour of four points on the curve: (0, 0), (500, 0), (500, 500), (0, 500).
  const outline = words(1, 0, 0, 500, 500, 3, 0, 0x0101, 0x0101, 0, 500, 0, -500, 0, 0, 500, 0)
  const segments = [4, 0, 0, 0, point, 0xffff, 0, point, 0xffff, 1 - point, 1, 0, 0]
  const tables: Readonly<Record<string, Uint8Array>> = {
    cmap: words(0, 1, 3, 1, 0, 12, 4, 32, 0, ...segments),
    glyf: outline,
    head,
    hhea,
    hmtx: words(1000, 0),
    loca: words(0, 0, outline.length / 2),
  }
  return format === 'ttf' ? packTtf(tables) : packWoff(tables)
}

function packTtf(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(tables)
  return pack(words(1, 0, entries.length, 0, 0, 0), entries, 16, (entry, offset, data) => {
    entry.setUint32(8, offset)
    entry.setUint32(12, data.length)
    return data
  })
}

function packWoff(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(tables)
  const header = new Uint8Array(44)
  new DataView(header.buffer).setUint32(0, 0x774f4646)
  new DataView(header.buffer).setUint16(12, entries.length)
  return pack(header, entries, 20, (entry, offset, data) => {
    const packed = zlibSync(data)
    const stored = packed.length < data.length ? packed : data
    entry.setUint32(4, offset)
    entry.setUint32(8, stored.length)
    entry.setUint32(12, data.length)
    return stored
  })
}

function pack(
  header: Uint8Array,
  entries: readonly (readonly [string, Uint8Array])[],
  size: number,
  write: (entry: DataView, offset: number, data: Uint8Array) => Uint8Array,
): Uint8Array {
  const directory = new Uint8Array(entries.length * size)
  const parts: Uint8Array[] = []
  let offset = header.length + directory.length
  for (const [i, [tag, data]] of entries.entries()) {
    directory.set(new TextEncoder().encode(tag), i * size)
    const stored = write(new DataView(directory.buffer, i * size, size), offset, data)
    parts.push(stored)
    offset += stored.length
  }
  return Uint8Array.from([header, directory, ...parts].flatMap((part) => [...part]))
}

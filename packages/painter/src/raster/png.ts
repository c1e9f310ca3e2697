import { zlibSync } from 'fflate'

/** Pixels with straight alpha, 4 bytes per px: red, green, blue, alpha. */
export interface RawPicture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]

/**
 * Encodes a complete PNG file: 8-bit RGBA with `alpha`, else RGB without the alpha. Chunks: IHDR,
 * sRGB, IDAT, IEND.
 */
export function encodePng(picture: RawPicture, alpha: boolean): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, picture.width)
  view.setUint32(4, picture.height)
  header.set([8, alpha ? 6 : 2, 0, 0, 0], 8)
  const body = zlibSync(filterRows(picture, alpha ? 4 : 3), { level: 3 })
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('sRGB', Uint8Array.of(0)),
    chunk('IDAT', body),
    chunk('IEND', new Uint8Array()),
  ]
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    file.set(part, offset)
    offset += part.length
  }
  return file
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i)
  bytes.set(data, 8)
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)))
  return bytes
}

function crc32(bytes: Uint8Array): number {
  const table = new Uint32Array(256)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    table[n] = c
  }
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

const FILTERS = [1, 2, 4]
const SAMPLE = 3 * 4 + 1

/** Filters each row by the filter with the smallest residues, judged on a sample of the row. */
function filterRows({ width, height, data }: RawPicture, channels: number): Uint8Array {
  const stride = width * channels
  const out = new Uint8Array((stride + 1) * height)
  let above = new Uint8Array(stride + channels)
  let row = new Uint8Array(stride + channels)
  for (let y = 0; y < height; y++) {
    for (
      let x = 0, from = y * width * 4, to = channels;
      x < width;
      x++, from += 4, to += channels
    ) {
      row[to] = data[from]!
      row[to + 1] = data[from + 1]!
      row[to + 2] = data[from + 2]!
      if (channels === 4) row[to + 3] = data[from + 3]!
    }
    let best = 0
    let least = Infinity
    for (const filter of FILTERS) {
      let sum = 0
      for (let i = channels; i < row.length; i += SAMPLE) {
        const residue = residueOf(filter, row, above, i, channels)
        sum += residue === 0 ? 0 : (residue < 128 ? residue : 256 - residue) + 2
      }
      if (sum < least) [best, least] = [filter, sum]
    }
    const start = y * (stride + 1)
    out[start] = best
    writeRow(out, start + 1 - channels, best, row, above, channels)
    ;[above, row] = [row, above]
  }
  return out
}

/**
 * Writes a filtered row. Rows begin with one px of zeros, which the format assumes to the left of
 * the first px.
 */
function writeRow(
  out: Uint8Array,
  shift: number,
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  channels: number,
): void {
  const end = row.length
  if (filter === 1) {
    for (let i = channels; i < end; i++) out[shift + i] = row[i]! - row[i - channels]!
  } else if (filter === 2) for (let i = channels; i < end; i++) out[shift + i] = row[i]! - above[i]!
  else {
    for (let i = channels; i < end; i++) {
      out[shift + i] = row[i]! - paeth(row[i - channels]!, above[i]!, above[i - channels]!)
    }
  }
}

function residueOf(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  i: number,
  channels: number,
): number {
  const left = row[i - channels]!
  const guess =
    filter === 1 ? left : filter === 2 ? above[i]! : paeth(left, above[i]!, above[i - channels]!)
  return (row[i]! - guess) & 255
}

function paeth(left: number, up: number, corner: number): number {
  const a = Math.abs(up - corner)
  const b = Math.abs(left - corner)
  const c = Math.abs(left + up - corner - corner)
  return a <= b && a <= c ? left : b <= c ? up : corner
}

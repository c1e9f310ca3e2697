/** A value of CBOR. Numbers that JSON lacks are numbers too; tags are left out. */
export type CborValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | CborValue[]
  | Map<CborValue, CborValue>

const MAX_DEPTH = 32
const MAX_VALUES = 20_000

type Reader = { bytes: Buffer; at: number; left: number }

/**
 * Reads the first value of some bytes as CBOR (RFC 8949).
 *
 * @throws RangeError if they are damaged, or the value is too large
 */
export function readCbor(bytes: Uint8Array): CborValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return readValue({ bytes: buffer, at: 0, left: MAX_VALUES }, 0)
}

function readValue(reader: Reader, depth: number): CborValue {
  if (depth > MAX_DEPTH || reader.left-- <= 0) throw new RangeError('too large')
  const first = reader.bytes.readUInt8(reader.at++)
  const [kind, info] = [first >> 5, first & 31]
  if (kind === 7) return readSimple(reader, info)
  const count = info === 31 ? undefined : readCount(reader, info)
  switch (kind) {
    case 0:
      return count!
    case 1:
      return -1 - count!
    case 2:
      return joinChunks(reader, count, depth)
    case 3:
      return joinChunks(reader, count, depth).toString('utf8')
    case 4:
      return readItems(reader, count, depth)
    case 5:
      return readMap(reader, count, depth)
    default:
      return readValue(reader, depth + 1)
  }
}

/** Reads the number that follows a first byte. */
function readCount(reader: Reader, info: number): number {
  if (info < 24) return info
  const size = 1 << (info - 24)
  if (size > 8) throw new RangeError('damaged')
  const { bytes, at } = reader
  reader.at += size
  return size === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, size)
}

function readSimple(reader: Reader, info: number): CborValue {
  if (info === 20 || info === 21) return info === 21
  if (info <= 24) {
    if (info === 24) reader.at++
    return null
  }
  const { bytes, at } = reader
  if (info === 25) {
    reader.at += 2
    return null
  }
  if (info === 26) {
    reader.at += 4
    return bytes.readFloatBE(at)
  }
  if (info !== 27) throw new RangeError('damaged')
  reader.at += 8
  return bytes.readDoubleBE(at)
}

/** Reads a text or bytes of a length, or in chunks up to an end mark. */
function joinChunks(reader: Reader, length: number | undefined, depth: number): Buffer {
  if (length !== undefined) {
    const end = reader.at + length
    if (end > reader.bytes.length) throw new RangeError('damaged')
    const chunk = reader.bytes.subarray(reader.at, end)
    reader.at = end
    return chunk
  }
  const chunks: Buffer[] = []
  while (!takeEnd(reader)) {
    const chunk = readValue(reader, depth + 1)
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk))
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

function readItems(reader: Reader, count: number | undefined, depth: number): CborValue[] {
  const items: CborValue[] = []
  while (count === undefined ? !takeEnd(reader) : items.length < count) {
    items.push(readValue(reader, depth + 1))
  }
  return items
}

function readMap(
  reader: Reader,
  count: number | undefined,
  depth: number,
): Map<CborValue, CborValue> {
  const map = new Map<CborValue, CborValue>()
  for (let read = 0; count === undefined ? !takeEnd(reader) : read < count; read++) {
    map.set(readValue(reader, depth + 1), readValue(reader, depth + 1))
  }
  return map
}

/** Takes an end mark, if it is next. */
function takeEnd(reader: Reader): boolean {
  if (reader.bytes.readUInt8(reader.at) !== 0xff) return false
  reader.at++
  return true
}

/** A box of JUMBF that contains others. Source: ISO 19566-5. */
export type Box = {
  /** What it is called: `c2pa.claim`; empty if it has no name. */
  label: string
  boxes: Box[]
  /** The bytes of its first `cbor` box; `undefined` if it has none. */
  cbor: Uint8Array | undefined
}

const MAX_DEPTH = 8
const MAX_BOXES = 2000

/** Reads the boxes of a store. Returns those that could be read if it is damaged. */
export function readBoxes(bytes: Uint8Array): Box[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return readChildren(buffer, { left: MAX_BOXES }, 0).boxes
}

type Children = Omit<Box, 'label'> & { label: string }

function readChildren(bytes: Buffer, budget: { left: number }, depth: number): Children {
  const found: Children = { label: '', boxes: [], cbor: undefined }
  let at = 0
  while (at + 8 <= bytes.length) {
    budget.left--
    if (budget.left < 0) break
    const size = sizeOf(bytes, at)
    if (size === undefined) break
    const content = bytes.subarray(at + size.header, at + size.length)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'jumd') found.label = labelOf(content)
    else if (type === 'cbor') found.cbor ??= content
    else if (type === 'jumb' && depth < MAX_DEPTH) {
      found.boxes.push(readChildren(content, budget, depth + 1))
    }
    at += size.length
  }
  return found
}

/** Returns the size of a box and of its header; `undefined` if it does not fit. */
function sizeOf(bytes: Buffer, at: number): { length: number; header: number } | undefined {
  const short = bytes.readUInt32BE(at)
  const left = bytes.length - at
  if (short === 0) return { length: left, header: 8 }
  const isLong = short === 1
  if (isLong && left < 16) return undefined
  const length = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short
  const header = isLong ? 16 : 8
  return length >= header && length <= left ? { length, header } : undefined
}

/** Reads the label after the type and the flags of a description. */
function labelOf(description: Buffer): string {
  const hasLabel = ((description[16] ?? 0) & 2) !== 0
  if (!hasLabel) return ''
  const end = description.indexOf(0, 17)
  return description.toString('utf8', 17, end < 0 ? description.length : end)
}

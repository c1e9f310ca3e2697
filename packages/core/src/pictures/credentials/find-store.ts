/*
 * Finds the Content Credentials (C2PA) in a picture: a store of JUMBF boxes. Source: C2PA
 * specification 2.2, "Embedding manifests into various file formats".
 */

/** Most parts of a file that are looked at. */
const MAX_PARTS = 10_000
/** Largest store, bytes: it may contain thumbnails of other pictures. */
const MAX_STORE = 32 * 1024 * 1024

/** Returns the store of a PNG, JPEG or WebP; `undefined` if it has none, or is damaged. */
export function findStore(bytes: Uint8Array): Uint8Array | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const store = isPng(view) ? inPng(view) : isWebp(view) ? inWebp(view) : inJpeg(view)
  return store === undefined || store.length > MAX_STORE ? undefined : store
}

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1A\n'
}

function isWebp(bytes: Buffer): boolean {
  return (
    bytes.subarray(0, 4).toString('latin1') === 'RIFF' &&
    bytes.subarray(8, 12).toString('latin1') === 'WEBP'
  )
}

/** A chunk `caBX`. */
function inPng(bytes: Buffer): Buffer | undefined {
  let at = 8
  for (let part = 0; part < MAX_PARTS && at + 8 <= bytes.length; part++) {
    const length = bytes.readUInt32BE(at)
    const end = at + 8 + length
    if (bytes.toString('latin1', at + 4, at + 8) === 'caBX') {
      return end <= bytes.length ? bytes.subarray(at + 8, end) : undefined
    }
    at = end + 4
  }
  return undefined
}

/** A chunk `C2PA`. */
function inWebp(bytes: Buffer): Buffer | undefined {
  let at = 12
  for (let part = 0; part < MAX_PARTS && at + 8 <= bytes.length; part++) {
    const length = bytes.readUInt32LE(at + 4)
    const end = at + 8 + length
    if (bytes.toString('latin1', at, at + 4) === 'C2PA') {
      return end <= bytes.length ? bytes.subarray(at + 8, end) : undefined
    }
    at = end + (length % 2)
  }
  return undefined
}

const APP11 = 0xeb
const START_OF_SCAN = 0xda

/** Segments `APP11`, which repeat the header of the box that they continue. */
function inJpeg(bytes: Buffer): Buffer | undefined {
  const pieces: Buffer[] = []
  let at = 2
  for (let part = 0; part < MAX_PARTS && at + 4 <= bytes.length && bytes[at] === 0xff; part++) {
    const marker = bytes[at + 1]!
    if (marker === START_OF_SCAN) break
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    const segment = bytes.subarray(at + 4, Math.min(end, bytes.length))
    if (marker === APP11 && segment.length > 16 && segment.toString('latin1', 0, 2) === 'JP') {
      const header = segment.readUInt32BE(8) === 1 ? 16 : 8
      pieces.push(segment.subarray(pieces.length === 0 ? 8 : 8 + header))
    }
    at = end
  }
  return pieces.length === 0 ? undefined : Buffer.concat(pieces)
}

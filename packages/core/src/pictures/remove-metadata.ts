/** Formats in which an input picture is sent. */
type SentFormat = 'png' | 'jpeg' | 'webp'

/**
 * Returns a picture without anything but its pixels: no EXIF (which has the place of a photo), XMP,
 * IPTC, comments, previews and appended files. The pixels stay as they are encoded.
 *
 * @returns `undefined` if its structure is unusual: encode its pixels instead
 */
export function removeMetadata(bytes: Uint8Array, format: SentFormat): Buffer | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts = partsByFormat[format](buffer)
  return parts === undefined ? undefined : Buffer.concat(parts)
}

const partsByFormat: Readonly<Record<SentFormat, (bytes: Buffer) => Buffer[] | undefined>> = {
  png: partsOfPng,
  jpeg: partsOfJpeg,
  webp: partsOfWebp,
}

/** Chunks that determine the pixels of a PNG and how they are shown. */
const PNG_CHUNKS = new Set([
  'IHDR',
  'PLTE',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'sBIT',
  'bKGD',
  'pHYs',
  'IDAT',
  'IEND',
])

function partsOfPng(bytes: Buffer): Buffer[] | undefined {
  const parts = [bytes.subarray(0, 8)]
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (end > bytes.length) return undefined
    if (PNG_CHUNKS.has(type)) parts.push(bytes.subarray(at, end))
    if (type === 'IEND') return parts
    at = end
  }
  return undefined
}

/** Markers of JPEG segments without a length: restarts, and the start of the picture. */
function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}

/** Returns whether a segment only describes the picture: APP1 to APP13, APP15 and comments. */
function isDescription(marker: number): boolean {
  return marker === 0xfe || (marker >= 0xe0 && marker <= 0xef && marker !== 0xee)
}

/** Returns whether a segment is the usual header of a JPEG, without a preview. */
function isPlainHeader(segment: Buffer): boolean {
  return segment[1] === 0xe0 && segment.length === 18 && segment.toString('latin1', 4, 8) === 'JFIF'
}

const [SOS, EOI] = [0xda, 0xd9]

function partsOfJpeg(bytes: Buffer): Buffer[] | undefined {
  const parts = [bytes.subarray(0, 2)]
  for (let at = 2; at + 2 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === EOI) return [...parts, bytes.subarray(at, at + 2)]
    if (isBare(marker) || at + 4 > bytes.length) return undefined
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    const next = marker === SOS ? endOfScan(bytes, end) : end
    if (next > bytes.length) return undefined
    const isKept = !isDescription(marker) || isPlainHeader(bytes.subarray(at, next))
    if (isKept) parts.push(bytes.subarray(at, next))
    at = next
  }
  return undefined
}

/** Returns where the next marker after a scan's data is, restarts apart. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1]
    const isData = marker === 0 || marker === 0xff || (marker! >= 0xd0 && marker! <= 0xd7)
    if (!isData) return at
  }
  return bytes.length + 1
}

/** Chunks that determine the pixels of a WebP that is not animated. */
const WEBP_CHUNKS = new Set(['VP8 ', 'VP8L', 'ALPH'])

function partsOfWebp(bytes: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = []
  const limit = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  for (let at = 12; at + 8 <= limit;) {
    const size = bytes.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    const type = bytes.toString('latin1', at, at + 4)
    if (end > limit || type === 'ANIM') return undefined
    const chunk = bytes.subarray(at, end)
    if (type === 'VP8X') parts.push(withoutFlags(chunk))
    else if (WEBP_CHUNKS.has(type)) parts.push(chunk)
    at = end
  }
  const size = parts.reduce((sum, { length }) => sum + length, 4)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(size, 4)
  return [head, ...parts]
}

/** Clears the flags that announce a profile, EXIF and XMP: only that for alpha stays. */
function withoutFlags(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk)
  copy[8] = copy[8]! & 0x10
  return copy
}

import { brotliDecompressSync, inflateSync } from 'node:zlib'

/** Returns the bytes of a table of a font; `undefined` if it has no such table. */
export type TableReader = (tag: string) => Buffer | undefined

/** Largest font that is unpacked, bytes. */
const MAX_BYTES = 128 * 1024 * 1024

/**
 * Opens a font file: TrueType, OpenType, a collection of them, WOFF or WOFF2.
 *
 * @throws Error if it is none, or is damaged
 */
export function openTables(bytes: Buffer): TableReader {
  const type = bytes.toString('latin1', 0, 4)
  if (type === 'wOFF') return openWoff(bytes)
  if (type === 'wOF2') return openWoff2(bytes)
  if (type === 'ttcf') return openSfnt(bytes, bytes.readUInt32BE(12))
  if (type === 'OTTO' || type === 'true' || type === '\0\u0001\0\0') return openSfnt(bytes, 0)
  throw new Error('it is no font')
}

function openSfnt(bytes: Buffer, start: number): TableReader {
  const tables = new Map<string, Buffer>()
  for (let index = 0; index < bytes.readUInt16BE(start + 4); index++) {
    const at = start + 12 + index * 16
    const [offset, length] = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)]
    tables.set(bytes.toString('latin1', at, at + 4), bytes.subarray(offset, offset + length))
  }
  return (tag) => tables.get(tag)
}

function openWoff(bytes: Buffer): TableReader {
  const places = new Map<string, { from: number; packed: number; length: number }>()
  for (let index = 0; index < bytes.readUInt16BE(12); index++) {
    const at = 44 + index * 20
    places.set(bytes.toString('latin1', at, at + 4), {
      from: bytes.readUInt32BE(at + 4),
      packed: bytes.readUInt32BE(at + 8),
      length: bytes.readUInt32BE(at + 12),
    })
  }
  return (tag) => {
    const place = places.get(tag)
    if (place === undefined) return undefined
    const part = bytes.subarray(place.from, place.from + place.packed)
    return place.packed < place.length ? inflateSync(part, { maxOutputLength: MAX_BYTES }) : part
  }
}

/** The tags that WOFF2 writes as numbers, of four characters each. */
const KNOWN_TAGS =
  'cmapheadhheahmtxmaxpnameOS/2postcvt fpgmglyflocaprepCFF VORGEBDTEBLCgasphdmxkernLTSHPCLTVDMXvheavmtxBASEGDEFGPOSGSUBEBSCJSTFMATHCBDTCBLCCOLRCPALSVG sbixacntavarbdatblocbslncvarfdscfeatfmtxfvargvarhstyjustlcarmortmorxopbdproptrakZapfSilfGlatGlocFeatSill'

function openWoff2(bytes: Buffer): TableReader {
  const places = new Map<string, { from: number; length: number }>()
  const read = createNumberReader(bytes, 48)
  let from = 0
  for (let index = 0; index < bytes.readUInt16BE(12); index++) {
    const flags = read.byte()
    const tag = (flags & 63) === 63 ? read.text(4) : KNOWN_TAGS.slice((flags & 63) * 4).slice(0, 4)
    const length = read.base128()
    const isGlyphs = tag === 'glyf' || tag === 'loca'
    const isTransformed = isGlyphs ? flags >> 6 !== 3 : flags >> 6 !== 0
    const stored = isTransformed ? read.base128() : length
    places.set(tag, { from, length: stored })
    from += stored
  }
  const packed = bytes.subarray(read.at(), read.at() + bytes.readUInt32BE(20))
  let stream: Buffer | undefined
  return (tag) => {
    const place = places.get(tag)
    if (place === undefined) return undefined
    stream ??= brotliDecompressSync(packed, { maxOutputLength: MAX_BYTES })
    return stream.subarray(place.from, place.from + place.length)
  }
}

/** Creates a reader of the numbers of a WOFF2 directory. */
function createNumberReader(bytes: Buffer, start: number) {
  let at = start
  return {
    at: (): number => at,
    byte: (): number => bytes.readUInt8(at++),
    text: (length: number): string => bytes.toString('latin1', at, (at += length)),
    base128: (): number => {
      let value = 0
      for (let index = 0; index < 5; index++) {
        const byte = bytes.readUInt8(at++)
        value = value * 128 + (byte & 127)
        if (byte < 128) return value
      }
      throw new Error('it is damaged')
    },
  }
}

import { randomUUID } from 'node:crypto'
import { type Base64Decoder, createBase64Decoder } from './base64-decoder.ts'

/** A key whose value may be a picture as base64, megabytes of it. */
const KEY = Buffer.from('"b64_json"')

/** No picture is recognised with more white space than this around the colon, bytes. */
const MAX_HELD_BYTES = 1024

/**
 * Bounds of the memory that is reserved for a picture whose end has not arrived, characters. Within
 * them the length of the response decides.
 */
const [MIN_EXPECTED, MAX_EXPECTED] = [64 * 1024, 32 * 1024 * 1024]

const [QUOTE, COLON] = [0x22, 0x3a]

/** JSON text with a placeholder for each picture: `mark` followed by the picture's index. */
export type Extracted = {
  text: string
  /** The bytes of `text`. */
  bytes: Buffer
  mark: string
  pictures: readonly Uint8Array[]
}

/** Takes the pictures out of JSON that arrives in pieces. */
export type PictureExtractor = {
  add(chunk: Uint8Array): void
  /** Returns everything that was added. Call it once, at the end. */
  end(): Extracted
}

/** @param length length of the JSON, bytes; 0 if it is unknown */
export function createPictureExtractor(length: number): PictureExtractor {
  const output = createMarkedText()
  /** Set while the text of a picture arrives. */
  let decoder: Base64Decoder | undefined
  let held: Buffer = Buffer.alloc(0)

  /** Copies everything up to the next picture. @returns the bytes from its first character on */
  const copyText = (bytes: Buffer): { rest: Buffer; isPicture: boolean } => {
    const { end, isPicture } = findPicture(bytes)
    output.addText(Buffer.from(bytes.subarray(0, end)))
    return { rest: bytes.subarray(isPicture ? end + 1 : end), isPicture }
  }
  /** Decodes up to the end of the picture. @returns the bytes after it, and whether it ended */
  const decodePicture = (bytes: Buffer): { rest: Buffer; hasEnded: boolean } => {
    const quote = bytes.indexOf(QUOTE)
    decoder ??= createBase64Decoder(
      quote === -1 ? Math.max(MIN_EXPECTED, Math.min(length, MAX_EXPECTED)) : quote,
    )
    const piece = quote === -1 ? bytes : bytes.subarray(0, quote)
    const isPlain = decoder.add(piece)
    const rest = bytes.subarray(piece.length)
    if (isPlain && quote === -1) return { rest, hasEnded: false }
    const picture = isPlain ? decoder.end() : undefined
    if (picture === undefined) output.addUndecoded(decoder)
    else output.addPicture(picture)
    decoder = undefined
    return { rest: picture === undefined ? rest : rest.subarray(1), hasEnded: true }
  }
  return {
    add(chunk) {
      let rest: Buffer =
        held.length === 0
          ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
          : Buffer.concat([held, chunk])
      for (;;) {
        if (decoder === undefined) {
          const copied = copyText(rest)
          rest = copied.rest
          if (!copied.isPicture) break
        }
        const decoded = decodePicture(rest)
        rest = decoded.rest
        if (!decoded.hasEnded) break
      }
      held = Buffer.from(rest)
    },
    end() {
      if (decoder !== undefined) output.addUndecoded(decoder)
      output.addText(held)
      return output.end()
    },
  }
}

/** The text with its placeholders, as it grows. */
type MarkedText = {
  addText(bytes: Uint8Array): void
  /** Adds a picture with the quotes around it. */
  addPicture(picture: Uint8Array): void
  /** Adds what arrived of a picture that is not plain base64, with the quote before it. */
  addUndecoded(decoder: Base64Decoder): void
  end(): Extracted
}

function createMarkedText(): MarkedText {
  // Random, so that no server can write it.
  const mark = `${randomUUID()} `
  const text: Uint8Array[] = []
  const pictures: Uint8Array[] = []
  return {
    addText: (bytes) => void text.push(bytes),
    addPicture(picture) {
      text.push(Buffer.from(JSON.stringify(`${mark}${pictures.length}`)))
      pictures.push(picture)
    },
    addUndecoded: (decoder) => void text.push(Buffer.from(`"${decoder.text()}`, 'latin1')),
    end() {
      const bytes = Buffer.concat(text)
      // Like `fetch`, TextDecoder drops a byte order mark.
      return { text: new TextDecoder().decode(bytes), bytes, mark, pictures }
    },
  }
}

/** Puts the pictures back into the text. */
export function restoreText({ bytes, mark, pictures }: Extracted): Uint8Array {
  const parts: Uint8Array[] = []
  let from = 0
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, from)) {
    const end = bytes.indexOf(QUOTE, at)
    const index = Number(bytes.toString('latin1', at + mark.length, end))
    parts.push(
      bytes.subarray(from, at),
      Buffer.from(Buffer.from(pictures[index]!).toString('base64')),
    )
    from = end
  }
  return Buffer.concat([...parts, bytes.subarray(from)])
}

/**
 * Finds the opening quote of the next picture, or else the `end` up to which no picture can start,
 * whatever arrives next.
 */
function findPicture(bytes: Buffer): { end: number; isPicture: boolean } {
  for (let key = bytes.indexOf(KEY); key !== -1; key = bytes.indexOf(KEY, key + 1)) {
    const colon = skipSpace(bytes, key + KEY.length)
    const value = bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : colon
    if (value >= bytes.length && value - key < MAX_HELD_BYTES) return { end: key, isPicture: false }
    if (value > colon && bytes[value] === QUOTE) return { end: value, isPicture: true }
  }
  // The last bytes may be the start of a key.
  return { end: Math.max(0, bytes.length - KEY.length + 1), isPicture: false }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
  return at
}

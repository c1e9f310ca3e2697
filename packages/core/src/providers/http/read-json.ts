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

/**
 * Parses JSON while it arrives. Pictures become bytes instead of base64, and neither they nor the
 * JSON are ever held as one text: many responses at a time would fill the memory. A value that is
 * not plain base64 stays text.
 *
 * Of JSON that is damaged or breaks off, the complete pictures are returned, as `{ data: […] }`:
 * they have been paid for.
 *
 * @returns `undefined` if nothing arrived
 * @throws SyntaxError for invalid JSON without a complete picture; what `chunks` throws if none is
 *   complete by then
 */
export async function readJson(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { length = 0, isText = false, onText }: ReadJsonOptions = {},
): Promise<unknown> {
  const extractor = createPictureExtractor(length)
  try {
    for await (const chunk of chunks) extractor.add(chunk)
  } catch (error) {
    const broken = extractor.end()
    onText?.(() => restoreText(broken))
    const salvaged = salvagePictures(broken)
    if (salvaged === undefined) throw error
    return salvaged
  }
  const extracted = extractor.end()
  onText?.(() => restoreText(extracted))
  try {
    return parseExtracted(extracted)
  } catch (error) {
    const values = onText === undefined ? [] : parseSequence(extracted)
    if (values.length > 0) return values.length === 1 ? values[0] : new JsonSequence(values)
    const salvaged = salvagePictures(extracted)
    if (salvaged !== undefined) return salvaged
    if (isText) return extracted.text
    throw error
  }
}

/** Several JSON values in one body, such as one per line. */
export class JsonSequence {
  readonly values: readonly unknown[]

  constructor(values: readonly unknown[]) {
    this.values = values
  }
}

type ReadJsonOptions = {
  /** Length of the JSON, bytes. Default: unknown. */
  length?: number
  /** Whether anything but JSON is returned as text. Default false. */
  isText?: boolean
  /**
   * Called with a function that returns everything that arrived. If it is set, a body of several
   * JSON values returns a `JsonSequence`, and text around a single one is skipped.
   */
  onText?: (text: () => Uint8Array) => void
}

/** JSON text with a placeholder for each picture: `mark` followed by the picture's index. */
type Extracted = {
  text: string
  /** The bytes of `text`. */
  bytes: Buffer
  mark: string
  pictures: readonly Uint8Array[]
}

type PictureExtractor = { add(chunk: Uint8Array): void; end(): Extracted }

function createPictureExtractor(length: number): PictureExtractor {
  // Random, so that no server can write it.
  const mark = `${randomUUID()} `
  const text: Uint8Array[] = []
  const pictures: Uint8Array[] = []
  /** Set while the text of a picture arrives. */
  let decoder: Base64Decoder | undefined
  let held: Buffer = Buffer.alloc(0)

  /** Copies everything up to the next picture. @returns the bytes from its first character on */
  const copyText = (bytes: Buffer): { rest: Buffer; isPicture: boolean } => {
    const { end, isPicture } = findPicture(bytes)
    text.push(Buffer.from(bytes.subarray(0, end)))
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
    if (picture === undefined) {
      keepAsText(decoder)
      return { rest, hasEnded: true }
    }
    text.push(Buffer.from(JSON.stringify(`${mark}${pictures.length}`)))
    pictures.push(picture)
    decoder = undefined
    return { rest: rest.subarray(1), hasEnded: true }
  }
  const keepAsText = (undecoded: Base64Decoder): void => {
    text.push(Buffer.from(`"${undecoded.text()}`, 'latin1'))
    decoder = undefined
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
      if (decoder !== undefined) keepAsText(decoder)
      text.push(held)
      const bytes = Buffer.concat(text)
      // Like `fetch`, TextDecoder drops a byte order mark.
      return { text: new TextDecoder().decode(bytes), bytes, mark, pictures }
    },
  }
}

/** Puts the pictures back into the text. */
function restoreText({ bytes, mark, pictures }: Extracted): Uint8Array {
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

/** Parses each complete value of a text that starts as JSON does but is not one value. */
function parseSequence(extracted: Extracted): unknown[] {
  const { text } = extracted
  // A sequence may begin with a record separator, and JSON for browsers with `)]}'`.
  if (!/^(?:\s|\p{Cc}|\)\]\}',?)*[[{]/u.test(text)) return []
  return splitValues(text).flatMap((part) => {
    try {
      return [parseExtracted({ ...extracted, text: part })]
    } catch {
      return []
    }
  })
}

/** Splits a text into its outermost objects and lists. */
function splitValues(text: string): string[] {
  const parts: string[] = []
  let [depth, start] = [0, 0]
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{}\]]/g)) {
    if (token === '[' || token === '{') {
      if (depth === 0) start = index
      depth++
    } else if (depth > 0 && (token === ']' || token === '}')) {
      depth--
      if (depth === 0) parts.push(text.slice(start, index + 1))
    }
  }
  return parts
}

function parseExtracted({ text, mark, pictures }: Omit<Extracted, 'bytes'>): unknown {
  if (text.trim() === '') return undefined
  if (pictures.length === 0) return JSON.parse(text) as unknown
  return JSON.parse(text, (key, value: unknown) => {
    const picture =
      typeof value === 'string' && value.startsWith(mark)
        ? pictures[Number(value.slice(mark.length))]!
        : undefined
    if (picture === undefined) return value
    // A longer key may end in `"b64_json"`.
    return key === 'b64_json' ? picture : Buffer.from(picture).toString('base64')
  })
}

/** A complete picture, link or type in the text of damaged JSON. */
const COMPLETE = /"(b64_json|url|type)"\s{0,100}:\s{0,100}("[^"\\]*(?:\\.[^"\\]*)*")/g

/** Returns the complete pictures and links of damaged JSON; `undefined` if there are none. */
function salvagePictures({ text, mark, pictures }: Extracted): Record<string, unknown> | undefined {
  const data: Record<string, unknown>[] = []
  let type: string | undefined
  // A web page contains links too.
  const isAnswer = /^\s*[[{]/.test(text) && /"(data|b64_json)"/.test(text)
  if (!isAnswer) return undefined
  for (const [, key, quoted] of text.matchAll(COMPLETE)) {
    const value = unquote(quoted!)
    if (value === undefined || value === '') continue
    if (key === 'type') type ??= value
    else {
      const picture = value.startsWith(mark)
        ? pictures[Number(value.slice(mark.length))]
        : undefined
      data.push({ [key!]: picture ?? value })
    }
  }
  return data.length === 0 ? undefined : { ...(type === undefined ? {} : { type }), data }
}

function unquote(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return undefined
  }
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

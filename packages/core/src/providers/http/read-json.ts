import { randomUUID } from 'node:crypto'

/** A key whose value may be a picture as base64, megabytes of it. */
const KEY = Buffer.from('"b64_json"')

/** Where there is more blank than this about a colon, bytes, no picture is looked for. */
const MOST_HELD = 1024

/**
 * The room that is made for a picture whose end is not in sight goes by the length of the answer,
 * within these bounds, characters.
 */
const [LEAST_EXPECTED, MOST_EXPECTED] = [64 * 1024, 32 * 1024 * 1024]

const [QUOTE, COLON] = [0x22, 0x3a]
/** What Node decodes or skips, and is no plain base64 all the same: `\\`, `-`, `_`. */
const NOT_PLAIN = [0x5c, 0x2d, 0x5f]

/**
 * An answer that came in one piece: parsed where its type is JSON, else its text; `undefined` where
 * it is empty. @throws SyntaxError
 */
export async function readAnswer(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type')?.split(';')[0]!.trim().toLowerCase() ?? ''
  if (response.body === null) return undefined
  return type.includes('application/json') || type.endsWith('+json')
    ? parseAnswer(response.body, Number(response.headers.get('content-length')) || 0)
    : response.text()
}

/**
 * Parses a JSON answer while it comes. Pictures in it are bytes in the place of their base64, and
 * neither they nor the answer are ever one text: many at a time would fill the memory. What is no
 * plain base64 stays the text that it is.
 *
 * @param length how long the answer is, bytes, where that is known
 * @returns `undefined` where nothing came
 * @throws SyntaxError where it is no JSON
 */
export async function parseAnswer(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  length = 0,
): Promise<unknown> {
  /** What stands for a picture while the rest is parsed: nothing that a server could write. */
  const mark = `${randomUUID()} `
  const rest: Uint8Array[] = []
  const pictures: Uint8Array[] = []
  let picture: Base64 | undefined
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    let bytes =
      held.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([held, chunk])
    for (;;) {
      if (picture === undefined) {
        const { end, isPicture } = findPicture(bytes)
        rest.push(Buffer.from(bytes.subarray(0, end)))
        bytes = bytes.subarray(end)
        if (!isPicture) break
        bytes = bytes.subarray(1)
      }
      const quote = bytes.indexOf(QUOTE)
      picture ??= createBase64(
        quote === -1 ? Math.max(LEAST_EXPECTED, Math.min(length, MOST_EXPECTED)) : quote,
      )
      const piece = quote === -1 ? bytes : bytes.subarray(0, quote)
      const isPlain = picture.add(piece)
      bytes = bytes.subarray(piece.length)
      if (isPlain && quote === -1) break
      const whole = isPlain ? picture.end() : undefined
      if (whole !== undefined) {
        rest.push(Buffer.from(JSON.stringify(`${mark}${pictures.length}`)))
        pictures.push(whole)
        bytes = bytes.subarray(1)
      } else rest.push(Buffer.from(`"${picture.text()}`, 'latin1'))
      picture = undefined
    }
    held = Buffer.from(bytes)
  }
  if (picture !== undefined) rest.push(Buffer.from(`"${picture.text()}`, 'latin1'))
  rest.push(held)
  // As a `fetch` reads text: a mark of the byte order is none of it.
  const text = new TextDecoder().decode(Buffer.concat(rest))
  if (text === '') return undefined
  if (pictures.length === 0) return JSON.parse(text) as unknown
  return JSON.parse(text, (key, value: unknown) => {
    const picture =
      typeof value === 'string' && value.startsWith(mark)
        ? pictures[Number(value.slice(mark.length))]!
        : undefined
    if (picture === undefined) return value
    // A key may end like the one that is meant.
    return key === 'b64_json' ? picture : Buffer.from(picture).toString('base64')
  })
}

/**
 * Where the text of a picture begins, at its quote; else up to where there is none, whatever comes
 * next.
 */
function findPicture(bytes: Buffer): { end: number; isPicture: boolean } {
  for (let key = bytes.indexOf(KEY); key !== -1; key = bytes.indexOf(KEY, key + 1)) {
    const colon = skipSpace(bytes, key + KEY.length)
    const value = bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : colon
    if (value >= bytes.length && value - key < MOST_HELD) return { end: key, isPicture: false }
    if (value > colon && bytes[value] === QUOTE) return { end: value, isPicture: true }
  }
  // The end may be the beginning of a key.
  return { end: Math.max(0, bytes.length - KEY.length + 1), isPicture: false }
}

/** Base64 that comes in pieces. */
type Base64 = {
  /** @returns whether it is plain base64 so far */
  add(piece: Buffer): boolean
  /** The bytes; `undefined` where it was none. */
  end(): Uint8Array | undefined
  /** What was added, as text. */
  text(): string
}

/** @param expected characters that may come; room is made for more */
function createBase64(expected: number): Base64 {
  let decoded = Buffer.allocUnsafeSlow(Math.ceil((expected * 3) / 4))
  let length = 0
  /** What is not decoded yet, four characters at most: the last group may be padded. */
  let left = ''
  const decode = (text: string): boolean => {
    const more = Math.floor((text.length * 3) / 4)
    if (length + more > decoded.length) {
      decoded = Buffer.concat(
        [decoded.subarray(0, length)],
        Math.max(2 * decoded.length, length + more),
      )
    }
    // Node skips what is no base64.
    const isPlain = decoded.write(text, length, 'base64') === more
    if (isPlain) length += more
    return isPlain
  }
  const decodeMore = (piece: Buffer): boolean => {
    const whole = Math.floor((left.length + piece.length - 1) / 4) * 4
    const [start, end] = [(4 - (left.length % 4)) % 4, whole - left.length]
    if (whole <= 0) left += piece.toString('latin1')
    // What is decoded at once is no longer than a piece: long texts would outlive their use.
    else if (
      decode(left + piece.toString('latin1', 0, start)) &&
      decode(piece.toString('latin1', start, end))
    ) {
      left = piece.toString('latin1', end)
    } else return false
    return true
  }
  return {
    add(piece) {
      const before = { length, left }
      if (NOT_PLAIN.every((byte) => !piece.includes(byte)) && decodeMore(piece)) return true
      length = before.length
      left = before.left + piece.toString('latin1')
      return false
    },
    end() {
      if (!/^[\w+/]{2,4}={0,2}$/.test(left) || !decode(left.replace(/={1,2}$/, ''))) {
        return undefined
      }
      // What was reserved for more than came is let go.
      return 2 * length < decoded.length
        ? Buffer.from(decoded.subarray(0, length))
        : decoded.subarray(0, length)
    },
    text: () => decoded.toString('base64', 0, length) + left,
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
  return at
}

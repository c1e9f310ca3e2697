/** A key whose value may be a picture as base64, megabytes of it. */
const KEY = Buffer.from('"b64_json"')
/** What stands for a picture while the rest is parsed. */
const MARK = '\0picture '
/** Characters decoded at a time: a short string is gone soon after. A multiple of four. */
const STEP = 64 * 1024

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]

/** An answer that came in one piece: parsed where its type is JSON, else its text; `undefined` where it is empty. @throws SyntaxError */
export async function readAnswer(response: Response): Promise<unknown> {
  const body = new Uint8Array(await response.arrayBuffer())
  const type = response.headers.get('content-type')?.split(';')[0]!.trim().toLowerCase() ?? ''
  if (!type.includes('application/json') && !type.endsWith('+json')) return new TextDecoder().decode(body)
  return body.length === 0 ? undefined : parseAnswer(body)
}

/**
 * Parses a JSON answer. Pictures in it come as bytes in the place of their base64, without
 * ever having been a text: of many at a time those would fill the memory. What is no plain
 * base64 stays the text that it is.
 *
 * @throws SyntaxError where it is no JSON
 */
export function parseAnswer(body: Uint8Array): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const pictures: Uint8Array[] = []
  const rest: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(KEY); at !== -1; at = bytes.indexOf(KEY, at)) {
    at = skipSpace(bytes, at + KEY.length)
    if (bytes[at] !== COLON) continue
    const start = skipSpace(bytes, at + 1)
    if (bytes[start] !== QUOTE) continue
    const end = bytes.indexOf(QUOTE, start + 1)
    const picture = end === -1 ? undefined : decodeBase64(bytes.subarray(start + 1, end))
    if (picture === undefined) continue
    rest.push(bytes.subarray(from, start), Buffer.from(JSON.stringify(`${MARK}${pictures.length}`)))
    pictures.push(picture)
    at = from = end + 1
  }
  rest.push(bytes.subarray(from))
  // As a `fetch` reads text: a mark of the byte order is none of it.
  const text = new TextDecoder().decode(Buffer.concat(rest))
  if (pictures.length === 0) return JSON.parse(text) as unknown
  return JSON.parse(text, (key, value: unknown) => (key === 'b64_json' && typeof value === 'string' && value.startsWith(MARK) ? (pictures[Number(value.slice(MARK.length))] ?? value) : value))
}

/** The bytes of base64 without blanks; `undefined` where it is none. */
function decodeBase64(text: Buffer): Uint8Array | undefined {
  if (text.length === 0 || text.indexOf(BACKSLASH) !== -1) return undefined
  let length = text.length
  while (length > 0 && length > text.length - 2 && text[length - 1] === 0x3d) length--
  const expected = Math.floor((length * 3) / 4)
  const picture = Buffer.allocUnsafe(expected)
  let written = 0
  for (let at = 0; at < length; at += STEP) written += picture.write(text.toString('latin1', at, Math.min(length, at + STEP)), written, 'base64')
  return expected > 0 && written === expected ? picture : undefined
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++
  return at
}

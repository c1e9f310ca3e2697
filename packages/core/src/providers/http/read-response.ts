import { isObject } from '../../is-object.ts'
import { PEEKED_BYTES, startsLikePicture } from './picture-bytes.ts'
import { type ServerEvent, readEvents } from './read-events.ts'
import { JsonSequence, readJson } from './read-json.ts'

/** The body of a response: one value, or a stream of events. */
export type ResponseBody =
  | { kind: 'value'; value: unknown }
  | { kind: 'events'; events: AsyncGenerator<ServerEvent> }

/** Most white space that is skipped before a body, bytes. */
const MAX_BLANK_BYTES = 64 * 1024

/** First field of a stream of events; `data:image/…` is a picture in a `data:` URL. */
const EVENT = /^(?:data(?!:image\/)|event|id|retry)?:/

/** Receives a function that returns everything that arrived of a body. */
export type OnBody = (body: () => Uint8Array) => void

/**
 * Reads the body of a response by its content: JSON, several JSON values, a stream of events, text,
 * or the picture itself. The content type decides only between text and damaged JSON, because a
 * picture may be in the body whatever a server says about it.
 *
 * @throws SyntaxError for a body that claims to be JSON, is not, and contains no picture
 */
export async function readResponse(
  { body, headers }: Response,
  onBody: OnBody = () => {},
): Promise<ResponseBody> {
  if (body === null) return { kind: 'value', value: undefined }
  const type = headers.get('content-type')?.split(';')[0]!.trim().toLowerCase() ?? ''
  const { start, chunks } = await peek(body)
  if (startsLikePicture(start) || (type.startsWith('image/') && !/^[[{"]|^data:/.test(start))) {
    return { kind: 'value', value: { data: [{ b64_json: await readBytes(chunks, onBody) }] } }
  }
  if (EVENT.test(start) || (type === 'text/event-stream' && !/^(?:[[{]|data:image)/.test(start))) {
    return { kind: 'events', events: readEvents(recorded(chunks, onBody)) }
  }
  const isJson = type.includes('application/json') || type.endsWith('+json')
  const length = Number(headers.get('content-length')) || 0
  const isText = !isJson || !/^[[{]/.test(start)
  const value = await readJson(chunks, { length, isText, onText: onBody })
  return value instanceof JsonSequence
    ? { kind: 'events', events: toEvents(value) }
    : { kind: 'value', value }
}

async function* toEvents({ values }: JsonSequence): AsyncGenerator<ServerEvent> {
  for (const value of values) {
    yield { type: isObject(value) && typeof value['type'] === 'string' ? value['type'] : '', value }
  }
}

/** Keeps the chunks that pass, so that a stream without a usable picture is not lost. */
async function* recorded(
  chunks: AsyncIterable<Uint8Array>,
  onBody: OnBody,
): AsyncGenerator<Uint8Array> {
  const kept: Uint8Array[] = []
  onBody(() => Buffer.concat(kept))
  for await (const chunk of chunks) {
    kept.push(chunk)
    yield chunk
  }
}

/** Returns the first bytes after white space, as Latin-1, and all chunks. */
async function peek(
  body: AsyncIterable<Uint8Array>,
): Promise<{ start: string; chunks: AsyncGenerator<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let [start, skipped, isDone] = ['', 0, false]
  while (start.length < PEEKED_BYTES && skipped < MAX_BLANK_BYTES && !isDone) {
    const { value, done } = await iterator.next()
    isDone = done === true
    if (isDone) break
    first.push(value as Uint8Array)
    const text = Buffer.from(value as Uint8Array).toString('latin1')
    skipped += text.length
    // A byte order mark is not a part of the text.
    start = (start + text.slice(0, MAX_BLANK_BYTES)).replace(
      /^(?:\xef\xbb\xbf)?[ \t\r\n]+|^\xef\xbb\xbf/,
      '',
    )
    start = start.slice(0, PEEKED_BYTES)
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first
      while (!isDone) {
        const { value, done } = await iterator.next()
        if (done === true) isDone = true
        else yield value
      }
    } finally {
      // Closes the connection if the reader stops early.
      if (!isDone) await iterator.return?.()
    }
  }
  return { start, chunks: all() }
}

async function readBytes(chunks: AsyncIterable<Uint8Array>, onBody: OnBody): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const chunk of recorded(chunks, onBody)) pieces.push(chunk)
  return Buffer.concat(pieces)
}

import { constants } from 'node:buffer'
import { MAX_PICTURE_BYTES } from '../openai/read-answer.ts'
import { badAnswer } from './download.ts'

export type FetchLimits = {
  /** The longest answer that is taken, bytes. */
  maxBytes: number
  /** How long the server may be silent, ms. */
  silenceMs: number
}

const BASE64_BYTES = Math.ceil((MAX_PICTURE_BYTES * 4) / 3)
const BESIDES = 1024 * 1024

/**
 * The longest answer with so many pictures as base64, bytes; a longer one would not fit into one
 * text.
 */
export function maxAnswerBytes(pictures: number): number {
  return Math.min(BASE64_BYTES * pictures + BESIDES, constants.MAX_STRING_LENGTH)
}

/**
 * The longest stream with so many pictures, unfinished ones among them, bytes. It is read one event
 * at a time.
 */
export function maxStreamBytes(pictures: number): number {
  return BASE64_BYTES * pictures + BESIDES
}

/**
 * `fetch` that hangs up where an answer gets too long, and waits as long for a slow one as it is
 * told to. It is led nowhere else: prompt, pictures and headers are for the one that was named.
 */
export function limitFetch({ maxBytes, silenceMs }: FetchLimits): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, {
      ...init,
      redirect: 'manual',
      ...(await patience(silenceMs)),
    })
    if (response.body === null) return response
    let length = 0
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        length += chunk.length
        if (length > maxBytes) {
          controller.error(badAnswer(`The server's answer has more than ${maxBytes} bytes.`))
        } else controller.enqueue(chunk)
      },
    })
    return new Response(response.body.pipeThrough(counted), response)
  }
}

type Dispatch = (options: object, handler: unknown) => boolean
/** Where Node keeps what its `fetch` sends with: its own, or a proxy that somebody has set. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1')

/** Node's `fetch` gives up after 300 s of silence by itself, and a picture can take longer. */
async function patience(ms: number): Promise<RequestInit> {
  const world = globalThis as { [GLOBAL_DISPATCHER]?: { dispatch: Dispatch } }
  // Node fills it in with the first request.
  if (world[GLOBAL_DISPATCHER] === undefined) await fetch('data:,')
  const inner = world[GLOBAL_DISPATCHER]
  if (inner === undefined) return {}
  const dispatch: Dispatch = (options, handler) =>
    inner.dispatch({ ...options, headersTimeout: ms, bodyTimeout: ms }, handler)
  return { dispatcher: { dispatch } } as unknown as RequestInit
}

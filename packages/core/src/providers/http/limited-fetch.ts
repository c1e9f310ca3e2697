import { constants } from 'node:buffer'
import { requireWritesAllowed } from '../../disk/write-guard.ts'
import { isProxyVariable, type ProviderEnvironment } from '../environment.ts'
import { badAnswer } from './bad-answer.ts'
import { type Proxy, proxyFor, ProxyFailure } from './proxy.ts'

/** Largest picture that is accepted from a server, bytes. */
export const MAX_PICTURE_BYTES: number = 64 * 1024 * 1024

type FetchLimits = {
  /** Largest response that is accepted, bytes. */
  maxBytes: number
  /** Longest silence of the server, ms. */
  silenceMs: number
  /** Variables of the process, with the user's proxies. */
  env: ProviderEnvironment
}

const MAX_BASE64_BYTES = Math.ceil((MAX_PICTURE_BYTES * 4) / 3)
/** Room for everything in a response that is not a picture, bytes. */
const MAX_OTHER_BYTES = 1024 * 1024

/**
 * Returns the largest response with that many pictures as base64, bytes. A larger one would not fit
 * into one string.
 */
export function maxAnswerBytes(pictures: number): number {
  return Math.min(maxStreamBytes(pictures), constants.MAX_STRING_LENGTH)
}

/**
 * Returns the largest stream with that many pictures, partial ones included, bytes. A stream is
 * read one event at a time.
 */
export function maxStreamBytes(pictures: number): number {
  return MAX_BASE64_BYTES * pictures + MAX_OTHER_BYTES
}

/**
 * Creates a `fetch` that closes the connection when a response exceeds `maxBytes`, and waits
 * `silenceMs` for a slow one. It follows no redirect: prompt, pictures and headers are only for the
 * named server. It uses the proxies of the user, and sends nothing for a process that is no longer
 * the writer of its project.
 */
export function limitFetch({ maxBytes, silenceMs, env }: FetchLimits): typeof fetch {
  const send = Object.keys(env).some(isProxyVariable)
    ? createProxiedFetch(env, silenceMs)
    : createDirectFetch(silenceMs)
  return async (input, init) => {
    await requireWritesAllowed()
    const response = await send(input, init)
    if (response.body === null) return response
    let length = 0
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        length += chunk.length
        if (length > maxBytes) {
          controller.error(badAnswer(`The server's answer is larger than ${maxBytes} bytes.`))
        } else controller.enqueue(chunk)
      },
    })
    return new Response(response.body.pipeThrough(counted), response)
  }
}

function createDirectFetch(silenceMs: number): typeof fetch {
  return async (input, init) =>
    fetch(input, { ...init, redirect: 'manual', ...(await silenceOptions(silenceMs)) })
}

function createProxiedFetch(env: ProviderEnvironment, silenceMs: number): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const { fetchThrough, unsent } = await import('./proxied-fetch.ts')
    let proxy: Proxy | undefined
    try {
      proxy = proxyFor(new URL(request.url), env)
    } catch (error) {
      throw error instanceof ProxyFailure ? unsent(error) : error
    }
    return fetchThrough(proxy, request, silenceMs)
  }
}

type Dispatch = (options: object, handler: unknown) => boolean
/** Where Node stores the dispatcher of its `fetch`: its own, or a proxy that the user installed. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1')

/**
 * Returns the options that let `fetch` wait `ms` for a silent server. By itself Node gives up after
 * 300 s, and a picture can take longer.
 */
async function silenceOptions(ms: number): Promise<RequestInit> {
  const host = globalThis as { [GLOBAL_DISPATCHER]?: { dispatch: Dispatch } }
  // Node sets the dispatcher with the first request.
  if (host[GLOBAL_DISPATCHER] === undefined) await fetch('data:,')
  const inner = host[GLOBAL_DISPATCHER]
  if (inner === undefined) return {}
  const dispatch: Dispatch = (options, handler) =>
    inner.dispatch({ ...options, headersTimeout: ms, bodyTimeout: ms }, handler)
  return { dispatcher: { dispatch } } as unknown as RequestInit
}

import { LimnError } from '../errors.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import { limitFetch } from '../providers/http/limited-fetch.ts'
import { statusError } from './remote-errors.ts'
import type { RemoteObject, RemoteOptions, RemoteStore } from './remote-store.ts'

/** A web server that is a store: it answers GET, HEAD, PUT and DELETE below a URL. */
export type HttpOptions = {
  /** Ends with `/`. */
  baseURL: string
  /** Sent as a bearer token; empty for none. */
  token: string
  /** Variables of the process, with the user's proxies. */
  env: ProviderEnvironment
}

/** Longest silence of the server, ms. */
const SILENCE_MS = 60_000

/** Creates the store of a web server. It can't be listed: HTTP has no listing. */
export function createHttpStore({ baseURL, token, env }: HttpOptions): RemoteStore {
  const { host } = new URL(baseURL)
  const send = limitFetch({ maxBytes: Infinity, silenceMs: SILENCE_MS, env })
  const request = (
    method: string,
    key: string,
    { signal }: RemoteOptions,
    { body, headers = {} }: { body?: Uint8Array; headers?: Record<string, string> } = {},
  ): Promise<Response> =>
    send(`${baseURL}${encodeKey(key)}`, {
      method,
      headers: { ...headers, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    })
  return {
    name: host,
    canList: false,
    async get(key, { maxBytes, ...options }) {
      const response = await request('GET', key, options)
      if (isMissing(response)) return end(response, undefined)
      if (response.status !== 200) throw await failure(response, host)
      return readUpTo(response, maxBytes)
    },
    async putIfAbsent(key, body, options = {}) {
      const headers = { 'if-none-match': '*', 'content-type': 'application/octet-stream' }
      const response = await request('PUT', key, options, { body, headers })
      if (response.status === 412) return end(response, false)
      if (!response.ok) throw await failure(response, host)
      return end(response, true)
    },
    async head(key, options = {}) {
      const response = await request('HEAD', key, options)
      if (isMissing(response)) return end(response, undefined)
      if (response.status !== 200) throw await failure(response, host)
      return end(response, describe(key, response.headers))
    },
    list() {
      throw new LimnError(
        'remote/invalid',
        `The remote store ${host} is a web server, whose objects can't be listed.`,
        { hint: 'Use a bucket or a folder as the store for `limn cache verify` and `gc`.' },
      )
    },
    async delete(key, options = {}) {
      const response = await request('DELETE', key, options)
      if (!response.ok && !isMissing(response)) throw await failure(response, host)
      await end(response, undefined)
    },
  }
}

/** Encodes a key as the path of a URL. */
function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}

function isMissing({ status }: Response): boolean {
  return status === 404 || status === 410
}

/** Closes a response whose body does not matter. */
async function end<T>(response: Response, result: T): Promise<T> {
  await response.body?.cancel().catch(() => {})
  return result
}

async function failure(response: Response, host: string): Promise<Error> {
  return statusError(host, await end(response, response.status))
}

/** The size is unknown if the server compresses, or sends no length. */
function describe(key: string, headers: Headers): RemoteObject {
  const length = headers.has('content-encoding') ? null : headers.get('content-length')
  const modified = Date.parse(headers.get('last-modified') ?? '')
  return {
    key,
    bytes: length === null ? null : Number(length),
    modified: Number.isNaN(modified) ? null : modified,
  }
}

async function readUpTo(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    // Leaving the loop closes the connection.
    if (length >= maxBytes) break
  }
  return Buffer.concat(chunks).subarray(0, maxBytes)
}

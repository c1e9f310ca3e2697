import { Readable } from 'node:stream'
import type { S3ClientConfig } from '@aws-sdk/client-s3'
import type { ProviderEnvironment } from '../providers/environment.ts'
import { limitFetch } from '../providers/http/limited-fetch.ts'

/** Longest silence of the server, ms. */
const SILENCE_MS = 60_000

/** A request as the AWS SDK has signed it. */
type SignedRequest = {
  method: string
  protocol: string
  hostname: string
  port?: number
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
  body?: unknown
}

/** Headers that belong to the connection, which `fetch` sets itself. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'expect',
])

/**
 * Creates what sends the requests of the AWS SDK, whose own handler ignores the proxies of the
 * user.
 *
 * @param env variables of the process, with the user's proxies
 */
export function createFetchHandler(
  env: ProviderEnvironment,
): NonNullable<S3ClientConfig['requestHandler']> {
  const send = limitFetch({ maxBytes: Infinity, silenceMs: SILENCE_MS, env })
  return {
    async handle(request: SignedRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
      const { method, body } = request
      const headers = Object.entries(request.headers).filter(
        ([name]) => !OF_CONNECTION.has(name.toLowerCase()),
      )
      const response = await send(addressOf(request), {
        method,
        headers,
        ...(abortSignal === undefined ? {} : { signal: abortSignal }),
        ...(body === undefined || method === 'GET' || method === 'HEAD'
          ? {}
          : { body: body as Uint8Array<ArrayBuffer> | string }),
      })
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body:
            response.body === null
              ? Readable.from([])
              : Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
        },
      }
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  } as unknown as NonNullable<S3ClientConfig['requestHandler']>
}

/** Returns the URL of a request, spelled as it was signed. */
function addressOf({ protocol, hostname, port, path, query = {} }: SignedRequest): string {
  const parts = Object.keys(query)
    .sort()
    .flatMap((key) => {
      const value = query[key]
      if (value === null || value === undefined) return [escape(key)]
      return [value].flat().map((each) => `${escape(key)}=${escape(each)}`)
    })
  const search = parts.length === 0 ? '' : `?${parts.join('&')}`
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${search}`
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { ProviderError } from '../provider.ts'
import { type Proxy, ProxyFailure } from './proxy.ts'
import { sendThrough } from './send-through.ts'

/**
 * Sends a request as `fetch` does, through a proxy, or directly where NO_PROXY says so. Follows no
 * redirect.
 *
 * @throws ProviderError `provider/network` if the proxy fails: nothing was sent then
 */
export async function fetchThrough(
  proxy: Proxy | undefined,
  request: Request,
  silenceMs: number,
): Promise<Response> {
  const url = new URL(request.url)
  const body = new Uint8Array(await request.arrayBuffer())
  try {
    const response = await sendThrough(proxy, {
      url,
      target: `${url.pathname}${url.search}`,
      method: request.method,
      headers: {
        ...Object.fromEntries(request.headers),
        ...(request.body === null ? {} : { 'content-length': String(body.length) }),
      },
      body: request.body === null ? undefined : body,
      signal: request.signal,
      silenceMs,
    })
    return toResponse(response)
  } catch (error) {
    throw error instanceof ProxyFailure ? unsent(error) : error
  }
}

/** Converts the failure of a proxy to the error of a request that was never sent. */
export function unsent({ message, hint, isTemporary, cause }: ProxyFailure): ProviderError {
  return new ProviderError('provider/network', message, {
    hint,
    retry: isTemporary ? {} : undefined,
    isUnsent: true,
    cause,
  })
}

function toResponse(message: IncomingMessage): Response {
  const { statusCode = 0, rawHeaders } = message
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at]!, rawHeaders[at + 1]!)
  }
  const hasBody = statusCode !== 204 && statusCode !== 304
  if (!hasBody) message.resume()
  return new Response(hasBody ? toWeb(decoded(message)) : null, { status: statusCode, headers })
}

function decoded(message: IncomingMessage): Readable {
  const decoder = decoderOf(message.headers['content-encoding'])
  if (decoder === undefined) return message
  // `pipe` alone passes no error on.
  message.on('error', (error) => decoder.destroy(error))
  return message.pipe(decoder)
}

function decoderOf(encoding: string | undefined): ReturnType<typeof createGunzip> | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return undefined
  }
}

function toWeb(readable: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>
}

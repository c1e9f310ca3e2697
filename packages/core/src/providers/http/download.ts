import { lookup } from 'node:dns'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { isIP, type LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireWritesAllowed } from '../../disk/write-guard.ts'
import { isErrno, LimnError } from '../../errors.ts'
import type { ProviderEnvironment } from '../environment.ts'
import { ProviderError } from '../provider.ts'
import { badAnswer } from './bad-answer.ts'
import { type Link, parseLink } from './link.ts'
import { isInternalName, withoutBrackets } from './private-address.ts'
import { type Proxy, proxyFor, ProxyFailure } from './proxy.ts'
import { sendThrough } from './send-through.ts'

export { isPrivateAddress } from './private-address.ts'

export type DownloadOptions = {
  /** Largest body that is accepted, bytes. */
  maxBytes: number
  /** Whether an IP address is off limits. */
  refuses: (address: string) => boolean
  signal?: AbortSignal | undefined
  /**
   * Pauses before each retry, ms. The picture has been paid for, and downloading it costs nothing.
   * Default 300, 1000, 2500.
   */
  pauses?: readonly number[]
  /** Longest silence of a connection, ms. Default 60,000. */
  silenceMs?: number
  /** Longest duration of one attempt, ms. Default 300,000. */
  timeoutMs?: number
  /** Resolves host names. Default: Node's `lookup`. */
  lookup?: typeof lookup
  /** Variables of the process, with the user's proxies. Default: none. */
  env?: ProviderEnvironment
}

const PAUSES: readonly number[] = [300, 1000, 2500]
const MAX_REDIRECTS = 5

/**
 * Downloads a picture from a link that a server returned: http(s) only, and at every redirect only
 * from the address that was checked. Path and query are sent as the server wrote them.
 *
 * @throws ProviderError `provider/bad-answer`; LimnError `aborted`
 */
export async function download(link: string, options: DownloadOptions): Promise<Buffer> {
  const { signal, pauses = PAUSES } = options
  for (let attempt = 0; ; attempt++) {
    await requireWritesAllowed()
    try {
      return await fetchOnce(link, options)
    } catch (error) {
      if (signal?.aborted === true) {
        throw new LimnError('aborted', 'The run was stopped before the picture arrived.', {
          cause: error,
        })
      }
      // A refusal is final: retrying gives the same result.
      if (error instanceof ProviderError) throw error
      const pause = pauses[attempt]
      if (pause === undefined) throw downloadError(error)
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {})
    }
  }
}

class StatusError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`The server's picture link returned ${status}.`)
    this.status = status
  }
}

/** Statuses of a link that is not valid, or no longer. */
const GONE = [400, 401, 403, 404, 410, 451]

function downloadError(error: unknown): ProviderError {
  const code = isErrno(error) ? ` (${error.code})` : ''
  const message =
    error instanceof StatusError || error instanceof ProxyFailure
      ? error.message
      : `Limn could not download the picture from the server's link${code}.`
  const isGone = error instanceof StatusError && GONE.includes(error.status)
  return new ProviderError('provider/bad-answer', `${message} The picture may have been billed.`, {
    hint: `${error instanceof ProxyFailure ? `${error.hint} ` : ''}Run the command again: Limn fetches the picture from the same link, without requesting it again.`,
    link: isGone ? 'gone' : 'down',
    cause: error,
  })
}

async function fetchOnce(link: string, options: DownloadOptions): Promise<Buffer> {
  const { signal, timeoutMs = 5 * 60_000 } = options
  const limit = AbortSignal.timeout(timeoutMs)
  const stop = signal === undefined ? limit : AbortSignal.any([signal, limit])
  let at = checkLink(link, options)
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await get(at, stop, options)
    const { statusCode = 0, headers } = response
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) {
      return readBody(response, statusCode, options)
    }
    response.destroy()
    // Node reads the bytes of headers as Latin-1.
    at = checkLink(Buffer.from(headers.location, 'latin1').toString('utf8'), options, at)
  }
  throw badAnswer(`The server's picture link redirected more than ${MAX_REDIRECTS} times.`)
}

/**
 * Parses a link and checks what the link alone reveals; host names are checked when they resolve.
 *
 * @throws ProviderError for a link that is not http(s) or names a refused address
 */
function checkLink(text: string, { refuses }: DownloadOptions, base?: Link): Link {
  const link = parseLink(text, base)
  if (link === undefined) throw badAnswer('The server returned a picture link that is not http(s).')
  const host = withoutBrackets(link.url.hostname)
  if (isIP(host) > 0 && refuses(host)) throw privateAddress()
  return link
}

async function get(
  { url, target }: Link,
  signal: AbortSignal,
  options: DownloadOptions,
): Promise<IncomingMessage> {
  const { silenceMs = 60_000, env = {} } = options
  const proxy = proxyFor(url, env)
  const outgoing = { url, target, signal, silenceMs }
  if (proxy !== undefined) return getThrough(proxy, outgoing, options)
  return sendThrough(undefined, {
    ...outgoing,
    lookup: checkedLookup(options),
    onRequest: (request) => checkConnection(request, options),
  })
}

/**
 * A proxy resolves the name by itself. Limn resolves it too, and refuses a name with a private
 * address, or one that only a private network has.
 */
async function getThrough(
  proxy: Proxy,
  outgoing: { url: URL; target: string; signal: AbortSignal; silenceMs: number },
  { refuses, lookup: resolveHost = lookup }: DownloadOptions,
): Promise<IncomingMessage> {
  const host = withoutBrackets(outgoing.url.hostname)
  const addresses = await new Promise<string[]>((resolve) =>
    resolveHost(host, { all: true }, (error, found) =>
      resolve(error === null ? found.map(({ address }) => address) : []),
    ),
  )
  const isRefused =
    addresses.length === 0 ? isInternalName(host) && refuses('127.0.0.1') : addresses.some(refuses)
  if (isRefused) throw privateAddress()
  return sendThrough(proxy, outgoing)
}

/** Connects to the very address that is checked: a second lookup of the name may give another. */
function checkedLookup({ refuses, lookup: resolveHost = lookup }: DownloadOptions): LookupFunction {
  return (hostname, options, callback) => {
    resolveHost(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) callback(error, '')
      else if (addresses.some(({ address }) => refuses(address))) callback(privateAddress(), '')
      else if (options.all === true) callback(null, addresses)
      else callback(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}

/** Sends nothing to an address that was not checked. */
function checkConnection(request: ClientRequest, { refuses }: DownloadOptions): void {
  request.on('socket', (socket) => {
    socket.prependOnceListener('connect', () => {
      if (refuses(socket.remoteAddress ?? '')) request.destroy(privateAddress())
    })
  })
}

async function readBody(
  response: IncomingMessage,
  status: number,
  { maxBytes }: DownloadOptions,
): Promise<Buffer> {
  if (status < 200 || status > 299) {
    response.destroy()
    throw new StatusError(status)
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    // Leaving the loop closes the connection.
    if (length > maxBytes) throw badAnswer(`The picture is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function privateAddress(): ProviderError {
  return badAnswer('The server returned a picture link to a private address.')
}

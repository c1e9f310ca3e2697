import { lookup } from 'node:dns'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireWritesAllowed } from '../../disk/write-guard.ts'
import { isErrno, LimnError } from '../../errors.ts'
import { ProviderError } from '../provider.ts'
import { badAnswer } from './bad-answer.ts'
import { withoutBrackets } from './private-address.ts'

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
}

const PAUSES: readonly number[] = [300, 1000, 2500]
const MAX_REDIRECTS = 5

/**
 * Downloads a picture from a link that a server returned: http(s) only, and at every redirect only
 * from the address that was checked.
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
    error instanceof StatusError
      ? error.message
      : `Limn could not download the picture from the server's link${code}.`
  const isGone = error instanceof StatusError && GONE.includes(error.status)
  return new ProviderError('provider/bad-answer', `${message} The picture may have been billed.`, {
    hint: 'Run the command again: Limn fetches the picture from the same link, without requesting it again.',
    link: isGone ? 'gone' : 'down',
    cause: error,
  })
}

async function fetchOnce(link: string, options: DownloadOptions): Promise<Buffer> {
  const { signal, timeoutMs = 5 * 60_000 } = options
  const limit = AbortSignal.timeout(timeoutMs)
  const stop = signal === undefined ? limit : AbortSignal.any([signal, limit])
  let url = checkUrl(link, options)
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await get(url, stop, options)
    const { statusCode = 0, headers } = response
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) {
      return readBody(response, statusCode, options)
    }
    response.destroy()
    url = checkUrl(headers.location, options, url)
  }
  throw badAnswer(`The server's picture link redirected more than ${MAX_REDIRECTS} times.`)
}

/**
 * Parses a link and checks what the link alone reveals; host names are checked when they resolve.
 *
 * @throws ProviderError for a link that is not http(s) or names a refused address
 */
function checkUrl(link: string, { refuses }: DownloadOptions, base?: URL): URL {
  const url = URL.canParse(link, base?.href) ? new URL(link, base) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw badAnswer('The server returned a picture link that is not http(s).')
  }
  const host = withoutBrackets(url.hostname)
  if (isIP(host) > 0 && refuses(host)) throw privateAddress()
  return url
}

function get(
  url: URL,
  signal: AbortSignal,
  { refuses, silenceMs = 60_000, lookup: resolveHost = lookup }: DownloadOptions,
): Promise<http.IncomingMessage> {
  const agent = createAgent(url)
  // Connect to the very address that is checked here: a second lookup of the name may give another.
  const checkedLookup: LookupFunction = (hostname, options, callback) => {
    resolveHost(hostname, { ...options, all: true }, (error, addresses) => {
      // Another name is that of the user's proxy, which resolves the link's name itself.
      const isChecked = agent === false || hostname === withoutBrackets(url.hostname)
      const isRefused = isChecked && addresses?.some(({ address }) => refuses(address))
      if (error !== null) callback(error, '')
      else if (isRefused) callback(privateAddress(), '')
      else if (options.all === true) callback(null, addresses)
      else callback(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
  // Do not reuse the connection of another request: its address was never checked.
  const options: http.RequestOptions = { agent, lookup: checkedLookup, signal, timeout: silenceMs }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, options)
    // Nothing is sent to an address that was not checked. A proxy of the user connects by itself.
    if (agent === false) {
      request.on('socket', (socket) => {
        socket.prependOnceListener('connect', () => {
          if (refuses(socket.remoteAddress ?? '')) request.destroy(privateAddress())
        })
      })
    }
    request.on('response', resolve).on('error', reject)
    request.on('timeout', () => request.destroy(new Error('The connection timed out.'))).end()
  })
}

/** Creates an agent for one request. It uses the proxy that Node's `fetch` uses, if there is one. */
function createAgent({ protocol }: URL): http.Agent | false {
  const { Agent, globalAgent } = protocol === 'https:' ? https : http
  const { options } = globalAgent as http.Agent & { options: { proxyEnv?: NodeJS.ProcessEnv } }
  const { proxyEnv } = options
  return proxyEnv === undefined ? false : new Agent({ proxyEnv })
}

async function readBody(
  response: http.IncomingMessage,
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

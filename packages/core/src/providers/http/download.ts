import { lookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isErrno, LimnError } from '../../errors.ts'
import { ProviderError } from '../provider.ts'

export type DownloadOptions = {
  /** The most that is taken, bytes. */
  maxBytes: number
  /** Whether nothing may be fetched from an IP address. */
  refuses: (address: string) => boolean
  signal?: AbortSignal | undefined
  /**
   * Pauses before each further try, ms. A picture that was paid for stands behind the link, and
   * fetching it costs nothing.
   */
  pauses?: readonly number[]
  /** How long a connection may be silent, ms. */
  silenceMs?: number
  /** How long one try may take, ms. */
  timeoutMs?: number
  lookup?: typeof lookup
}

const PAUSES: readonly number[] = [300, 1000, 2500]
const MAX_REDIRECTS = 5

/**
 * Fetches what stands behind a link that a server gave: http(s) only, and at every redirect only
 * from the address that was checked.
 *
 * @throws ProviderError `provider/bad-answer`; LimnError `aborted`
 */
export async function download(link: string, options: DownloadOptions): Promise<Buffer> {
  const { signal, pauses = PAUSES } = options
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchOnce(link, options)
    } catch (error) {
      if (signal?.aborted === true) {
        throw new LimnError('aborted', 'Stopped before the picture came.', { cause: error })
      }
      // What is refused is refused the next time too.
      if (error instanceof ProviderError) throw error
      const pause = pauses[attempt]
      if (pause === undefined) {
        throw badAnswer(
          error instanceof StatusError
            ? error.message
            : `The picture behind the link that the server gave could not be fetched${isErrno(error) ? ` (${error.code})` : ''}.`,
          error,
        )
      }
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {})
    }
  }
}

class StatusError extends Error {}

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
  throw badAnswer(`The link that the server gave leads on more than ${MAX_REDIRECTS} times.`)
}

/**
 * @throws ProviderError where the link leads to where nothing may be fetched from, as far as the
 *   link alone says
 */
function checkUrl(link: string, { refuses }: DownloadOptions, base?: URL): URL {
  const url = URL.canParse(link, base?.href) ? new URL(link, base) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw badAnswer('The server gave a link that is not http(s).')
  }
  const host = bare(url.hostname)
  if (isIP(host) > 0 && refuses(host)) throw privateAddress()
  return url
}

function get(
  url: URL,
  signal: AbortSignal,
  { refuses, silenceMs = 60_000, lookup: find = lookup }: DownloadOptions,
): Promise<IncomingMessage> {
  // The connection goes to the very address that is checked here: a name may lead elsewhere when it is asked for again.
  const checked: LookupFunction = (hostname, options, callback) => {
    find(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) callback(error, '')
      else if (addresses.some(({ address }) => refuses(address))) callback(privateAddress(), '')
      else if (options.all === true) callback(null, addresses)
      else callback(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
  // No connection of another request is used again: that one was checked by nobody.
  const options: RequestOptions = { agent: false, lookup: checked, signal, timeout: silenceMs }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options)
    request.on('response', resolve).on('error', reject)
    request.on('timeout', () => request.destroy(new Error('The connection fell silent.'))).end()
  })
}

async function readBody(
  response: IncomingMessage,
  status: number,
  { maxBytes }: DownloadOptions,
): Promise<Buffer> {
  if (status < 200 || status > 299) {
    response.destroy()
    throw new StatusError(`The link that the server gave answered ${status}.`)
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    // Leaving the loop hangs up.
    if (length > maxBytes) throw badAnswer(`The picture has more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const privateAddresses = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6')
}

/** Whether an IP address is one of this machine or of a network of its own. */
export function isPrivateAddress(address: string): boolean {
  const host = address.replace(/%.*$/, '')
  return privateAddresses.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
}

/** Whether a host of a URL is at private addresses alone. */
export async function isPrivateHost(hostname: string): Promise<boolean> {
  const host = bare(hostname)
  if (isIP(host) > 0) return isPrivateAddress(host)
  return new Promise((resolve) => {
    lookup(host, { all: true }, (error, addresses) =>
      resolve(
        error === null &&
          addresses.length > 0 &&
          addresses.every(({ address }) => isPrivateAddress(address)),
      ),
    )
  })
}

/** A URL's host without the brackets of IPv6. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function privateAddress(): ProviderError {
  return badAnswer('The server gave a link to a private address.')
}

/** An answer that can't be used. */
export function badAnswer(message: string, cause?: unknown): ProviderError {
  return new ProviderError('provider/bad-answer', message, {
    hint: 'Run the command again; if it stays, check the base URL.',
    cause,
  })
}

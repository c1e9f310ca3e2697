import { isOpenAI } from '../environment.ts'
import { CHECK_USAGE, CHECK_USAGE_OF_JUDGE, ProviderError } from '../provider.ts'

const BASE_URL = 'the base URL (OPENAI_BASE_URL, or `baseURL` of the provider in the manifest)'

const NEVER_SENT = [
  'ERR_INVALID_URL',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // No socket could be opened.
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'ENOBUFS',
]
/** Messages of `fetch` when it does not even try to connect: it blocks some ports. */
const BLOCKED = ['bad port', 'unknown scheme']
/** Codes of Node for an untrusted certificate, or for a server that does not speak TLS. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/
const TOO_SLOW = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']

type ConnectionContext = {
  isTimeout: boolean
  /** Absolute URL of the server, if known. Messages show only its origin: paths may contain keys. */
  baseURL?: string | undefined
  /** What the request was to return. Default `picture`. */
  wanted?: Wanted | undefined
}

/** What a request returns: a picture, or an answer of the judge. */
export type Wanted = 'picture' | 'answer'

/**
 * Explains a failed connection. A request that never reached the server is not billed; a connection
 * that broke or timed out may have been.
 */
export function explainConnection(
  error: Error,
  { isTimeout, baseURL, wanted = 'picture' }: ConnectionContext,
): ProviderError {
  const causes = causesOf(error)
  const codes = connectionCodes(error)
  const suffix = codes[0] === undefined ? '' : ` (${codes[0]})`
  const server = baseURL === undefined ? 'The server' : new URL(baseURL).origin
  const isSent = causes.some(({ syscall }) => syscall === 'read' || syscall === 'write')
  const isUnconnected = causes.some(({ syscall }) => syscall === 'connect')
  if (causes.some(({ message }) => BLOCKED.includes(message))) {
    return new ProviderError('provider/network', `${server} uses a port that HTTP clients block.`, {
      hint: `Use another port for the server, or check ${BASE_URL}.`,
      isUnsent: true,
    })
  }
  if (!isSent && (isUnconnected || codes.some((code) => NEVER_SENT.includes(code)))) {
    const isOfficial = baseURL !== undefined && isOpenAI(baseURL)
    return new ProviderError('provider/network', `${server} can't be reached${suffix}.`, {
      hint: isOfficial
        ? 'Check the network.'
        : `Check that the server is running, and check the network and ${BASE_URL}.`,
      retry: {},
      isUnsent: true,
    })
  }
  if (codes.some((code) => UNTRUSTED.test(code))) {
    return new ProviderError(
      'provider/network',
      `Limn could not establish a secure connection to the server${suffix}.`,
      {
        hint: 'Check the base URL; behind a company proxy, set NODE_EXTRA_CA_CERTS to its certificate.',
        isUnsent: true,
      },
    )
  }
  if (isTimeout || codes.some((code) => TOO_SLOW.includes(code))) return timeoutError(wanted)
  return new ProviderError(
    'provider/network',
    `The connection broke before the ${wanted} arrived${suffix}. The ${wanted} may have been billed.`,
    { hint: hintFor(wanted), isUncertain: true },
  )
}

/** Creates the error for a server that did not answer in time. */
export function timeoutError(wanted: Wanted = 'picture'): ProviderError {
  return new ProviderError(
    'provider/timeout',
    `The server did not answer in time. The ${wanted} may have been billed.`,
    { hint: hintFor(wanted), isUncertain: true },
  )
}

function hintFor(wanted: Wanted): string {
  return wanted === 'answer' ? CHECK_USAGE_OF_JUDGE : CHECK_USAGE
}

/** Lists the system's codes (`ECONNREFUSED`) in an error and its causes, the outermost first. */
export function connectionCodes(error: unknown): string[] {
  return causesOf(error).flatMap(({ code }) => (typeof code === 'string' ? [code] : []))
}

function causesOf(error: unknown): NodeJS.ErrnoException[] {
  const causes: NodeJS.ErrnoException[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) causes.push(cause)
  return causes
}

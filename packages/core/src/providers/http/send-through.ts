import * as http from 'node:http'
import * as https from 'node:https'
import type { LookupFunction } from 'node:net'
import { isErrno } from '../../errors.ts'
import { withoutBrackets } from './private-address.ts'
import { describeProxy, type Proxy, ProxyFailure } from './proxy.ts'

/** A request as it goes over the wire. */
export type Outgoing = {
  url: URL
  /** Path and query, sent as they are. */
  target: string
  method?: string
  headers?: http.OutgoingHttpHeaders
  body?: Uint8Array | undefined
  signal?: AbortSignal | undefined
  /** Longest silence of the connection, ms. */
  silenceMs: number
  /** Resolves host names of direct connections. */
  lookup?: LookupFunction
  /** Called with the request before it is sent. */
  onRequest?: (request: http.ClientRequest) => void
}

/** Code of the error for a connection that was silent for too long, as `fetch` names it. */
const SILENT = 'UND_ERR_BODY_TIMEOUT'

/**
 * Sends a request on a connection of its own, through a proxy if there is one.
 *
 * @throws ProxyFailure if the proxy fails before the request reaches the server; errors of Node
 */
export async function sendThrough(
  proxy: Proxy | undefined,
  outgoing: Outgoing,
): Promise<http.IncomingMessage> {
  try {
    const response = await send(createRequest(proxy, outgoing), outgoing)
    if (proxy === undefined || response.statusCode !== 407) return response
    response.destroy()
  } catch (error) {
    throw proxy === undefined ? error : explainProxy(error, proxy, outgoing.url)
  }
  throw needsPassword(proxy)
}

function send(
  request: http.ClientRequest,
  { body, onRequest }: Outgoing,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve).on('error', reject)
    request.on('timeout', () =>
      request.destroy(Object.assign(new Error('The connection timed out.'), { code: SILENT })),
    )
    onRequest?.(request)
    request.end(body)
  })
}

function createRequest(
  proxy: Proxy | undefined,
  { url, target, method = 'GET', headers = {}, signal, silenceMs, lookup }: Outgoing,
): http.ClientRequest {
  const common = { method, signal, timeout: silenceMs }
  const isSecure = url.protocol === 'https:'
  const server = { hostname: withoutBrackets(url.hostname), port: url.port, path: target, headers }
  if (proxy === undefined) {
    // Do not reuse the connection of another request: its address was never checked.
    const direct = {
      ...common,
      ...server,
      agent: false as const,
      ...(lookup === undefined ? {} : { lookup }),
    }
    return (isSecure ? https : http).request(direct)
  }
  if (isSecure) {
    const agent = new https.Agent({
      proxyEnv: { https_proxy: proxy.url.href },
    } as https.AgentOptions)
    return https.request({ ...common, ...server, agent })
  }
  // Node's own agent would change the query.
  return (proxy.url.protocol === 'https:' ? https : http).request({
    ...common,
    agent: false,
    hostname: withoutBrackets(proxy.url.hostname),
    port: proxy.url.port,
    path: `http://${url.host}${target}`,
    headers: { ...headers, host: url.host, ...authorization(proxy) },
  })
}

function authorization({ url: { username, password } }: Proxy): http.OutgoingHttpHeaders {
  if (username === '' && password === '') return {}
  const credentials = [username, password].map(decodeURIComponent).join(':')
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

/** Explains an error that the proxy caused; returns others unchanged. */
function explainProxy(error: unknown, proxy: Proxy, { hostname }: URL): unknown {
  const name = describeProxy(proxy)
  const { code = '', syscall, message } = error as NodeJS.ErrnoException
  if (code === 'ERR_PROXY_TUNNEL') {
    const status = /HTTP\/1\.\d (\d{3})/.exec(message)?.[1]
    if (status === '407') return needsPassword(proxy)
    const reason = status === undefined ? '' : ` (${status})`
    return new ProxyFailure(`The proxy ${name} did not connect to ${hostname}${reason}.`, {
      hint: `Allow ${hostname} in the proxy, or add it to NO_PROXY to connect without the proxy.`,
      isTemporary: status === undefined || Number(status) >= 500,
    })
  }
  if (!isErrno(error) || !(syscall === 'connect' || syscall === 'getaddrinfo')) return error
  return new ProxyFailure(`The proxy ${name} can't be reached (${code}).`, {
    hint: `Check ${proxy.variable} and the network, or add ${hostname} to NO_PROXY to connect without the proxy.`,
    isTemporary: true,
    cause: error,
  })
}

function needsPassword(proxy: Proxy): ProxyFailure {
  const { url, variable } = proxy
  const says =
    url.username === ''
      ? 'requires a user name and a password'
      : 'does not accept the user name and the password'
  return new ProxyFailure(`The proxy ${describeProxy(proxy)} ${says} (407).`, {
    hint: `Set ${variable} to http://USER:PASSWORD@${url.host}.`,
    isTemporary: false,
  })
}

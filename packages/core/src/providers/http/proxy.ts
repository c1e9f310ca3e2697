import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { ProviderEnvironment } from '../environment.ts'
import { withoutBrackets } from './private-address.ts'

/** A proxy of the user, and the variable that names it. */
export type Proxy = { url: URL; variable: string }

/** A failure of the proxy itself: nothing reached the server behind it. */
export class ProxyFailure extends Error {
  readonly hint: string
  /** Whether a retry can help. */
  readonly isTemporary: boolean

  constructor(message: string, options: { hint: string; isTemporary: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.hint = options.hint
    this.isTemporary = options.isTemporary
  }
}

/**
 * Returns the proxy for a URL by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, of which the
 * lower-case form counts first; `undefined` for a direct connection.
 *
 * @throws ProxyFailure for a proxy that Limn cannot use
 */
export function proxyFor(
  { protocol, hostname, port }: URL,
  env: ProviderEnvironment,
): Proxy | undefined {
  const found =
    findVariable(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', env) ??
    findVariable('ALL_PROXY', env)
  if (found === undefined) return undefined
  const target = {
    host: normalizeHost(hostname),
    port: port === '' ? (protocol === 'https:' ? '443' : '80') : port,
  }
  const exceptions = findVariable('NO_PROXY', env)?.value.split(/[\s,]+/) ?? []
  if (exceptions.some((exception) => isException(exception, target))) return undefined
  return parseProxy(found)
}

type Variable = { name: string; value: string }

function findVariable(name: string, env: ProviderEnvironment): Variable | undefined {
  return [name.toLowerCase(), name]
    .map((each) => ({ name: each, value: env[each]?.trim() ?? '' }))
    .find(({ value }) => value !== '')
}

function parseProxy({ name, value }: Variable): Proxy {
  const text = value.includes('://') ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '') {
    return { url, variable: name }
  }
  const reason = /^socks/i.test(text)
    ? 'a SOCKS proxy, which Limn does not support'
    : 'not the URL of a proxy'
  throw new ProxyFailure(`${name} is ${reason}.`, {
    hint: `Set ${name} to a proxy like http://proxy.example.com:8080, or unset it.`,
    isTemporary: false,
  })
}

/** Formats a proxy for messages, without its user name and password. */
export function describeProxy({ url, variable }: Proxy): string {
  return `${url.protocol}//${url.host} (${variable})`
}

/**
 * Whether an entry of NO_PROXY covers a host: `*`, a name with the names below it, an address, or a
 * range of addresses (`10.0.0.0/8`), each with or without a port.
 */
function isException(exception: string, { host, port }: { host: string; port: string }): boolean {
  if (exception === '') return false
  if (exception === '*') return true
  const [, bracketed, name, exactPort] =
    /^(?:\[([^\]]+)\]|([^:]+|[\da-f]*:[\da-f:.]+(?:\/\d+)?))(?::(\d+))?$/i.exec(exception) ?? []
  const pattern = normalizeHost(bracketed ?? name ?? '')
  if (pattern === '' || (exactPort !== undefined && exactPort !== port)) return false
  if (pattern.includes('/')) return isInRange(host, pattern)
  if (isIP(pattern) > 0) {
    return isIP(host) > 0 && ipaddr.process(host).toString() === ipaddr.process(pattern).toString()
  }
  const suffix = pattern.replace(/^\*?\./, '')
  return host === suffix || host.endsWith(`.${suffix}`)
}

function isInRange(host: string, range: string): boolean {
  if (isIP(host) === 0 || !ipaddr.isValidCIDR(range)) return false
  const [address, [network, bits]] = [ipaddr.process(host), ipaddr.parseCIDR(range)]
  return address.kind() === network.kind() && address.match(network, bits)
}

function normalizeHost(host: string): string {
  return withoutBrackets(host).toLowerCase().replace(/\.$/, '')
}

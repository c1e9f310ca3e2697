import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The prefix of addresses on the public IPv6 internet. Source: IANA, "IPv6 Global Unicast". */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')
/** The prefix behind which a network without IPv4 shows all of IPv4. Source: RFC 6052. */
const TRANSLATED_IPV4 = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

/**
 * Whether an IP address is anything but one of the public internet: of this machine, a private
 * network or a special range, also in an IPv6 form that leads to such an IPv4 address. A text that
 * is no address counts as private.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true
  // Converts the mapped form, ::ffff:127.0.0.1.
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? isPrivateIPv6(parsed) : parsed.range() !== 'unicast'
}

function isPrivateIPv6(address: ipaddr.IPv6): boolean {
  // A network without IPv4 resolves the name of every IPv4 server to this form.
  if (address.match(TRANSLATED_IPV4)) {
    const ipv4 = ipaddr.fromByteArray(address.toByteArray().slice(12))
    return ipv4.range() !== 'unicast'
  }
  return !address.match(GLOBAL_UNICAST) || address.range() !== 'unicast' || isIsatap(address)
}

/** Whether an address tunnels to the IPv4 address at its end, whatever its prefix. Source: RFC 5214. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe
}

/** The ranges of `ipaddr.js` in which people run servers of their own. */
const OWN_RANGES: ReadonlySet<string> = new Set([
  'unspecified',
  'loopback',
  'private',
  'carrierGradeNat',
  'linkLocal',
  'uniqueLocal',
])
/** Addresses for benchmarks: some proxies answer every name with one of them. Source: RFC 2544. */
const BENCHMARKS = ipaddr.IPv4.parseCIDR('198.18.0.0/15')

/** Whether a host resolves only to addresses of this machine or of the user's own network. */
export async function isInOwnNetwork(hostname: string): Promise<boolean> {
  const host = withoutBrackets(hostname)
  if (isIP(host) > 0) return isOwnAddress(host)
  return new Promise((resolve) => {
    lookup(host, { all: true }, (error, addresses) =>
      resolve(
        error === null &&
          addresses.length > 0 &&
          addresses.every(({ address }) => isOwnAddress(address)),
      ),
    )
  })
}

function isOwnAddress(address: string): boolean {
  const parsed = ipaddr.process(address)
  return (
    OWN_RANGES.has(parsed.range()) || (parsed instanceof ipaddr.IPv4 && parsed.match(BENCHMARKS))
  )
}

/**
 * Whether a host name belongs to a private network by its form: without a dot, or below a domain
 * that is reserved for one. Source: RFC 6761, 6762, 8375, and ICANN for `.internal`.
 */
export function isInternalName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return (
    !name.includes('.') ||
    /\.(localhost|local|internal|intranet|private|corp|home|lan|home\.arpa)$/.test(name)
  )
}

/** Removes the brackets of an IPv6 host in a URL. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

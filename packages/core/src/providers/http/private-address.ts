import { lookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'

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

/** Whether an IP address belongs to this machine or to a private network. */
export function isPrivateAddress(address: string): boolean {
  const host = address.replace(/%.*$/, '')
  return privateAddresses.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
}

/** Whether the host of a URL resolves to private addresses only. */
export async function isPrivateHost(hostname: string): Promise<boolean> {
  const host = withoutBrackets(hostname)
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

/** Removes the brackets of an IPv6 host in a URL. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

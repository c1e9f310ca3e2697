import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { ProviderError } from './provider.ts'

/** The largest picture that is taken from a server, bytes. */
const MAX_BYTES = 64 * 1024 * 1024

/** The bytes of one picture of an answer: base64, with or without a `data:` prefix, or a link. */
export async function pictureFromAnswer(picture: { b64_json?: string | null; url?: string | null }, baseURL: string, signal?: AbortSignal): Promise<Uint8Array> {
  const { b64_json: base64, url } = picture
  if (typeof base64 === 'string' && base64 !== '') return decodeBase64(base64)
  if (typeof url === 'string' && url.startsWith('data:')) return decodeBase64(url)
  if (typeof url === 'string' && url !== '') return download(url, baseURL, signal)
  throw badAnswer('The server answered without a picture.')
}

function decodeBase64(text: string): Uint8Array {
  const body = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text
  if (body.length > (MAX_BYTES * 4) / 3) throw badAnswer(`The picture has more than ${MAX_BYTES} bytes.`)
  const bytes = Buffer.from(body, 'base64')
  // Node skips what is no base64; a picture that lost bytes that way is not whole.
  const expected = Math.floor((body.replace(/[\s=]/g, '').length * 3) / 4)
  if (bytes.length === 0 || bytes.length !== expected) throw badAnswer('The picture is not valid base64.')
  return bytes
}

/**
 * Fetches a link that an answer gave: http(s) only, no redirects, bounded, and never from a
 * private address unless the API itself is at one.
 */
async function download(link: string, baseURL: string, signal?: AbortSignal): Promise<Uint8Array> {
  const url = URL.canParse(link) ? new URL(link) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) throw badAnswer('The server gave a link that is not http(s).')
  if (!(await isPrivate(new URL(baseURL).hostname)) && (await isPrivate(url.hostname))) {
    throw badAnswer('The server gave a link to a private address.')
  }
  const response = await fetch(url, { redirect: 'error', ...(signal === undefined ? {} : { signal }) }).catch((error: unknown) => {
    throw badAnswer('The picture behind the link that the server gave could not be fetched.', error)
  })
  if (!response.ok || response.body === null) throw badAnswer(`The link that the server gave answered ${response.status}.`)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.length
    if (length > MAX_BYTES) throw badAnswer(`The picture has more than ${MAX_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const privateAddresses = new BlockList()
for (const [network, prefix] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3]] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [['::', 127], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8], ['64:ff9b::', 96]] as const) privateAddresses.addSubnet(network, prefix, 'ipv6')

async function isPrivate(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) > 0 ? [{ address: host, family: isIP(host) }] : await lookup(host, { all: true }).catch(() => [])
  return addresses.some(({ address, family }) => privateAddresses.check(address, family === 6 ? 'ipv6' : 'ipv4'))
}

function badAnswer(message: string, cause?: unknown): ProviderError {
  return new ProviderError('provider/bad-answer', message, { hint: 'Run the command again; if it stays, check the base URL.', cause })
}

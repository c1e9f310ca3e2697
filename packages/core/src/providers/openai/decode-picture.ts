import { badAnswer } from '../http/bad-answer.ts'
import { MAX_PICTURE_BYTES } from '../http/limited-fetch.ts'

/** Whether a text is a `data:` URL. */
export function isDataUrl(text: string): boolean {
  return /^\s*data:/i.test(text)
}

/**
 * Returns the bytes of a picture: bytes, base64, or a `data:` URL with or without base64.
 *
 * @throws ProviderError `provider/bad-answer`
 */
export function toBytes(picture: string | Uint8Array): Uint8Array {
  if (typeof picture !== 'string') return withinLimit(picture)
  if (!isDataUrl(picture)) return decodeBase64(picture)
  const comma = picture.indexOf(',')
  if (comma === -1) throw badAnswer('The picture is not a valid data: URL.')
  const body = picture.slice(comma + 1)
  return /;\s*base64\s*$/i.test(picture.slice(0, comma))
    ? decodeBase64(body.includes('%') ? unescape(body).toString('latin1') : body)
    : // Some servers send SVG as text.
      withinLimit(unescape(body))
}

/** Decodes base64 or its URL-safe form, with white space in it or not. */
function decodeBase64(text: string): Uint8Array {
  if (text.length > MAX_PICTURE_BYTES * 1.4) throw tooLarge()
  const bytes = Buffer.from(text, 'base64')
  // Node skips characters that are not base64; a picture that lost bytes that way is incomplete.
  const expected = Math.floor(((text.length - (text.match(/[\s=]/g)?.length ?? 0)) * 3) / 4)
  if (bytes.length === 0 || bytes.length !== expected) {
    throw badAnswer('The picture is not valid base64.')
  }
  return withinLimit(bytes)
}

/** Decodes the percent-encoded bytes of a URL. An invalid escape stands for itself. */
function unescape(text: string): Buffer {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1')
  const bytes = latin1.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}

function withinLimit(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_PICTURE_BYTES) throw tooLarge()
  return bytes
}

function tooLarge(): Error {
  return badAnswer(`The picture is larger than ${MAX_PICTURE_BYTES} bytes.`)
}

import { constants } from 'node:buffer'
import { badAnswer, download, isPrivateAddress, isPrivateHost } from './download.ts'

/** The largest picture that is taken from a server, bytes. */
const MAX_BYTES = 64 * 1024 * 1024

/** The bytes of one picture of an answer: base64, with or without a `data:` prefix, or a link. */
export async function pictureFromAnswer(picture: { b64_json?: string | null; url?: string | null }, baseURL: string, signal?: AbortSignal): Promise<Uint8Array> {
  const { b64_json: base64, url } = picture
  if (typeof base64 === 'string' && base64 !== '') return decodeBase64(base64)
  if (typeof url === 'string' && url.startsWith('data:')) return decodeBase64(url)
  if (typeof url !== 'string' || url === '') throw badAnswer('The server answered without a picture.')
  // Never from a private address unless the API itself is at one.
  const isLocal = await isPrivateHost(new URL(baseURL).hostname)
  return download(url, { maxBytes: MAX_BYTES, refuses: isLocal ? () => false : isPrivateAddress, signal })
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

/** The longest answer with so many pictures as base64, bytes; a longer one would not fit into one text. */
export function maxAnswerBytes(pictures: number): number {
  return Math.min(Math.ceil((MAX_BYTES * 4) / 3) * pictures + 1024 * 1024, constants.MAX_STRING_LENGTH)
}

/** `fetch` that hangs up where an answer gets longer than that. */
export function fetchAtMost(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.body === null) return response
    let length = 0
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        length += chunk.length
        if (length > maxBytes) controller.error(badAnswer(`The server's answer has more than ${maxBytes} bytes.`))
        else controller.enqueue(chunk)
      },
    })
    return new Response(response.body.pipeThrough(counted), response)
  }
}

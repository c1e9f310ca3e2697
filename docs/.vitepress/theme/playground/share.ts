import { deflateSync, Inflate } from 'fflate'

/** Longest manifest that a link can carry, bytes. */
const MAX_BYTES = 64 * 1024
const PREFIX = '#m='

/** Returns the part of a link that carries a manifest: compressed, after the `#`. */
export function hashOf(text: string): string {
  const bytes = deflateSync(new TextEncoder().encode(text), { level: 9 })
  const letters = btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))
  return PREFIX + letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Returns whether a manifest is short enough for a link. */
export function isShareable(text: string): boolean {
  return new TextEncoder().encode(text).length <= MAX_BYTES
}

/**
 * Reads the manifest of a link; `undefined` if there is none. A link comes from anyone: it is
 * rejected if it is damaged, or would unpack to more than a manifest that can be shared.
 *
 * @throws Error with a sentence for the user
 */
export function textOf(hash: string): string | undefined {
  if (!hash.startsWith(PREFIX)) return undefined
  try {
    const letters = hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/')
    return unpack(Uint8Array.from(atob(letters), (letter) => letter.codePointAt(0)!))
  } catch (error) {
    throw new Error('The manifest in this link is damaged or too long.', { cause: error })
  }
}

/** @throws Error if the bytes are damaged or too many */
function unpack(packed: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let length = 0
  let isComplete = false
  const inflate = new Inflate((chunk, isLast) => {
    length += chunk.length
    if (length > MAX_BYTES) throw new Error('too long')
    text += decoder.decode(chunk, { stream: !isLast })
    isComplete = isLast
  })
  // In small pieces, so that little is unpacked before the limit applies.
  for (let start = 0; start < packed.length; start += 256) {
    inflate.push(packed.subarray(start, start + 256), start + 256 >= packed.length)
  }
  if (!isComplete) throw new Error('incomplete')
  return text
}

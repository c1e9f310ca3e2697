import { unreadablePicture } from './unreadable-picture.ts'

/*
 * Finds out whether bytes are an SVG, in any encoding that XML allows. Loads nothing: it runs for
 * every picture.
 */

/** First bytes that a text with an SVG can have: blanks (Unicode ones too), `<`, a byte order mark. */
const SVG_FIRST_BYTES: readonly number[] = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x3c, 0xc2, 0xe1, 0xe2, 0xe3, 0xef,
]

/** Bytes in which the root of an SVG must start: programs write long comments and doctypes first. */
const MAX_PROLOG = 1024 * 1024

/** Comments, processing instructions and doctypes, which precede the root element. */
const PROLOG =
  /^(?:\s|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE(?:[^[>"']|"[^"]*"|'[^']*'|\[(?:[^\]"']|"[^"]*"|'[^']*')*\])*>)*/i
const SVG_ROOT = /^<(?:[\w.-]+:)?svg[\s/>]/

/** Returns whether bytes are text whose root element is an SVG. */
export function looksLikeSvg(bytes: Uint8Array): boolean {
  // Decoding text is slow, and the first bytes rule out every other picture type.
  if (!mayBeSvg(bytes)) return false
  const text = decodeXml(bytes.subarray(0, MAX_PROLOG))
  return text !== undefined && SVG_ROOT.test(text.replace(PROLOG, ''))
}

/**
 * Decodes an XML file by its byte order mark or its declaration, and without it as UTF-8. Removes
 * the byte order mark. Characters that the encoding does not have become U+FFFD.
 *
 * @returns `undefined` if the encoding is unknown
 */
export function decodeXml(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes)).decode(bytes)
  } catch {
    return undefined
  }
}

/** Returns the encoding of an XML file, as its declaration names it in lower case. */
export function encodingOf(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  // `<?` without a byte order mark.
  if (a === 0x3c && b === 0 && c === 0x3f && d === 0) return 'utf-16le'
  if (a === 0 && b === 0x3c && c === 0 && d === 0x3f) return 'utf-16be'
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const declared =
    /^(?:\u00EF\u00BB\u00BF)?\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.-]+)["']/.exec(start)
  // Other encodings are hardly ever valid UTF-8, and editors convert files without the declaration.
  return isUtf8(bytes) ? 'utf-8' : (declared?.[1]!.toLowerCase() ?? 'windows-1252')
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/**
 * Returns whether bytes start like an SVG: whatever sharp could take for one. JPEG (`FF D8`) and
 * the formats that start with a length, such as AVIF, do not.
 */
function mayBeSvg(bytes: Uint8Array): boolean {
  const [a, b, c] = bytes
  if (a === 0xff) return b === 0xfe
  if (a === 0xfe) return b === 0xff
  if (a === 0) return b === 0x3c && c === 0
  return SVG_FIRST_BYTES.includes(a!)
}

/**
 * sharp would render in this process whatever it takes for an SVG, compressed ones too.
 *
 * @throws LimnError `picture/unreadable`
 */
export function requireNoSvg(bytes: Uint8Array): void {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw unreadablePicture('it is compressed')
  if (mayBeSvg(bytes)) throw unreadablePicture('it is a text, but no SVG')
}

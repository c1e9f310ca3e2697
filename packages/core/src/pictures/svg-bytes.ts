/**
 * First bytes that a text with an SVG can have: blanks (Unicode ones too), `<` and the first byte
 * of a byte order mark.
 */
export const SVG_FIRST_BYTES: readonly number[] = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x3c, 0xc2, 0xe1, 0xe2, 0xe3, 0xef,
]

/** Returns whether bytes are text that looks like an SVG. */
export function looksLikeSvg(bytes: Uint8Array): boolean {
  // Decoding text is slow, and the first byte already rules out every other picture type.
  if (!SVG_FIRST_BYTES.includes(bytes[0]!)) return false
  const start = new TextDecoder().decode(bytes.subarray(0, 4096))
  return (
    /^\uFEFF?\s*</.test(start) &&
    /<svg[\s>]/i.test(new TextDecoder().decode(bytes.subarray(0, 65_536)))
  )
}

/** Returns whether bytes are compressed with gzip, as an SVG may be. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * First bytes that a text with an SVG can have: blanks, also those of Unicode, `<`, and that of the
 * byte order mark.
 */
const FIRST: readonly number[] = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x3c, 0xc2, 0xe1, 0xe2, 0xe3, 0xef,
]

/** Whether bytes are text that looks like an SVG. */
export function looksLikeSvg(bytes: Uint8Array): boolean {
  // Most are pictures of another type, and their first byte tells.
  if (!FIRST.includes(bytes[0]!)) return false
  const start = new TextDecoder().decode(bytes.subarray(0, 4096))
  return (
    /^\uFEFF?\s*</.test(start) &&
    /<svg[\s>]/i.test(new TextDecoder().decode(bytes.subarray(0, 65_536)))
  )
}

/** Whether bytes are text that looks like an SVG. */
export function looksLikeSvg(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096))
  return /^\uFEFF?\s*</.test(start) && /<svg[\s>]/i.test(new TextDecoder().decode(bytes.subarray(0, 65_536)))
}

/**
 * Decodes a text that editors and shells write, such as `.env`: UTF-8, or what its byte order mark
 * names. Removes the mark. Notepad writes one, and PowerShell's `>` writes UTF-16.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder().decode(bytes)
}

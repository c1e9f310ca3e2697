/** A server's words as they may be printed: one line of at most 300 characters without tags, control characters, keys or bearer tokens. */
export function scrub(text: string, apiKey: string): string {
  const plain = text.replace(/[^\P{Cc}\s]/gu, '')
  return (apiKey === '' ? plain : plain.replaceAll(apiKey, '[key]'))
    .slice(0, 20_000)
    .replace(/\b(sk|sess|key)-[\w*-]{6,}/g, '[key]')
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}

/**
 * Makes a server's text safe to print: one line of at most 300 characters, without tags, control
 * characters, keys, bearer tokens, or passwords and queries of URLs.
 *
 * @param apiKey the key to remove; empty if unknown
 */
export function redactKeys(text: string, apiKey: string): string {
  const plain = text.replace(/[^\P{Cc}\s]/gu, '')
  return (
    withoutKey(plain, apiKey)
      .slice(0, 20_000)
      .replace(/\b(sk|sess|key)-[\w*-]{6,}/g, '[key]')
      // User names and queries of URLs may be credentials.
      .replace(/(\b[a-z][\w+.-]{0,20}:\/\/)[^\s/@]*@/gi, '$1')
      .replace(/(\b[a-z][\w+.-]{0,20}:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1?…')
      .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
  )
}

/** A key of a few characters may be a part of any word. */
function withoutKey(text: string, apiKey: string): string {
  if (apiKey.length >= 8) return text.replaceAll(apiKey, '[key]')
  if (apiKey === '') return text
  const escaped = apiKey.replace(/\W/g, '\\$&')
  return text.replaceAll(new RegExp(`(?<!\\w)${escaped}(?!\\w)`, 'g'), '[key]')
}

/**
 * A server's words as they may be printed: one line of at most 300 characters without tags, control
 * characters, keys, bearer tokens, or passwords and queries of URLs.
 */
export function scrub(text: string, apiKey: string): string {
  const plain = text.replace(/[^\P{Cc}\s]/gu, '')
  return (
    (apiKey === '' ? plain : plain.replaceAll(apiKey, '[key]'))
      .slice(0, 20_000)
      .replace(/\b(sk|sess|key)-[\w*-]{6,}/g, '[key]')
      // What stands before the host of a URL, and what is asked of it, may open doors.
      .replace(/(\b[a-z][\w+.-]{0,20}:\/\/)[^\s/@]*@/gi, '$1')
      .replace(/(\b[a-z][\w+.-]{0,20}:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1?…')
      .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
  )
}

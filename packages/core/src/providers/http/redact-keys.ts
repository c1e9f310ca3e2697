import { redactSecrets } from '../../safe-text.ts'

/**
 * Makes a server's text safe to print: one line of at most 300 characters, without tags, control
 * characters, keys, bearer tokens, or passwords and queries of URLs.
 *
 * @param apiKey the key to remove; empty if unknown
 */
export function redactKeys(text: string, apiKey: string): string {
  const plain = text.replace(/[^\P{Cc}\s]/gu, '')
  return redactSecrets(plain, [apiKey])
    .slice(0, 20_000)
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}

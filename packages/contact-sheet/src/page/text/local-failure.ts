import type { Text } from './en.ts'

type Failure = { message: string; hint: string; code?: string | undefined }

/**
 * Returns a failure in the language of the page. Where the page knows only what kind of failure it
 * is, the server's own words follow: they have the names and the numbers.
 */
export function localFailure(
  { failures }: Pick<Text, 'failures'>,
  { code = '', message, hint }: Failure,
): { message: string; hint: string } {
  if (!Object.hasOwn(failures, code)) return { message, hint }
  return { message: failures[code]!, hint: [message, hint].filter((text) => text !== '').join(' ') }
}

/** Returns a mistake in the language of the page, with the server's words, which name its place. */
export function localMistake(
  { failures }: Pick<Text, 'failures'>,
  { code, text }: { code: string; text: string },
): string {
  return Object.hasOwn(failures, code) ? `${failures[code]} ${text}` : text
}

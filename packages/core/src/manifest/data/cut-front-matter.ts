/** The line that opens front matter, and the one that closes it. */
export const OPENING: RegExp = /^---[ \t]*(?:\r\n|\n|\r|$)/
export const CLOSING: RegExp = /^(?:---|\.\.\.)[ \t]*$/m

/**
 * Returns the front matter of a Markdown file with the lines around it, and nothing of its body: a
 * change of the body changes no picture. Empty if there is none.
 */
export function cutFrontMatter(text: string): string {
  const opening = OPENING.exec(text)?.[0]
  if (opening === undefined) return /^\+\+\+[ \t]*\r?$/m.exec(text)?.index === 0 ? '+++\n' : ''
  const closing = CLOSING.exec(text.slice(opening.length))
  // Only the line that opens it: what follows may be the whole body.
  if (closing === null) return opening
  return text.slice(0, opening.length + closing.index + closing[0].length)
}

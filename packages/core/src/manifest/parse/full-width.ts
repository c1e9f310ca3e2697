/*
 * Chinese and Japanese keyboards write full-width punctuation where YAML requires ASCII: `：` for
 * `:`, `，` for `,`, “ ” for quotes, a wide space for indentation. YAML reads all of it as letters, and
 * reports another error or none. This module recognises what was meant and repairs the text.
 */

/** Full-width punctuation in place of YAML's own. */
export type FullWidth = {
  /** Offsets in the text as it was written. */
  start: number
  end: number
  message: string
  hint: string
}

/** What was written in full width. */
export type Kind = 'colon' | 'comma' | 'quotes' | 'bracket' | 'space'
/** Replaces one character by one or two others. */
export type Edit = { offset: number; to: string }
/** Edits that belong together, and why. */
export type Finding = { kind: Kind; edits: Edit[] }

/** Any full-width punctuation or space. */
export const FULL_WIDTH: RegExp = /[：，、“‘「『＂［【｛\u3000\u00A0]/
/** Keys whose text may contain any punctuation. */
export const FREE_TEXT: ReadonlySet<string> = new Set([
  'prompt',
  'alt',
  'prepend',
  'append',
  'avoid',
  'vars',
  'matrix',
])
/** Closing quotes and brackets by the opening ones. */
export const closingByOpening: Readonly<Record<string, string>> = {
  '“': '”',
  '‘': '’',
  '「': '」',
  '『': '』',
  '＂': '＂',
  '［': '］',
  '【': '】',
  '｛': '｝',
}
const OPENING_QUOTE = /[“‘「『＂]/
const asciiBracket: Readonly<Record<string, string>> = {
  '［': '[',
  '］': ']',
  '【': '[',
  '】': ']',
  '｛': '{',
  '｝': '}',
}
/** Number of findings to repair at most: files can be large. */
export const MAX_FINDINGS = 200
/** Longest line to search, characters. */
export const MAX_LINE_LENGTH = 5000
/** Longest text in quotes or brackets, characters. */
const MAX_QUOTE_LENGTH = 500

/** Returns all edits in the order of the text, one per character. */
export function editsOf(findings: readonly Finding[]): Edit[] {
  const byOffset = new Map(
    findings.flatMap(({ edits }) => edits).map((edit) => [edit.offset, edit]),
  )
  return [...byOffset.values()].sort((a, b) => a.offset - b.offset)
}

/** Replaces wide and no-break spaces by ordinary ones. */
export function spaceEdits(space: string, start: number): Edit[] {
  return [...space].flatMap((character, index) =>
    character === ' ' ? [] : [{ offset: start + index, to: character === '\u3000' ? '  ' : ' ' }],
  )
}

/** Replaces a full-width colon by `:` and a space. */
export function colonEdit(text: string, offset: number): Edit {
  return { offset, to: /^(\s|$)/.test(text.charAt(offset + 1)) ? ':' : ': ' }
}

/** Replaces a full-width comma by `,` and a space. */
export function commaEdit(text: string, offset: number): Edit {
  return { offset, to: /^\s/.test(text.charAt(offset + 1)) ? ',' : ', ' }
}

/** Finds quotes or brackets that open at an offset and close later in the line. */
export function pairEdits(text: string, start: number): Finding | undefined {
  const opening = text[start]!
  const closing = Object.hasOwn(closingByOpening, opening) ? closingByOpening[opening]! : undefined
  if (closing === undefined) return undefined
  const rest = text.slice(start + 1, start + MAX_QUOTE_LENGTH).split('\n', 1)[0]!
  const length = rest.indexOf(closing)
  if (length < 0) return undefined
  const isQuote = OPENING_QUOTE.test(opening)
  const quote = rest.slice(0, length).includes('"') ? "'" : '"'
  const [left, right] = isQuote ? [quote, quote] : [asciiBracket[opening]!, asciiBracket[closing]!]
  return {
    kind: isQuote ? 'quotes' : 'bracket',
    edits: [
      { offset: start, to: left },
      { offset: start + 1 + length, to: right },
    ],
  }
}

import { closingByOpening, FREE_TEXT, FULL_WIDTH } from './full-width.ts'

/*
 * The scalars of a plain text: those that YAML reads in one way only. Whatever else is written ends
 * the reading with `NotPlain`, and the library reads the text.
 */

/** Thrown where a text is not plain. */
export class NotPlain extends Error {}

/** A key: a name without quotes. */
export const KEY: RegExp = /[A-Za-z0-9_][\w./-]{0,200}(?=:[ \n]|:$)/y

/** Characters that mean something at the start of a value. */
const INDICATORS = new Set('-?:,[]{}#&*!|>\'"%@`')

const NULL_OR_BOOLEAN = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE)$/
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/
/** Whatever may be a number in any notation, or a special one. */
const LIKE_NUMBER = /^(?:[-+.]|0[xo]|\d[\d.]*(?:[eE][-+\d]*)?$)/

/** Returns the value of a scalar without quotes. */
export function valueOfScalar(source: string): unknown {
  const first = source.charCodeAt(0)
  // Only digits, +, - and . begin numbers.
  if (first < 0x3a) {
    if (PLAIN_NUMBER.test(source)) return Number(source)
    if (LIKE_NUMBER.test(source)) throw new NotPlain()
    return source
  }
  if (source.length > 5 || !NULL_OR_BOOLEAN.test(source)) return source
  const lower = source.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : null
}

/** Requires that no character of a range means anything, and returns where its comment begins. */
export function endOfPlain(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    // A colon before a space or at the end, and a # after a space.
    if (code === 0x3a && (at + 1 === to || text.charCodeAt(at + 1) === 0x20)) throw new NotPlain()
    if (code === 0x23 && text.charCodeAt(at - 1) === 0x20) return at
  }
  return to
}

/** Requires that a range starts with a character that means nothing. */
export function requirePlainStart(text: string, at: number): void {
  if (INDICATORS.has(text[at]!)) throw new NotPlain()
}

/** Returns the end of a range without its spaces. */
export function trimEnd(text: string, from: number, to: number): number {
  let end = to
  while (end > from && text.charCodeAt(end - 1) === 0x20) end--
  return end
}

/** Returns the end of a quoted scalar in one line without escapes. */
export function endOfQuoted(text: string, from: number, to: number): number {
  const quote = text.charCodeAt(from)
  for (let at = from + 1; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5c && quote === 0x22) throw new NotPlain()
    if (code !== quote) continue
    if (text.charCodeAt(at + 1) === quote) throw new NotPlain()
    return at + 1
  }
  throw new NotPlain()
}

/** The keys around a scalar, for `requireNoSlip`. */
export type ScalarPlace = { depth: number; key: string; isInList: boolean }

/**
 * Requires that full-width punctuation in a scalar without quotes is not a slip: it is in a text of
 * an entry, and does not begin it.
 */
export function requireNoSlip(source: string, { depth, key, isInList }: ScalarPlace): void {
  if (!FULL_WIDTH.test(source)) return
  const isText = depth >= 3 && !isInList && FREE_TEXT.has(key)
  if (!isText || Object.hasOwn(closingByOpening, source[0]!)) throw new NotPlain()
}

type BlockText = { isFolded: boolean; isStripped: boolean }

/** Reads the header of a text that follows in lines of its own: `|`, `>`, `|-` or `>-`. */
export function readBlockHeader(header: string): BlockText {
  if (!/^[|>]-?$/.test(header)) throw new NotPlain()
  return { isFolded: header.startsWith('>'), isStripped: header.endsWith('-') }
}

/** Joins the lines of such a text, without their indentation and without empty ones at the end. */
export function joinBlockLines(
  lines: readonly string[],
  { isFolded, isStripped }: BlockText,
): string {
  const end = isStripped ? '' : '\n'
  if (!isFolded) return lines.join('\n') + end
  let joined = lines[0]!
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index]!
    // One line break becomes a space; of several, the first is dropped.
    if (line === '') joined += '\n'
    else joined += lines[index - 1] === '' ? line : ` ${line}`
  }
  return joined + end
}

import { type Rows, closeRow, SCALAR } from './plain-rows.ts'
import { endOfQuoted, KEY, NotPlain } from './plain-scalars.ts'

/** Maps and lists within one another that are read. */
export const MAX_DEPTH = 20

const SPACE = 0x20
const DASH = 0x2d

/** Where the reading is: in a line that is neither empty nor a comment. */
export type Cursor = {
  text: string
  lineStarts: number[]
  rows: Rows
  /** Offsets of the start of the line, of its first character, and of its end. */
  line: number
  from: number
  to: number
  /** End of the last value in a line, and of the last line with one, its line break included. */
  end: number
  lineEnd: number
  isEnd: boolean
  hasFullWidth: boolean
  /** Keys around the current value, and the last of them. */
  depth: number
  key: string
}

/**
 * Goes to the next line that is neither empty nor a comment. A comment may not be deeper than that
 * line: it would belong to the value before it.
 */
export function nextLine(cursor: Cursor): void {
  let commentIndent = 0
  nextRawLine(cursor)
  while (!cursor.isEnd) {
    const isComment = cursor.text[cursor.from] === '#'
    if (!isComment && cursor.from < cursor.to) break
    if (isComment) commentIndent = Math.max(commentIndent, indentOf(cursor))
    nextRawLine(cursor)
  }
  if (commentIndent > Math.max(0, indentOf(cursor))) throw new NotPlain()
}

export function nextRawLine(cursor: Cursor): void {
  const { text, lineStarts, to } = cursor
  if (to >= text.length) {
    cursor.isEnd = true
    return
  }
  const line = to + 1
  lineStarts.push(line)
  if (line === text.length) {
    cursor.isEnd = true
    return
  }
  const end = text.indexOf('\n', line)
  cursor.line = line
  cursor.to = end < 0 ? text.length : end
  cursor.from = skipSpaces(text, line, cursor.to)
}

export function skipSpaces(text: string, from: number, to: number): number {
  let at = from
  while (at < to && text.charCodeAt(at) === SPACE) at++
  return at
}

/** Returns the indentation of the line; -1 after the last one. */
export function indentOf({ isEnd, from, line }: Cursor): number {
  return isEnd ? -1 : from - line
}

export function isDash({ text, from, to }: Cursor): boolean {
  return text.charCodeAt(from) === DASH && from + 1 < to && text.charCodeAt(from + 1) === SPACE
}

export function endOfKey(text: string, from: number): number {
  KEY.lastIndex = from
  if (!KEY.test(text)) throw new NotPlain()
  return KEY.lastIndex
}

/** Requires that nothing but a comment follows a value in its line, and goes to the next one. */
export function endLine(cursor: Cursor): void {
  const { text, end, to } = cursor
  const at = skipSpaces(text, end, to)
  if (at < to && (at === end || text[at] !== '#')) throw new NotPlain()
  passLine(cursor)
}

/** Goes on from a line that has the end of a value. */
export function passLine(cursor: Cursor): void {
  cursor.lineEnd = Math.min(cursor.to + 1, cursor.text.length)
  nextLine(cursor)
}

export function readQuoted(cursor: Cursor, row: number, at: number): string {
  const end = endOfQuoted(cursor.text, at, cursor.to)
  return closeScalar(cursor, row, at, end, cursor.text.slice(at + 1, end - 1))
}

export function closeScalar<T>(cursor: Cursor, row: number, from: number, to: number, value: T): T {
  closeRow(cursor.rows, row, SCALAR, from, to)
  cursor.end = to
  return value
}

import { FULL_WIDTH } from './full-width.ts'
import type { Path } from './path.ts'
import {
  closeRow,
  createRowFinder,
  createRows,
  LIST,
  MAP,
  openRow,
  type Rows,
  SCALAR,
} from './plain-rows.ts'
import {
  endOfPlain,
  endOfQuoted,
  joinBlockLines,
  KEY,
  NotPlain,
  readBlockHeader,
  requireNoSlip,
  requirePlainStart,
  trimEnd,
  valueOfScalar,
} from './plain-scalars.ts'
import { hasBareColours } from './repair-bare-colours.ts'

/*
 * Reads the plain subset of YAML that large manifests are written in: maps and lists by indentation
 * or in one line, keys without quotes, scalars without escapes, block texts. It takes a tenth of the
 * time and memory of the library. It never reads what the library would read in another way, or
 * report: whatever it does not know ends it.
 */

/** A text as a value, and the places of its parts. */
export type PlainYaml = {
  value: unknown
  /** Offsets at which lines begin. */
  lineStarts: number[]
  findRange: (path: Path, part: 'key' | 'value') => [number, number]
}

/** Tabs, carriage returns, control characters, and those that editors take for line breaks. */
// oxlint-disable-next-line no-control-regex -- texts may contain anything
const NEVER_PLAIN = /[\0-\x09\x0B-\x1F\x7F-\x9F\u2028\u2029\uFEFF]/
/** Maps and lists within one another that are read. */
const MAX_DEPTH = 20

const SPACE = 0x20
const DASH = 0x2d

/** Where the reading is: in a line that is neither empty nor a comment. */
type Cursor = {
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

/** Reads a text as YAML; `undefined` if it is not plain. */
export function readPlainYaml(text: string): PlainYaml | undefined {
  if (NEVER_PLAIN.test(text) || hasBareColours(text)) return undefined
  const rows = createRows()
  const hasFullWidth = FULL_WIDTH.test(text)
  const cursor: Cursor = {
    ...{ text, rows, hasFullWidth, lineStarts: [], key: '', depth: 0 },
    ...{ line: 0, from: 0, to: -1, end: 0, lineEnd: 0, isEnd: false },
  }
  try {
    nextLine(cursor)
    const root = openRow(rows, -1, -1)
    const value = readMap(cursor, root, 0)
    if (!cursor.isEnd) return undefined
    return { value, lineStarts: cursor.lineStarts, findRange: createRowFinder(text, rows) }
  } catch (error) {
    if (error instanceof NotPlain) return undefined
    throw error
  }
}

/**
 * Goes to the next line that is neither empty nor a comment. A comment may not be deeper than that
 * line: it would belong to the value before it.
 */
function nextLine(cursor: Cursor): void {
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

function nextRawLine(cursor: Cursor): void {
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

function skipSpaces(text: string, from: number, to: number): number {
  let at = from
  while (at < to && text.charCodeAt(at) === SPACE) at++
  return at
}

/** Returns the indentation of the line; -1 after the last one. */
function indentOf({ isEnd, from, line }: Cursor): number {
  return isEnd ? -1 : from - line
}

function isDash({ text, from, to }: Cursor): boolean {
  return text.charCodeAt(from) === DASH && from + 1 < to && text.charCodeAt(from + 1) === SPACE
}

/** Reads a map, whose first key is where the cursor is. */
function readMap(cursor: Cursor, row: number, indent: number): unknown {
  const { text } = cursor
  const map: Record<string, unknown> = {}
  const from = cursor.from
  if (indentOf(cursor) !== indent || cursor.depth >= MAX_DEPTH) throw new NotPlain()
  cursor.depth++
  while (indentOf(cursor) === indent) {
    const keyFrom = cursor.from
    const keyTo = endOfKey(text, keyFrom)
    const key = text.slice(keyFrom, keyTo)
    if (key === '__proto__' || Object.hasOwn(map, key)) throw new NotPlain()
    cursor.key = key
    map[key] = readMapValue(cursor, openRow(cursor.rows, keyFrom, keyTo), { indent, at: keyTo + 1 })
  }
  if (indentOf(cursor) > indent) throw new NotPlain()
  cursor.depth--
  closeRow(cursor.rows, row, MAP, from, cursor.lineEnd)
  return map
}

function endOfKey(text: string, from: number): number {
  KEY.lastIndex = from
  if (!KEY.test(text)) throw new NotPlain()
  return KEY.lastIndex
}

/** Reads the value of a key: what follows in its line, or in the lines below it. */
function readMapValue(
  cursor: Cursor,
  row: number,
  { indent, at: after }: { indent: number; at: number },
): unknown {
  const at = skipSpaces(cursor.text, after, cursor.to)
  if (at < cursor.to && cursor.text[at] !== '#') {
    return readInline(cursor, row, { at, indent, isInList: false })
  }
  nextLine(cursor)
  const inner = indentOf(cursor)
  if (inner >= indent && inner >= 0 && isDash(cursor)) return readList(cursor, row, inner)
  if (inner <= indent) throw new NotPlain()
  return readMap(cursor, row, inner)
}

/** Reads a list, whose first dash is where the cursor is. */
function readList(cursor: Cursor, row: number, indent: number): unknown[] {
  const { text, key } = cursor
  const list: unknown[] = []
  const from = cursor.from
  while (indentOf(cursor) === indent && isDash(cursor)) {
    const at = skipSpaces(text, cursor.from + 1, cursor.to)
    const item = openRow(cursor.rows, -1, -1)
    KEY.lastIndex = at
    if (KEY.test(text)) {
      cursor.from = at
      list.push(readMap(cursor, item, at - cursor.line))
    } else {
      list.push(readInline(cursor, item, { at, indent, isInList: true }))
    }
    cursor.key = key
  }
  if (indentOf(cursor) > indent) throw new NotPlain()
  closeRow(cursor.rows, row, LIST, from, cursor.lineEnd)
  return list
}

type InlinePlace = {
  at: number
  /** Indentation of the map or list that has the value. */
  indent: number
  isInList: boolean
}

/** Reads a value that begins in a line, and goes to the line after it. */
function readInline(cursor: Cursor, row: number, place: InlinePlace): unknown {
  const { text, to } = cursor
  const { at } = place
  const first = text[at]
  if (at >= to) throw new NotPlain()
  if (first === '{' || first === '[') {
    const value = readFlow(cursor, row, { at, depth: 1 })
    endLine(cursor)
    return value
  }
  if (first === '"' || first === "'") {
    const value = readQuoted(cursor, row, at)
    endLine(cursor)
    return value
  }
  if (first === '|' || first === '>') return readBlockText(cursor, row, place)
  return readPlain(cursor, row, place)
}

/** Requires that nothing but a comment follows a value in its line, and goes to the next one. */
function endLine(cursor: Cursor): void {
  const { text, end, to } = cursor
  const at = skipSpaces(text, end, to)
  if (at < to && (at === end || text[at] !== '#')) throw new NotPlain()
  passLine(cursor)
}

/** Goes on from a line that has the end of a value. */
function passLine(cursor: Cursor): void {
  cursor.lineEnd = Math.min(cursor.to + 1, cursor.text.length)
  nextLine(cursor)
}

function readQuoted(cursor: Cursor, row: number, at: number): string {
  const end = endOfQuoted(cursor.text, at, cursor.to)
  return closeScalar(cursor, row, at, end, cursor.text.slice(at + 1, end - 1))
}

function closeScalar<T>(cursor: Cursor, row: number, from: number, to: number, value: T): T {
  closeRow(cursor.rows, row, SCALAR, from, to)
  cursor.end = to
  return value
}

/** Reads a scalar without quotes, which may continue in deeper lines. */
function readPlain(cursor: Cursor, row: number, { at, indent, isInList }: InlinePlace): unknown {
  const { text, key, depth } = cursor
  requirePlainStart(text, at)
  let comment = endOfPlain(text, at, cursor.to)
  let end = trimEnd(text, at, comment)
  let source = text.slice(at, end)
  for (;;) {
    const isOpen = comment === cursor.to
    const next = cursor.to + 1
    passLine(cursor)
    if (indentOf(cursor) <= indent) break
    if (!isOpen || cursor.line !== next) throw new NotPlain()
    requirePlainStart(text, cursor.from)
    comment = endOfPlain(text, cursor.from, cursor.to)
    end = trimEnd(text, cursor.from, comment)
    source += ` ${text.slice(cursor.from, end)}`
  }
  if (cursor.hasFullWidth) requireNoSlip(source, { depth, key, isInList })
  return closeScalar(cursor, row, at, end, valueOfScalar(source))
}

/** Reads a text in lines of its own. */
function readBlockText(cursor: Cursor, row: number, { at, indent }: InlinePlace): string {
  const { text } = cursor
  const header = readBlockHeader(text.slice(at, trimEnd(text, at, cursor.to)))
  nextRawLine(cursor)
  const inner = indentOf(cursor)
  if (inner <= indent || cursor.from === cursor.to) throw new NotPlain()
  const lines: string[] = []
  let end = cursor.to
  while (!cursor.isEnd) {
    const isEmpty = cursor.from === cursor.to
    if (!isEmpty && indentOf(cursor) < inner) break
    // Spaces at either end of a line mean something in some texts.
    const isUneven = isEmpty
      ? cursor.from - cursor.line > inner
      : header.isFolded && (indentOf(cursor) > inner || text[cursor.to - 1] === ' ')
    if (isUneven || cursor.to === text.length) throw new NotPlain()
    lines.push(isEmpty ? '' : text.slice(cursor.line + inner, cursor.to))
    if (!isEmpty) end = cursor.to + 1
    nextRawLine(cursor)
  }
  while (lines.at(-1) === '') lines.pop()
  if (!cursor.isEnd && (indentOf(cursor) > indent || text[cursor.from] === '#'))
    throw new NotPlain()
  cursor.lineEnd = end
  return closeScalar(cursor, row, at, end, joinBlockLines(lines, header))
}

type FlowPlace = { at: number; depth: number }

/** Reads a map or list in brackets within a line. */
function readFlow(cursor: Cursor, row: number, { at, depth }: FlowPlace): unknown {
  if (depth > MAX_DEPTH) throw new NotPlain()
  const { text, to, rows } = cursor
  const isMap = text[at] === '{'
  const [list, map]: [unknown[], Record<string, unknown>] = [[], {}]
  let next = skipSpaces(text, at + 1, to)
  for (let isFirst = true; text[next] !== (isMap ? '}' : ']') || !isFirst; isFirst = false) {
    if (next >= to) throw new NotPlain()
    if (isMap) next = readFlowPair(cursor, map, { at: next, depth })
    else {
      list.push(readFlowValue(cursor, openRow(rows, -1, -1), { at: next, depth }))
      next = skipSpaces(text, cursor.end, to)
    }
    if (text[next] === ',') next = skipSpaces(text, next + 1, to)
    else if (text[next] === (isMap ? '}' : ']')) break
    else throw new NotPlain()
  }
  closeRow(rows, row, isMap ? MAP : LIST, at, next + 1)
  cursor.end = next + 1
  return isMap ? map : list
}

/** Reads a key and its value into a map, and returns where the next character is. */
function readFlowPair(
  cursor: Cursor,
  map: Record<string, unknown>,
  { at, depth }: FlowPlace,
): number {
  const { text, to, rows } = cursor
  const keyTo = endOfKey(text, at)
  const key = text.slice(at, keyTo)
  if (key === '__proto__' || Object.hasOwn(map, key)) throw new NotPlain()
  const row = openRow(rows, at, keyTo)
  map[key] = readFlowValue(cursor, row, { at: skipSpaces(text, keyTo + 1, to), depth })
  return skipSpaces(text, cursor.end, to)
}

/** Characters that end a scalar in brackets. */
const FLOW_END = /[,[\]{}\n]/g

function readFlowValue(cursor: Cursor, row: number, { at, depth }: FlowPlace): unknown {
  const { text, to, hasFullWidth } = cursor
  const first = at < to ? text[at] : undefined
  if (first === '{' || first === '[') return readFlow(cursor, row, { at, depth: depth + 1 })
  if (first === '"' || first === "'") return readQuoted(cursor, row, at)
  if (first === undefined) throw new NotPlain()
  requirePlainStart(text, at)
  FLOW_END.lastIndex = at
  const stop = FLOW_END.exec(text)?.index ?? to
  const end = trimEnd(text, at, stop)
  if (endOfPlain(text, at, end) !== end) throw new NotPlain()
  const source = text.slice(at, end)
  if (hasFullWidth && FULL_WIDTH.test(source)) throw new NotPlain()
  return closeScalar(cursor, row, at, end, valueOfScalar(source))
}

import { FULL_WIDTH } from './full-width.ts'
import type { Path } from './path.ts'
import {
  closeScalar,
  type Cursor,
  endLine,
  endOfKey,
  indentOf,
  isDash,
  MAX_DEPTH,
  nextLine,
  nextRawLine,
  passLine,
  readQuoted,
  skipSpaces,
} from './plain-cursor.ts'
import { readFlow } from './plain-flow.ts'
import {
  closeRow,
  createRowFinder,
  createRowReader,
  createRows,
  LIST,
  MAP,
  openRow,
  type Row,
} from './plain-rows.ts'
import {
  endOfPlain,
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
  /** Returns what is known of a value, by its number in the order of the text. */
  readRow: (row: number) => Row
}

/** Tabs, carriage returns, control characters, and those that editors take for line breaks. */
// oxlint-disable-next-line no-control-regex -- texts may contain anything
const NEVER_PLAIN = /[\0-\x09\x0B-\x1F\x7F-\x9F\u2028\u2029\uFEFF]/

/** Reads a text as YAML; `undefined` if it is not plain. */
export function readPlainYaml(text: string): PlainYaml | undefined {
  if (NEVER_PLAIN.test(text) || hasBareColours(text)) return undefined
  const rows = createRows()
  const cursor: Cursor = {
    text,
    rows,
    hasFullWidth: FULL_WIDTH.test(text),
    lineStarts: [],
    key: '',
    depth: 0,
    line: 0,
    from: 0,
    to: -1,
    end: 0,
    lineEnd: 0,
    isEnd: false,
  }
  try {
    nextLine(cursor)
    const root = openRow(rows, -1, -1)
    const value = readMap(cursor, root, 0)
    if (!cursor.isEnd) return undefined
    return {
      value,
      lineStarts: cursor.lineStarts,
      findRange: createRowFinder(text, rows),
      readRow: createRowReader(rows),
    }
  } catch (error) {
    if (error instanceof NotPlain) return undefined
    throw error
  }
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
  if (!cursor.isEnd && (indentOf(cursor) > indent || text[cursor.from] === '#')) {
    throw new NotPlain()
  }
  cursor.lineEnd = end
  return closeScalar(cursor, row, at, end, joinBlockLines(lines, header))
}

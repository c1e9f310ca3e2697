import {
  type DataEntry,
  type DataNode,
  DataSyntaxError,
  MAX_DATA_DEPTH,
  type Range,
} from './data-node.ts'

const SPACE = /[ \t\r\n]*/y
/** A number, or a word such as `true`. */
const WORD = /[^\s,:[\]{}"]+/y
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const STRING = /"(?:[^"\\\n\r]|\\.)*"/y

type Cursor = { text: string; at: number; depth: number }

/**
 * Parses JSON, with the place of each part. Numbers stay as they are written. @throws
 * DataSyntaxError
 */
export function parseJson(text: string): DataNode {
  const cursor: Cursor = { text, at: 0, depth: 0 }
  const node = readValue(cursor)
  skipSpace(cursor)
  if (cursor.at < text.length) throw unexpected(cursor)
  return node
}

function readValue(cursor: Cursor): DataNode {
  skipSpace(cursor)
  const { text, at } = cursor
  if (text[at] === '{' || text[at] === '[') {
    if (cursor.depth >= MAX_DATA_DEPTH) {
      throw new DataSyntaxError(
        [at, at + 1],
        'Maps and lists are nested too deeply.',
        'Flatten them: a row needs one level.',
      )
    }
    cursor.depth++
    const node = text[at] === '{' ? readMap(cursor) : readList(cursor)
    cursor.depth--
    return node
  }
  if (text[at] === '"') {
    const { value, range } = readString(cursor)
    return { kind: 'scalar', text: value, range }
  }
  return readWord(cursor)
}

function readMap(cursor: Cursor): DataNode {
  const from = cursor.at
  const entries: DataEntry[] = []
  for (let isFirst = true; !closes(cursor, '}', isFirst); isFirst = false) {
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== '"') throw unexpected(cursor)
    const { value: key, range } = readString(cursor)
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== ':') throw unexpected(cursor)
    cursor.at++
    entries.push({ key: key.normalize('NFC'), range, value: readValue(cursor) })
  }
  return { kind: 'map', entries, range: [from, cursor.at] }
}

function readList(cursor: Cursor): DataNode {
  const from = cursor.at
  const items: DataNode[] = []
  for (let isFirst = true; !closes(cursor, ']', isFirst); isFirst = false) {
    items.push(readValue(cursor))
  }
  return { kind: 'list', items, range: [from, cursor.at] }
}

/** Passes the bracket that ends a map or list, or what is before its next part. */
function closes(cursor: Cursor, bracket: string, isFirst: boolean): boolean {
  if (isFirst) cursor.at++
  skipSpace(cursor)
  if (cursor.text[cursor.at] === bracket) {
    cursor.at++
    return true
  }
  if (isFirst) return false
  if (cursor.text[cursor.at] !== ',') throw unexpected(cursor)
  cursor.at++
  return false
}

function readString(cursor: Cursor): { value: string; range: Range } {
  const { text, at } = cursor
  STRING.lastIndex = at
  const written = STRING.exec(text)?.[0]
  if (written === undefined) {
    throw new DataSyntaxError(
      [at, at + 1],
      'The quote that opens here is not closed in its line.',
      'Close it; write a line break as \\n and a quote as \\".',
    )
  }
  cursor.at += written.length
  const range: Range = [at, cursor.at]
  try {
    return { value: (JSON.parse(written) as string).normalize('NFC'), range }
  } catch {
    throw new DataSyntaxError(
      range,
      'The text contains a character or an escape sequence that JSON does not allow.',
      'Write a backslash as \\\\ and a tab as \\t.',
    )
  }
}

/** Reads a number, a boolean or null. */
function readWord(cursor: Cursor): DataNode {
  const { text, at } = cursor
  WORD.lastIndex = at
  const word = WORD.exec(text)?.[0] ?? ''
  const isKnown = word === 'true' || word === 'false' || word === 'null' || NUMBER.test(word)
  if (!isKnown) throw unexpected(cursor, word.length)
  cursor.at += word.length
  return { kind: 'scalar', text: word === 'null' ? '' : word, range: [at, cursor.at] }
}

function skipSpace(cursor: Cursor): void {
  SPACE.lastIndex = cursor.at
  cursor.at += SPACE.exec(cursor.text)![0].length
}

function unexpected({ text, at }: Cursor, length = 1): DataSyntaxError {
  if (at >= text.length) {
    const end = text.trimEnd().length
    return new DataSyntaxError(
      [Math.max(0, end - 1), end],
      'The JSON text ends too early.',
      'Close every quote, bracket and brace.',
    )
  }
  return new DataSyntaxError(
    [at, at + Math.max(1, length)],
    `JSON does not allow ${JSON.stringify(text.slice(at, at + Math.min(40, Math.max(1, length))))} here.`,
    'Write keys and texts in double quotes, a comma between entries and none after the last, and no comments.',
  )
}

import { FULL_WIDTH } from './full-width.ts'
import {
  closeScalar,
  type Cursor,
  endOfKey,
  MAX_DEPTH,
  readQuoted,
  skipSpaces,
} from './plain-cursor.ts'
import { closeRow, LIST, MAP, openRow } from './plain-rows.ts'
import { endOfPlain, NotPlain, requirePlainStart, trimEnd, valueOfScalar } from './plain-scalars.ts'

type FlowPlace = { at: number; depth: number }

/** Reads a map or list in brackets within a line. */
export function readFlow(cursor: Cursor, row: number, { at, depth }: FlowPlace): unknown {
  if (depth > MAX_DEPTH) throw new NotPlain()
  const { text, to, rows } = cursor
  const isMap = text[at] === '{'
  const [list, map]: [unknown[], Record<string, unknown>] = [[], {}]
  let next = skipSpaces(text, at + 1, to)
  for (let isFirst = true; text[next] !== (isMap ? '}' : ']') || !isFirst; isFirst = false) {
    if (next >= to) throw new NotPlain()
    if (isMap) {
      next = readFlowPair(cursor, map, { at: next, depth })
    } else {
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

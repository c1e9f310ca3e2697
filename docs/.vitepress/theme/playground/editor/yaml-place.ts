import { placeInFlow } from './flow-place.ts'

/** Where in a manifest a person types. */
export type YamlPlace = {
  /** The keys that lead there; `*` for an entry of a list. */
  path: string[]
  /** Whether a value starts there, after `key:`, or else a key or an entry of a list. */
  isValue: boolean
  /** Where the word starts, characters from the start of the text. */
  from: number
  /** The keys that the map has already. */
  siblings: string[]
}

/** The start of a line: its spaces and dashes, then a key. */
const START = /^( *)((?:- +|-$)*)(?:("[^"]*"|'[^']*'|[^\s"'#{}[\],&*!|>%@`-][^:#]*?)\s*:(?=\s|$))?/

/**
 * Returns the place of the cursor in a text of YAML, which need not be complete; `undefined` in
 * comments and texts of several lines. It reads lines and their indentation only.
 */
export function placeAt(text: string, position: number): YamlPlace | undefined {
  const start = text.lastIndexOf('\n', position - 1) + 1
  const before = text.slice(start, position)
  if (/(?:^|\s)#/.test(before)) return undefined
  const above = text.slice(0, start).split('\n').slice(0, -1)
  const line = readLine(before)
  const column = line.dashes.length > 0 ? line.column : before.search(/\S|$/)
  const path = pathOf(above, column, line.dashes)
  if (path === undefined) return undefined
  const body = before.slice(column)
  const below = text.slice(position).split('\n').slice(1)
  if (line.key === undefined) {
    const siblings = siblingsOf(above, below, { column, isFirst: line.dashes.length > 0 })
    return placeInValue(body, { path, from: start + column, isValue: false, siblings })
  }
  const value = /:(\s*)/.exec(body.slice(line.keyLength))!
  // Right after the colon, neither a key nor a value can start.
  if (value[1] === '') return undefined
  const offset = line.keyLength + value.index + value[0].length
  const inValue = { path: [...path, line.key], from: start + column + offset, isValue: true }
  return placeInValue(body.slice(offset), { ...inValue, siblings: [] })
}

/** Finds the place in what is written between the start of a value and the cursor. */
function placeInValue(value: string, place: YamlPlace): YamlPlace | undefined {
  if (/^[|>"'&*!]/.test(value)) return undefined
  if (!/^[{[]/.test(value)) return place
  const inside = placeInFlow(value)
  if (inside === undefined) return undefined
  const { path, offset, isValue, siblings } = inside
  return { path: [...place.path, ...path], from: place.from + offset, isValue, siblings }
}

type Line = {
  /** Columns of the dashes of a list. */
  dashes: number[]
  /** Column of the key or value after them. */
  column: number
  key: string | undefined
  /** Length of the key as it is written. */
  keyLength: number
  /** Whether a text of several lines follows. */
  isBlockText: boolean
}

function readLine(line: string): Line {
  const [whole, spaces = '', marks = '', key] = START.exec(line)!
  return {
    dashes: [...marks.matchAll(/-/g)].map(({ index }) => spaces.length + index),
    column: spaces.length + marks.length,
    key: key?.replace(/^(["'])(.*)\1$/, '$2'),
    keyLength: key?.length ?? 0,
    isBlockText: key !== undefined && /^\s*[|>][-+\d]*\s*(?:#.*)?$/.test(line.slice(whole.length)),
  }
}

/** Returns the keys above a line that enclose a column; `undefined` in a text of several lines. */
function pathOf(above: readonly string[], column: number, own: number[]): string[] | undefined {
  const path: string[] = []
  // An entry of a list may be as far left as the key of the list, but not as another entry.
  let [keyLimit, dashLimit] = [column, column]
  const climb = (dashes: readonly number[]): void => {
    for (const dash of dashes.toReversed()) {
      if (dash >= dashLimit) continue
      path.unshift('*')
      ;[keyLimit, dashLimit] = [dash + 1, dash]
    }
  }
  climb(own)
  for (const text of above.toReversed()) {
    if (/^\s*(?:#|$)/.test(text)) continue
    const line = readLine(text)
    if (line.key !== undefined && line.column < keyLimit) {
      if (line.isBlockText) return undefined
      path.unshift(line.key)
      ;[keyLimit, dashLimit] = [line.column, line.column]
    }
    climb(line.dashes)
    if (keyLimit === 0) break
  }
  return path
}

/** Returns the keys of the map at a column, in the lines around the cursor. */
function siblingsOf(
  above: readonly string[],
  below: readonly string[],
  { column, isFirst }: { column: number; isFirst: boolean },
): string[] {
  const upwards = isFirst ? [] : keysAt(above.toReversed(), column, true)
  return [...upwards, ...keysAt(below, column, false)]
}

function keysAt(lines: readonly string[], column: number, isUpwards: boolean): string[] {
  const keys: string[] = []
  for (const text of lines) {
    if (/^\s*(?:#|$)/.test(text)) continue
    const line = readLine(text)
    const isEntry = line.dashes.length > 0
    if (line.column < column || (isEntry && line.column === column && !isUpwards)) break
    if (line.column > column) {
      if (line.dashes.some((dash) => dash < column)) break
      continue
    }
    if (line.key !== undefined) keys.push(line.key)
    if (isEntry) break
  }
  return keys
}

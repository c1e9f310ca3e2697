import type { Path } from './path.ts'

/*
 * Where the parts of a plain text are: a row of numbers for each value, in the order of the text.
 * The rows of a map or list follow its own, and its last field is the first row after them.
 */

/** What a row is about. */
export const SCALAR = 0
export const MAP = 1
export const LIST = 2
type Kind = typeof SCALAR | typeof MAP | typeof LIST

const FIELDS = 6
const [KEY_FROM, KEY_TO, FROM, TO, KIND, NEXT] = [0, 1, 2, 3, 4, 5] as const

export type Rows = { count: number; numbers: Int32Array }

export function createRows(): Rows {
  return { count: 0, numbers: new Int32Array(1024 * FIELDS) }
}

/** Adds the row of a value, with the offsets of its key; -1 for an item of a list. */
export function openRow(rows: Rows, keyFrom: number, keyTo: number): number {
  const row = rows.count++
  const start = row * FIELDS
  if (start === rows.numbers.length) {
    const larger = new Int32Array(rows.numbers.length * 2)
    larger.set(rows.numbers)
    rows.numbers = larger
  }
  rows.numbers[start + KEY_FROM] = keyFrom
  rows.numbers[start + KEY_TO] = keyTo
  return row
}

/** Completes a row once its value is read: all rows added since are within it. */
export function closeRow(rows: Rows, row: number, kind: Kind, from: number, to: number): void {
  const start = row * FIELDS
  rows.numbers[start + FROM] = from
  rows.numbers[start + TO] = to
  rows.numbers[start + KIND] = kind
  rows.numbers[start + NEXT] = rows.count
}

/** What a row says: offsets of the key, or -1, and of the value, and the first row after it. */
export type Row = {
  kind: Kind
  keyFrom: number
  keyTo: number
  from: number
  to: number
  next: number
}

/** Creates a function that returns a row by its number. The first is that of the whole text. */
export function createRowReader({ numbers }: Rows): (row: number) => Row {
  return (row) => {
    const field = (index: number): number => numbers[row * FIELDS + index]!
    return {
      kind: field(KIND) as Kind,
      keyFrom: field(KEY_FROM),
      keyTo: field(KEY_TO),
      from: field(FROM),
      to: field(TO),
      next: field(NEXT),
    }
  }
}

/** Maps with more keys than this get an index. */
const MAX_SEARCHED = 16

/**
 * Creates a function that returns the start and end offsets of what a path leads to, or of its
 * nearest written parent, as `createRangeFinder` does for a document.
 *
 * @param rows the first is that of the whole text
 */
export function createRowFinder(
  text: string,
  { numbers }: Rows,
): (path: Path, part: 'key' | 'value') => [number, number] {
  const field = (row: number, index: number): number => numbers[row * FIELDS + index]!
  const keyOf = (row: number): string => text.slice(field(row, KEY_FROM), field(row, KEY_TO))
  const indexes = new Map<number, Map<string, number>>()
  const findKey = (map: number, key: string): number | undefined => {
    const known = indexes.get(map)
    if (known !== undefined) return known.get(key)
    const end = field(map, NEXT)
    const searched = new Map<string, number>()
    for (let row = map + 1; row < end; row = field(row, NEXT)) {
      const own = keyOf(row)
      if (own === key && searched.size < MAX_SEARCHED) return row
      searched.set(own, row)
    }
    indexes.set(map, searched)
    return searched.get(key)
  }
  const findItem = (list: number, index: number): number | undefined => {
    let left = index
    for (let row = list + 1; row < field(list, NEXT); row = field(row, NEXT)) {
      if (left-- === 0) return row
    }
    return undefined
  }
  return (path, part) => {
    let [row, range]: [number, [number, number]] = [0, [0, 1]]
    for (const [index, step] of path.entries()) {
      const kind = field(row, KIND)
      const child =
        kind === MAP
          ? findKey(row, String(step))
          : kind === LIST
            ? findItem(row, Number(step))
            : undefined
      if (child === undefined) return range
      const isShort = index === path.length - 1 && part === 'value' && field(child, KIND) === SCALAR
      const [from, to] = kind === LIST || isShort ? [FROM, TO] : [KEY_FROM, KEY_TO]
      range = [field(child, from), field(child, to)]
      row = child
    }
    return range
  }
}

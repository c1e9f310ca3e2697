import { type DataEntry, type DataNode, DataSyntaxError, type Range } from './data-node.ts'
import type { DataRow, DataValue } from './data-table.ts'
import type { DataText } from './data-text.ts'
import { requireColumn } from './require-column.ts'

/**
 * Reads the rows of a JSON or YAML file: a list of maps, or a map of maps by name. @throws
 * DataSyntaxError
 */
export function rowsOfNode(node: DataNode, file: DataText): DataRow[] {
  const only = node.kind === 'map' && node.entries.length === 1 ? node.entries[0]!.value : undefined
  const rows = only?.kind === 'list' ? only : node
  if (rows.kind === 'list') return rows.items.map((item) => readRow(item, file))
  if (rows.kind === 'scalar') throw notRows(rows.range)
  const names = new Map<string, Range>()
  return rows.entries.map(({ key, range, value }) => {
    requireName(key, range, { file, names })
    if (value.kind !== 'map') throw notRows(range)
    return readRow(value, file, { ownName: key, range })
  })
}

function requireName(
  key: string,
  range: Range,
  { file, names }: { file: DataText; names: Map<string, Range> },
): void {
  const first = names.get(key)
  if (first !== undefined) {
    const { line } = file.placeAt(...first)
    throw new DataSyntaxError(
      range,
      `The key "${key}" appears twice.`,
      `Rename one of them; the other is on line ${line}.`,
    )
  }
  names.set(key, range)
}

function notRows(range: Range): DataSyntaxError {
  return new DataSyntaxError(
    range,
    'A data file must have a list of maps, or a map of maps by name.',
    'Write each row as a map, for example { "slug": "mug", "title": "A mug" }.',
  )
}

/**
 * Reads a row from a map. The keys of maps within it are columns too, after their own:
 * `author.name`. Skips lists that contain more than texts.
 *
 * @throws DataSyntaxError
 */
export function readRow(
  node: DataNode,
  file: DataText,
  { ownName, range = node.range }: { ownName?: string | undefined; range?: Range } = {},
): DataRow {
  if (node.kind !== 'map') throw notRows(node.range)
  const rangeByColumn = new Map<string, Range>()
  const values: [string, DataValue][] = []
  const add = (entries: readonly DataEntry[], before: string): void => {
    for (const { key, range: keyRange, value } of entries) {
      const column = `${before}${key}`
      requireColumn(column, value.kind === 'scalar' ? value.range : keyRange, {
        file,
        rangeByColumn,
      })
      if (value.kind === 'map') add(value.entries, `${column}.`)
      const read = valueOf(value)
      if (read !== undefined) values.push([column, read])
    }
  }
  add(node.entries, '')
  return { file, range, values: Object.fromEntries(values), rangeByColumn, ownName }
}

/** Returns the value of a cell; `undefined` if it is empty or no text. */
function valueOf(node: DataNode): DataValue | undefined {
  if (node.kind === 'scalar') return node.text.trim() === '' ? undefined : node.text
  if (node.kind === 'map') return undefined
  const texts = node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
  return texts.length === 0 || texts.length < node.items.length ? undefined : texts
}

import { type DataRow, type DataTable, valueInColumn } from '../data/data-table.ts'
import { slug } from './slug.ts'

/** Columns that name the rows if the manifest names none, the first that exists. */
const nameColumns: readonly string[] = ['slug', 'name', 'id']

/** The name of a row, or why it has none. */
export type RowName =
  | { name: string; column: string | undefined }
  | { name: undefined; column: string | undefined; value: string | undefined }

/**
 * Returns the name of a row: from the column that the manifest names, else the key of its entry or
 * the name of its Markdown file, else from a column `slug`, `name` or `id`. It depends only on the
 * row itself, so that it stays when rows move.
 */
export function nameRow(row: DataRow, { columns }: DataTable, wanted: string | undefined): RowName {
  const column =
    wanted ??
    (row.ownName === undefined ? nameColumns.find((each) => columns.has(each)) : undefined)
  const found = column === undefined ? row.ownName : valueInColumn(row, column)
  const value = typeof found === 'string' ? found : found?.join('-')
  const parts = value?.split('/').filter((part) => part.trim() !== '') ?? []
  const slugs = parts.map(slug)
  if (slugs.length === 0 || slugs.includes('')) return { name: undefined, column, value }
  return { name: slugs.join('/'), column }
}

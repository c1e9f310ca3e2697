import type { Place } from '../../diagnostic.ts'
import type { DataMistake, Range } from './data-node.ts'
import type { DataText } from './data-text.ts'

/** A value of a row: a text as it is written, or a list of texts. */
export type DataValue = string | readonly string[]

/** One row of a data file: a line, an entry of a list or a map, or a Markdown file. */
export type DataRow = {
  file: DataText
  range: Range
  /** Values by column, without those that are empty. */
  values: Readonly<Record<string, DataValue>>
  rangeByColumn: ReadonlyMap<string, Range>
  /** The name that the row has without a column: the key of its entry, or the name of its file. */
  ownName: string | undefined
}

/** The rows of the files that a `from` leads to. */
export type DataTable = {
  rows: readonly DataRow[]
  /** Every column that a row has, or that a header names. */
  columns: ReadonlySet<string>
}

/** A mistake in a data file, with its place. */
export type PlacedMistake = Omit<DataMistake, 'range'> & { place: Place }

/** The table of each `from`, by its path or glob relative to the root. */
export type DataTables = ReadonlyMap<string, DataTable & TableProblems>

/** What is wrong with the files of a table. */
export type TableProblems = {
  /** Mistakes in the files. */
  mistakes: readonly PlacedMistake[]
  /** Why `from` does not lead to files that can be read. */
  problems: readonly { message: string; hint: string }[]
  files: readonly DataText[]
}

/** Rows that a `from` can lead to. */
export const MAX_ROWS = 10_000
/** Columns of a table. */
export const MAX_COLUMNS = 500

/** Returns the place of a row, or of its cell in a column. */
export function placeOfRow({ file, range, rangeByColumn }: DataRow, column?: string): Place {
  const own = column === undefined ? undefined : rangeByColumn.get(column)
  return file.placeAt(...(own ?? [range[0], range[0] + 1]))
}

/** Returns the value of a row in a column; `undefined` if the cell is empty. */
export function valueInColumn({ values }: DataRow, column: string): DataValue | undefined {
  return Object.hasOwn(values, column) ? values[column] : undefined
}

import { DataSyntaxError, type Range } from './data-node.ts'
import type { DataRow, DataValue } from './data-table.ts'
import type { DataText } from './data-text.ts'
import { type CsvCell, parseCsv } from './parse-csv.ts'
import { requireColumn } from './require-column.ts'

/** Reads the rows of a CSV file. @throws DataSyntaxError */
export function rowsOfCsv(
  file: DataText,
  delimiter?: string,
): { rows: DataRow[]; columns: string[] } {
  const [header, ...lines] = parseCsv(file.text, delimiter)
  const columns = readHeader(header ?? [], file)
  const rows = lines.map((line) => readRow(line, columns, file))
  return { rows, columns: columns.filter((column) => column !== '') }
}

/** Returns the column of each cell of a line; empty for one without a name. */
function readHeader(header: readonly CsvCell[], file: DataText): string[] {
  const rangeByColumn = new Map<string, Range>()
  return header.map(({ value, range }) => {
    const column = value.trim()
    if (column !== '') requireColumn(column, range, { file, rangeByColumn })
    return column
  })
}

function readRow(line: readonly CsvCell[], columns: readonly string[], file: DataText): DataRow {
  const values: [string, DataValue][] = []
  const rangeByColumn = new Map<string, Range>()
  for (const [index, { value, range }] of line.entries()) {
    const column = columns[index]
    if (column === undefined && value !== '') {
      throw new DataSyntaxError(
        range,
        `The line has ${line.length} cells, but the header has ${columns.length}.`,
        'Put quotes around cells that contain the delimiter, or name the column in the header.',
      )
    }
    if (column === undefined || column === '') continue
    rangeByColumn.set(column, range)
    if (value.trim() !== '') values.push([column, value])
  }
  const range: Range = [line[0]!.range[0], line.at(-1)!.range[1]]
  return { file, range, values: Object.fromEntries(values), rangeByColumn, ownName: undefined }
}

import { formatPlace } from '../../diagnostic.ts'
import { DataSyntaxError, type Range } from './data-node.ts'
import { MAX_COLUMNS } from './data-table.ts'
import type { DataText } from './data-text.ts'

/**
 * Adds a column to those of a row or a header.
 *
 * @throws DataSyntaxError if it is there already, can't be one, or is one too many
 */
export function requireColumn(
  column: string,
  range: Range,
  { file, rangeByColumn }: { file: DataText; rangeByColumn: Map<string, Range> },
): void {
  const first = rangeByColumn.get(column)
  if (first !== undefined) {
    throw new DataSyntaxError(
      range,
      `The column "${column}" appears twice.`,
      `Rename one of them; the other is at ${formatPlace(file.placeAt(...first))}.`,
    )
  }
  if (column === '__proto__') {
    throw new DataSyntaxError(
      range,
      '"__proto__" is a reserved name.',
      'Choose another name: JavaScript reserves this one.',
    )
  }
  if (rangeByColumn.size >= MAX_COLUMNS) {
    throw new DataSyntaxError(
      range,
      `A row has more than ${MAX_COLUMNS} columns.`,
      'Check that this is the right file.',
    )
  }
  rangeByColumn.set(column, range)
}

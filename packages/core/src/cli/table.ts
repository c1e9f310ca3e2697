import { displayWidth, pad, widest } from '../project/plan-text.ts'
import type { Output } from './output.ts'

/**
 * Prints a table, the first row as its head. If the terminal is narrower, prints each row as a list
 * instead.
 */
export function printTable(
  [head = [], ...rows]: readonly (readonly string[])[],
  { line, paint, columns = Infinity }: Pick<Output, 'line' | 'paint' | 'columns'>,
): void {
  const [first = '', ...lines] = formatTable([head, ...rows])
  if (widest([first, ...lines]) <= columns) {
    line(paint('bold', first))
    for (const each of lines) line(each)
    return
  }
  const labels = head.slice(1)
  const width = widest(labels)
  for (const [name = '', ...cells] of rows) {
    line(paint('bold', name))
    for (const [index, cell] of cells.entries()) line(`  ${pad(labels[index]!, width)}  ${cell}`)
  }
}

/** Formats rows of cells as lines: the first column is left-aligned, the others right-aligned. */
function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = columnWidths(rows)
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? pad(cell, widths[0]!) : padStart(cell, widths[column]!),
      )
      .join('   ')
      .trimEnd(),
  )
}

/** Returns the width of each column in terminal cells. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column]!))),
  )
}

function padStart(text: string, width: number): string {
  return ' '.repeat(width - displayWidth(text)) + text
}

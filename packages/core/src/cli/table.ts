import { displayWidth, pad } from '../project/plan-text.ts'

/** Formats rows of cells as lines: the first column is left-aligned, the others right-aligned. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
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

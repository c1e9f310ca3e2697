import { displayWidth, pad } from '../plan/format-plan.ts'

/**
 * Rows of cells as lines with aligned columns: the first column to the left, the others to the
 * right.
 */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column]!))),
  )
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0
          ? pad(cell, widths[0]!)
          : `${' '.repeat(widths[column]! - displayWidth(cell))}${cell}`,
      )
      .join('   ')
      .trimEnd(),
  )
}

import { holds, type Row } from './measure.ts'

/** Formats rows as a Markdown table. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const { what, limn, peer, other, unit, ratio } = row
    return [
      what,
      formatValue(limn, unit),
      peer,
      formatValue(other, unit),
      ratio.toFixed(2),
      formatTarget(row),
    ]
  })
  const table = [['measurement', 'Limn', 'baseline', '', 'ratio', 'target'], ...cells]
  const widths = table[0]!.map((_, column) =>
    Math.max(3, ...table.map((line) => line[column]!.length)),
  )
  const lines = table.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  )
  const separator = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return `${[lines[0], separator, ...lines.slice(1)].join('\n')}\n`
}

function formatValue(value: number, unit: Row['unit']): string {
  return `${value >= 100 ? Math.round(value) : value.toPrecision(2)} ${unit}`
}

function formatTarget(row: Row): string {
  const { bar } = row
  if (bar === null) return ''
  const target = 'atMost' in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`
  return holds(row) === true ? target : `${target} missed`
}

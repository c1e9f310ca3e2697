import { holds, type Row, type Spread } from './measure.ts'

/** Formats rows as a Markdown table. Values are medians, with the middle half of the values. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const { what, limn, peer, other, unit, ratio, spread } = row
    return [
      what,
      formatValue(limn, unit, spread.limn),
      peer,
      formatValue(other, unit, spread.other),
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

/** Formats a median, with the middle half of the values: `236 ms (221–250)`. */
function formatValue(value: number, unit: Row['unit'], spread: Spread | null): string {
  const range = spread === null ? '' : ` (${spread.map(formatNumber).join('–')})`
  return `${formatNumber(value)} ${unit}${range}`
}

function formatNumber(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(2)
}

function formatTarget(row: Row): string {
  const { bar } = row
  if (bar === null) return ''
  const target = 'atMost' in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`
  return holds(row) === true ? target : `${target} missed`
}

import { holds, type Row } from './measure.ts'

/** The rows as a table in Markdown. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((figures) => {
    const { what, limn, peer, other, unit, ratio } = figures
    return [what, figure(limn, unit), peer, figure(other, unit), ratio.toFixed(2), barOf(figures)]
  })
  const table = [['measured', 'Limn', 'beside', '', 'ratio', 'bar'], ...cells]
  const widths = table[0]!.map((_, column) =>
    Math.max(3, ...table.map((line) => line[column]!.length)),
  )
  const lines = table.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  )
  return `${[lines[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)].join('\n')}\n`
}

function figure(value: number, unit: Row['unit']): string {
  return `${value >= 100 ? Math.round(value) : value.toPrecision(2)} ${unit}`
}

function barOf(figures: Row): string {
  const { bar } = figures
  if (bar === null) return ''
  return `${'atMost' in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`}${holds(figures) === true ? '' : ' missed'}`
}

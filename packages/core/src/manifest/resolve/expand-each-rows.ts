import type { DataTables } from '../data/data-table.ts'
import type { DataSourceFile, OutputFile, OutputRuleFile } from '../manifest-file.ts'
import type { EachFile } from '../scalar.ts'
import { dataPattern } from './data-pattern.ts'
import { nameRow } from './name-row.ts'

/**
 * Returns one output for each row of an entry's data, named after the row: `og-hello-world`. Leaves
 * out rows without a name and all but one of those with the same, which a check reports.
 */
function expandEachRows(
  { each, ...rule }: RowsOutput,
  scope: { folder: string },
  data: DataTables,
): RowOutput[] {
  const table = data.get(dataPattern(scope, each.from))
  if (table === undefined) return []
  const base = nameOfOutput(rule)
  const known = new Set<string>()
  return table.rows.flatMap((row) => {
    const { name } = nameRow(row, table, each.name)
    if (name === undefined || known.size === known.add(name.toLowerCase()).size) return []
    const own = `${base}-${name.replaceAll('/', '-')}`
    const columns = Object.entries(row.values).map(([column, value]) => [
      column,
      typeof value === 'string' ? value : value.join(', '),
    ])
    return [{ ...rule, name: own, row: Object.fromEntries(columns) }]
  })
}

/** Number of entries that a list of outputs can have with its rows; a rule reports more. */
export const MAX_OUTPUTS = 10_000

/**
 * Returns entries of `outputs` in which each row of a data file has an entry of its own; none for
 * rows of too many entries.
 */
export function expandOutputs(
  entries: readonly OutputFile[],
  scope: { folder: string },
  data: DataTables,
): OutputFile[] {
  const isTooLong = countRows(entries, scope, data) > MAX_OUTPUTS
  return entries.flatMap((entry): OutputFile[] => {
    if (!hasRows(entry)) return [entry]
    return isTooLong ? [] : expandEachRows(entry, scope, data)
  })
}

/** Returns the number of rows that the entries of a list stand for. */
export function countRows(
  entries: readonly OutputFile[],
  scope: { folder: string },
  data: DataTables,
): number {
  const counts = entries.map((entry) =>
    hasRows(entry) ? (data.get(dataPattern(scope, entry.each.from))?.rows.length ?? 0) : 0,
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** An entry of `outputs` that stands for one output of each row of its data. */
type RowsOutput = OutputRuleFile & { each: DataSourceFile }

/** An output of one row, with the columns of that row. */
export type RowOutput = OutputRuleFile & { row: Readonly<Record<string, string>> }

/** Returns whether an entry of `outputs` stands for one output of each row. */
export function hasRows(entry: OutputFile): entry is RowsOutput {
  return typeof entry !== 'string' && isOfRows(entry.each)
}

/** Whether `each` leads to the rows of a data file; otherwise it has lists of values. */
export function isOfRows(each: EachFile | DataSourceFile | undefined): each is DataSourceFile {
  return typeof each?.from === 'string'
}

/** Returns the columns of the row that an entry is for; none if it is for no row. */
export function columnsOf(entry: OutputFile): Readonly<Record<string, string>> {
  return typeof entry === 'object' && 'row' in entry ? (entry as RowOutput).row : {}
}

function nameOfOutput({ name, preset, width, widths, height }: OutputRuleFile): string {
  const widest = widths === undefined ? width : Math.max(...widths)
  return name ?? preset ?? `${widest ?? ''}x${height ?? ''}`
}

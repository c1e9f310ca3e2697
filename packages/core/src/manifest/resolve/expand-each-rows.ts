import type { DataTables } from '../data/data-table.ts'
import type { OutputFile, OutputRuleFile } from '../manifest-file.ts'
import { dataPattern } from './data-pattern.ts'
import { nameRow } from './name-row.ts'

/**
 * Returns one output for each row of an entry's data, named after the row: `og-hello-world`. Leaves
 * out rows without a name and all but one of those with the same, which a check reports.
 */
function expandEachRows(
  { each, ...rule }: OutputRuleFile,
  scope: { folder: string },
  data: DataTables,
): OutputRuleFile[] {
  const table = each === undefined ? undefined : data.get(dataPattern(scope, each.from))
  if (each === undefined || table === undefined) return []
  const base = nameOfOutput(rule)
  const known = new Set<string>()
  return table.rows.flatMap((row) => {
    const { name } = nameRow(row, table, each.name)
    if (name === undefined || known.size === known.add(name.toLowerCase()).size) return []
    const own = `${base}-${name.replaceAll('/', '-')}`
    return [{ ...rule, name: own }]
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
    if (!hasEach(entry)) return [entry]
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
    hasEach(entry) ? (data.get(dataPattern(scope, entry.each!.from))?.rows.length ?? 0) : 0,
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Returns whether an entry of `outputs` stands for one output of each row. */
export function hasEach(entry: OutputFile): entry is OutputRuleFile {
  return typeof entry !== 'string' && entry.each !== undefined
}

function nameOfOutput({ name, preset, width, widths, height }: OutputRuleFile): string {
  const widest = widths === undefined ? width : Math.max(...widths)
  return name ?? preset ?? `${widest ?? ''}x${height ?? ''}`
}

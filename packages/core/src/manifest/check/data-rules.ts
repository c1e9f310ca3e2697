import type { Place } from '../../diagnostic.ts'
import { didYouMean } from '../../did-you-mean.ts'
import {
  type DataRow,
  type DataTable,
  placeOfRow,
  type TableProblems,
  valueInColumn,
} from '../data/data-table.ts'
import type { Combination, OutputFile } from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import { countRows, MAX_OUTPUTS } from '../resolve/expand-each-rows.ts'
import { nameRow, type RowName } from '../resolve/name-row.ts'
import { type DataUse, dataUsesOf } from './data-uses.ts'
import { formatCount } from './format-count.ts'
import type { Checked, Report } from './rule.ts'

/*
 * Rows of data: their files, and their names.
 */

/** Finds data files that are missing, and mistakes in them. */
export function checkDataFiles(checked: Checked, report: Report): void {
  for (const { path, table } of dataUsesOf(checked)) {
    for (const problem of table.problems) report({ code: 'data', path, ...problem })
    for (const mistake of table.mistakes) report({ code: 'data', path, ...mistake })
  }
}

/** Finds rows without a name, and two rows with the same. */
export function checkRowNames(checked: Checked, report: Report): void {
  for (const use of dataUsesOf(checked)) {
    const missing = explainMissingColumn(use)
    if (missing === undefined) checkNames(use, report)
    else report({ code: 'data', ...missing })
  }
}

/** Explains a column for names that no row has; `undefined` if there is one. */
function explainMissingColumn({
  path,
  source,
  table,
}: DataUse): { path: Path; message: string; hint: string } | undefined {
  const { rows, columns } = table
  if (rows.length === 0) return undefined
  const list = `Its columns are ${[...columns].slice(0, 20).join(', ')}.`
  if (source.name !== undefined) {
    if (columns.has(source.name)) return undefined
    return {
      path: [...path.slice(0, -1), 'name'],
      message: `There is no column "${source.name}".`,
      hint: didYouMean(source.name, columns) ?? list,
    }
  }
  const hasNames = rows.every((row) => nameRow(row, table, undefined).column !== undefined)
  if (hasNames || rows.some(({ ownName }) => ownName !== undefined)) return undefined
  return {
    path,
    message: 'No column names the rows.',
    hint: `Write \`name:\` with the column whose values stay the same, next to \`from\`. ${list}`,
  }
}

function checkNames({ path, source, table, isExcluded }: DataUse, report: Report): void {
  const firstByFolded = new Map<string, { row: DataRow; named: RowName & { name: string } }>()
  for (const row of table.rows) {
    if (isExcluded(row)) continue
    const named = nameRow(row, table, source.name)
    if (named.name === undefined) {
      report({ code: 'data', path, ...explainNoName(row, named) })
      continue
    }
    const folded = named.name.toLowerCase()
    const first = firstByFolded.get(folded)
    if (first === undefined) {
      firstByFolded.set(folded, { row, named })
      continue
    }
    report({
      code: 'duplicate-name',
      path,
      place: placeOfRow(row, named.column),
      message:
        first.named.name === named.name
          ? `Two rows have the name "${named.name}".`
          : `The names "${named.name}" and "${first.named.name}" differ only in case: on many disks they are the same file.`,
      hint: 'Rename one of them.',
      otherPlace: placeOfRow(first.row, first.named.column),
    })
  }
}

function explainNoName(
  row: DataRow,
  { column, value }: Extract<RowName, { name: undefined }>,
): { message: string; hint: string; place: Place } {
  const place = placeOfRow(row, column)
  if (value === undefined) {
    return {
      message: `The row has no ${column === undefined ? 'name' : `\`${column}\`, which names it`}.`,
      hint: 'Write a name that no other row has.',
      place,
    }
  }
  return {
    message: `"${value}" is not a name: a part of it has no letter and no digit.`,
    hint: 'Use letters and digits of any script, - and _, in parts joined by /.',
    place,
  }
}

/** Finds entries of `include` that no row matches, and `name` without data. */
export function checkDataMatrices(checked: Checked, report: Report): void {
  for (const [key, { matrix }] of Object.entries(checked.file.assets)) {
    if (typeof matrix?.name !== 'string' || typeof matrix.from === 'string') continue
    report({
      code: 'data',
      path: ['assets', key, 'matrix', 'name'],
      message: '`name` names the column of a data file, but the matrix has no `from`.',
      hint: 'Add `from:` with a data file, or write a list of values.',
    })
  }
  for (const { key, table, include, dimensions } of dataUsesOf(checked)) {
    for (const [index, addition] of include.entries()) {
      if (table.rows.some((row) => fits(row, addition, { table, dimensions }))) continue
      report({
        code: 'data',
        path: ['assets', key, 'matrix', 'include', index],
        message: 'No row of the data matches this entry of `include`.',
        hint: 'Correct its values, or add a row to the data.',
      })
    }
  }
}

function fits(
  row: DataRow,
  addition: Combination,
  { table, dimensions }: { table: DataTable & TableProblems; dimensions: readonly string[] },
): boolean {
  return Object.entries(addition).every(([column, value]) => {
    if (dimensions.includes(column) || !table.columns.has(column)) return true
    const own = valueInColumn(row, column) ?? ''
    return typeof own === 'string' ? own === String(value) : own.includes(String(value))
  })
}

/** Finds lists of outputs that stand for too many files. */
export function checkDataOutputs({ file, data, scopes, scopeOf }: Checked, report: Report): void {
  const check = (outputs: readonly OutputFile[] = [], path: Path, folder: string): void => {
    const count = countRows(outputs, { folder }, data)
    if (count <= MAX_OUTPUTS) return
    report({
      code: 'data',
      path,
      part: 'key',
      message: `\`each\` of these outputs stands for ${formatCount(count)} rows; the limit is ${formatCount(MAX_OUTPUTS)}.`,
      hint: 'Divide them among several assets.',
    })
  }
  for (const { own, path, folder } of scopes) {
    check(own.outputs, [...path, 'defaults', 'outputs'], folder)
  }
  for (const [key, { outputs }] of Object.entries(file.assets)) {
    check(outputs, ['assets', key, 'outputs'], scopeOf(key).folder)
  }
}

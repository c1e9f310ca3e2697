import {
  type DataRow,
  type DataTable,
  type DataTables,
  type DataValue,
  valueInColumn,
} from '../data/data-table.ts'
import type {
  AssetFile,
  Combination,
  DefaultsFile,
  Exclusion,
  ManifestFile,
  OutputFile,
} from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import { dataPattern } from './data-pattern.ts'
import { expandOutputs, hasRows } from './expand-each-rows.ts'
import type { Vars } from './fill-template.ts'
import { nameRow } from './name-row.ts'
import { slug } from './slug.ts'
import { type MatrixParts, splitMatrix } from './split-matrix.ts'
import { withRow } from './with-row.ts'

/** One picture of an entry of `assets`: the entry itself, or one combination of its matrix. */
export type ExpandedAsset = {
  name: string
  /** The entry's own name in the manifest. */
  key: string
  asset: AssetFile
  vars: Vars
  /** The name that several shapes share; absent for an asset with one shape. */
  family?: string
  /** The row of data that it is made from, if there is one. */
  row?: DataRow
}

/** What applies to the assets of one file of a manifest, unless they override it. Plain data. */
export type Scope = {
  /** Start of a path into the file: empty for the root, otherwise the number of the included file. */
  path: Path
  /** Folder of the file, relative to the root with `/`; empty for the root itself. */
  folder: string
  /** The file's own defaults, as they are written. */
  own: DefaultsFile
  /** The root's defaults, overridden by the file's own. */
  defaults: DefaultsFile
  /** The root's variables, overridden by the file's own. */
  vars: Vars
}

/** Returns what applies to the assets of the root manifest. */
export function rootScope({ defaults = {}, vars = {} }: ManifestFile): Scope {
  return { path: [], folder: '', own: defaults, defaults, vars }
}

/**
 * Returns every picture of a manifest. A name depends only on the picture's own values, so that a
 * new value changes no other picture.
 *
 * @param data the rows of each data file
 */
export function expandAssets(
  file: ManifestFile,
  scopeOf: (key: string) => Scope,
  data: DataTables,
): ExpandedAsset[] {
  const outputsOf = createOutputExpander(data)
  return Object.entries(file.assets).flatMap(([key, written]) => {
    const scope = scopeOf(key)
    const outputs = outputsOf(written.outputs ?? scope.defaults.outputs, scope)
    const asset = outputs === undefined ? written : { ...written, outputs }
    const shared = { ...scope.vars, ...asset.vars }
    if (asset.matrix === undefined) {
      return [{ name: key, key, asset, vars: { ...shared, name: key } }]
    }
    const parts = splitMatrix(asset.matrix)
    const { source } = parts
    if (source !== undefined) {
      const table = data.get(dataPattern(scope, source.from))
      return table === undefined ? [] : expandRows({ key, asset, shared, parts, table })
    }
    return combinationsOf(parts).map(({ named, extra }) => {
      const name = [key, ...Object.values(named).map(slug)].join('/')
      return { name, key, asset, vars: { ...shared, ...named, ...extra, name } }
    })
  })
}

/** Creates a function that expands a list of outputs; `undefined` if no entry of it has `each`. */
function createOutputExpander(
  data: DataTables,
): (entries: readonly OutputFile[] | undefined, scope: Scope) => OutputFile[] | undefined {
  const known = new Map<readonly OutputFile[], OutputFile[] | undefined>()
  return (entries, scope) => {
    if (entries === undefined) return undefined
    if (!known.has(entries)) {
      known.set(entries, entries.some(hasRows) ? expandOutputs(entries, scope, data) : undefined)
    }
    return known.get(entries)
  }
}

type RowsOptions = {
  key: string
  asset: AssetFile
  shared: Vars
  parts: MatrixParts
  table: DataTable
}

/** Returns one picture for each row, and for each combination with the lists of the matrix. */
function expandRows({ key, asset, shared, parts, table }: RowsOptions): ExpandedAsset[] {
  return combinationsOf(parts, table).flatMap(({ row, named, extra }): ExpandedAsset[] => {
    const { name: own } = nameRow(row!, table, parts.source?.name)
    // A check reports rows without a name.
    if (own === undefined) return []
    const name = [key, own, ...Object.values(named).map(slug)].join('/')
    const vars = { ...shared, name, ...row!.values, ...named, ...extra }
    return [{ name, key, asset: withRow(asset, row!), vars, row: row! }]
  })
}

/** A combination of values by dimension, what `include` adds to it, and its row of data. */
type Combined = { named: Combination; extra: Combination; row?: DataRow }

/**
 * Returns all combinations except the excluded ones, then applies `include` as CI files do: to
 * every combination that it does not contradict, otherwise as a combination of its own. Rows of
 * data are the first dimension; only rows of the data are combined.
 */
function combinationsOf(parts: MatrixParts, table?: DataTable): Combined[] {
  const { include, exclude, dimensions } = parts
  const lists = Object.entries(dimensions)
  if (countCombinations(parts, table) > MAX_COMBINATIONS) return []
  let all: Combined[] = lists.length === 0 ? [] : [{ named: {}, extra: {} }]
  if (table !== undefined) all = table.rows.map((row) => ({ named: {}, extra: {}, row }))
  for (const [key, values] of lists) {
    all = all.flatMap((combined) =>
      values.map((value) => ({
        ...combined,
        named: { ...combined.named, [key]: value },
        extra: {},
      })),
    )
  }
  const kept = all.filter((combined) => !exclude.some((out) => matches(combined, out)))
  const original = [...kept]
  const isKnown = (key: string): boolean =>
    Object.hasOwn(dimensions, key) || table?.columns.has(key) === true
  for (const addition of include) {
    const known = Object.fromEntries(Object.entries(addition).filter(([key]) => isKnown(key)))
    const fitting = original.filter((combined) => matches(combined, known))
    if (fitting.length > 0 && (table !== undefined || hasKeys(known) || lists.length > 0)) {
      for (const { extra } of fitting) Object.assign(extra, addition)
    } else if (table === undefined) kept.push({ named: addition, extra: {} })
  }
  return kept
}

/** Number of combinations that a matrix can have; a rule reports more. */
export const MAX_COMBINATIONS = 10_000

/** Returns the number of combinations of a matrix, before `exclude` and `include`. */
export function countCombinations({ dimensions }: MatrixParts, table?: DataTable): number {
  return Object.values(dimensions).reduce(
    (product, values) => product * values.length,
    table?.rows.length ?? 1,
  )
}

function hasKeys(combination: Combination): boolean {
  return Object.keys(combination).length > 0
}

function matches({ named, row }: Combined, wanted: Exclusion): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const own = Object.hasOwn(named, key) ? named[key] : valueOfRow(row, key)
    return Array.isArray(own) ? own.includes(String(value)) : String(own) === String(value)
  })
}

/** Returns whether one of the combinations to leave out matches a row, without any list. */
export function isRowExcluded(row: DataRow, exclude: readonly Exclusion[]): boolean {
  return exclude.some((out) => matches({ named: {}, extra: {}, row }, out))
}

/** Returns the value of a row in a column; nothing for an empty cell. */
function valueOfRow(row: DataRow | undefined, column: string): DataValue | undefined {
  return row === undefined ? undefined : (valueInColumn(row, column) ?? '')
}

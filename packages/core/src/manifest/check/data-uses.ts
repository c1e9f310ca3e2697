import type { DataRow, DataTable, TableProblems } from '../data/data-table.ts'
import type { Combination, DataSourceFile, OutputFile } from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import { dataPattern } from '../resolve/data-pattern.ts'
import { hasRows } from '../resolve/expand-each-rows.ts'
import { isRowExcluded } from '../resolve/expand-matrix.ts'
import { splitMatrix } from '../resolve/split-matrix.ts'
import type { Checked } from './rule.ts'

/** Where a manifest uses data: a matrix, or an entry of `outputs`. */
export type DataUse = {
  /** The entry of `assets`; empty for `defaults`. */
  key: string
  /** Where its `from` is written. */
  path: Path
  source: DataSourceFile
  table: DataTable & TableProblems
  include: readonly Combination[]
  /** The lists of the matrix. */
  dimensions: readonly string[]
  /** Returns whether the matrix leaves a row out, whatever its lists say. */
  isExcluded: (row: DataRow) => boolean
}

/** Returns every place where a manifest uses data. */
export function dataUsesOf({ file, data, scopes, scopeOf }: Checked): DataUse[] {
  if (data.size === 0) return []
  const uses: DataUse[] = []
  const add = (use: Omit<DataUse, 'table'>, folder: string): void => {
    const table = data.get(dataPattern({ folder }, use.source.from))
    if (table !== undefined) uses.push({ ...use, table })
  }
  const addOutputs = (outputs: readonly OutputFile[] = [], path: Path, folder: string): void => {
    for (const [index, output] of outputs.entries()) {
      if (!hasRows(output)) continue
      add({ ...plain, path: [...path, index, 'each', 'from'], source: output.each }, folder)
    }
  }
  for (const { own, path, folder } of scopes) {
    addOutputs(own.outputs, [...path, 'defaults', 'outputs'], folder)
  }
  for (const [key, { matrix, outputs }] of Object.entries(file.assets)) {
    const { folder } = scopeOf(key)
    const parts = matrix === undefined ? undefined : splitMatrix(matrix)
    if (parts?.source !== undefined) {
      const { source, include, exclude } = parts
      const dimensions = Object.keys(parts.dimensions)
      const isExcluded = (row: DataRow): boolean => isRowExcluded(row, exclude)
      const path = ['assets', key, 'matrix', 'from']
      add({ key, path, source, include, dimensions, isExcluded }, folder)
    }
    addOutputs(outputs, ['assets', key, 'outputs'], folder)
  }
  return uses
}

const plain: Pick<DataUse, 'key' | 'include' | 'dimensions' | 'isExcluded'> = {
  key: '',
  include: [],
  dimensions: [],
  isExcluded: () => false,
}

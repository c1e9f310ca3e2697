import type { ManifestFile, OutputFile } from '../manifest-file.ts'
import { dataPattern } from './data-pattern.ts'
import { hasRows } from './expand-each-rows.ts'
import type { Scope } from './expand-matrix.ts'
import { splitMatrix } from './split-matrix.ts'

/** Returns every path and glob of data files that a manifest names, each once. */
export function findDataPatterns(
  file: ManifestFile,
  scopes: readonly Scope[],
  scopeOf: (key: string) => Scope,
): string[] {
  const patterns = new Set<string>()
  const addOutputs = (outputs: readonly OutputFile[] | undefined, scope: Scope): void => {
    for (const output of outputs ?? []) {
      if (!hasRows(output)) continue
      patterns.add(dataPattern(scope, output.each.from))
    }
  }
  for (const scope of scopes) addOutputs(scope.own.outputs, scope)
  for (const [key, { matrix, outputs }] of Object.entries(file.assets)) {
    const scope = scopeOf(key)
    const from = matrix === undefined ? undefined : splitMatrix(matrix).source?.from
    if (from !== undefined) patterns.add(dataPattern(scope, from))
    addOutputs(outputs, scope)
  }
  return [...patterns]
}

import type { Combination, DataSourceFile, Exclusion, MatrixFile } from '../manifest-file.ts'
import type { Scalar } from '../scalar.ts'

/** A matrix in parts. */
export type MatrixParts = {
  /** The data file whose rows are the first dimension, if there is one. */
  source: DataSourceFile | undefined
  dimensions: Record<string, Scalar[]>
  include: Combination[]
  exclude: Exclusion[]
}

/** Splits a matrix into its data, its lists, and the combinations to add or to leave out. */
export function splitMatrix({ include = [], exclude = [], ...rest }: MatrixFile): MatrixParts {
  const { from, name } = rest
  const isSource = typeof from === 'string'
  const dimensions = Object.fromEntries(
    Object.entries(rest).filter(([, values]) => Array.isArray(values)),
  ) as Record<string, Scalar[]>
  const column = typeof name === 'string' ? name : undefined
  return { source: isSource ? { from, name: column } : undefined, dimensions, include, exclude }
}

import type { EachFile, Scalar } from '../scalar.ts'
import { slug } from './slug.ts'

/** One combination of the values of `each`, and what its files add to the name of their output. */
export type EachValue = { suffix: string; values: Readonly<Record<string, Scalar>> }

/** Number of combinations that `each` can have; the schema limits the values of each list. */
export const MAX_EACH = 1000

/** Returns every combination of the values of `each`; one without values if there is none. */
export function expandEach(each: EachFile | undefined): EachValue[] {
  let all: EachValue[] = [{ suffix: '', values: {} }]
  for (const [name, list] of Object.entries(each ?? {})) {
    if (all.length * list.length > MAX_EACH) return []
    all = all.flatMap(({ suffix, values }) =>
      list.map((value) => ({
        suffix: `${suffix}-${slug(value)}`,
        values: { ...values, [name]: value },
      })),
    )
  }
  return all
}

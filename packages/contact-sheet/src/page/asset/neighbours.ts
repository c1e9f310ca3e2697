/** The names before and after one in a list, and its place; all `null` if it is not in it. */
export type Neighbours = {
  previous: string | null
  next: string | null
  /** From 1. */
  index: number | null
  total: number
}

/** Returns the neighbours of a name. */
export function neighboursOf(name: string, names: readonly string[]): Neighbours {
  const index = names.indexOf(name)
  if (index === -1) return { previous: null, next: null, index: null, total: names.length }
  return {
    previous: names[index - 1] ?? null,
    next: names[index + 1] ?? null,
    index: index + 1,
    total: names.length,
  }
}

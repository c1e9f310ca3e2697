/** Pseudo-random numbers, reproducible by their seed. */
export type Random = {
  /** Returns an integer from `min` to `max`, both inclusive. */
  integer(min: number, max: number): number
  pick<T>(choices: readonly T[]): T
}

/** Creates a Mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return { integer, pick: (choices) => choices[integer(0, choices.length - 1)]! }
}

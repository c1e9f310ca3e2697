/** A stream of repeatable random numbers. */
export interface Random {
  /** Next number, 0 inclusive to 1 exclusive. */
  next(): number
  /** Number from `low` inclusive to `high` exclusive. */
  range(low: number, high: number): number
  /** Integer from `low` to `high`, both inclusive. */
  int(low: number, high: number): number
  /** True with probability `share` (0..1). */
  chance(share: number): boolean
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T
  /** A stream of its own, so that drawing more from one doesn't move another. */
  fork(name: string): Random
}

/** Returns a 32-bit hash of a text, by UTF-16 code units (FNV-1a with a final mix). */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    hash = Math.imul(hash ^ (code & 255), 0x01000193)
    hash = Math.imul(hash ^ (code >>> 8), 0x01000193)
  }
  return mixBits(hash)
}

/** Scrambles 32 bits so that similar inputs give unrelated outputs; the result is unsigned. */
export function mixBits(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Creates a stream seeded by a text (splitmix32). The same seed gives the same numbers everywhere. */
export function createRandom(seed: string): Random {
  let state = hashText(seed)
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let t = state ^ (state >>> 16)
    t = Math.imul(t, 0x21f0aaad)
    t ^= t >>> 15
    t = Math.imul(t, 0x735a2d97)
    return ((t ^ (t >>> 15)) >>> 0) / 4294967296
  }
  return {
    next,
    range: (low, high) => low + (high - low) * next(),
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    fork: (name) => createRandom(`${seed}/${name}`),
  }
}

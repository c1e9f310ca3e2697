/** The largest number of positions that a search compares. */
const MAX_BINS = 480
/** How much an uneven grid costs, compared with a cut through the objects along a whole line. */
const UNEVENNESS = 0.12
/** How much a part without objects costs, in the same unit. */
const EMPTY_PART = 0.5

/**
 * Finds the lines between the parts of a row or column of objects: where the fewest pixels of
 * objects are, and as even as possible.
 *
 * @param profile number of pixels of objects along each line
 * @param parts number of parts
 * @param expected the lines of the rows or columns beside it, if they are known
 * @returns `parts` - 1 positions in ascending order
 */
export function findGutters(
  profile: ArrayLike<number>,
  parts: number,
  expected?: readonly number[],
): number[] {
  if (parts < 2) return []
  const scale = Math.max(1, Math.ceil(profile.length / MAX_BINS))
  const bins = shrink(profile, scale)
  const first = bins.findIndex((value) => value > 0)
  if (first < 0) return expected?.slice() ?? evenly(profile.length, parts)
  // Where the lines beside it are known, a picture may be missing at the start or the end.
  const from = expected === undefined ? first : 0
  const to = expected === undefined ? bins.findLastIndex((value) => value > 0) + 1 : bins.length
  const pitch = (to - from) / parts
  const most = Math.max(...bins)
  const inkAt = bins.map((value) => Math.sqrt(value / most))
  const wanted = expected?.map((position) => position / scale)
  const unevenness = (index: number, gap: number, at: number): number => {
    const off = (wanted === undefined ? gap - pitch : at - wanted[index]!) / pitch
    return (wanted === undefined ? 1 : 3) * UNEVENNESS * (off ** 2 + 8 * off ** 4)
  }
  const found = cheapestLines({ inkAt, from, to, parts, unevenness })
  // A cut through objects: a whole row or column may be missing at the start or the end.
  const isCut = expected === undefined && found.some((bin) => inkAt[bin]! > 0)
  const lines = (isCut ? clearLines(inkAt, parts) : undefined) ?? found
  return lines.map((bin) => Math.round((bin + 0.5) * scale))
}

/** How far a line may be from its place in an even grid, as a share of a part. */
const MAX_SHIFT = 0.2

/** Finds lines without objects near those of an even grid; `undefined` if one has none. */
function clearLines(inkAt: readonly number[], parts: number): number[] | undefined {
  const pitch = inkAt.length / parts
  const lines = evenly(inkAt.length, parts).map((even) => {
    const near = [...inkAt.keys()].filter((bin) => Math.abs(bin - even) <= pitch * MAX_SHIFT)
    return near
      .filter((bin) => inkAt[bin] === 0)
      .toSorted((a, b) => Math.abs(a - even) - Math.abs(b - even))[0]
  })
  return lines.includes(undefined) ? undefined : (lines as number[])
}

type Search = {
  inkAt: readonly number[]
  from: number
  to: number
  parts: number
  /** The cost of a line, by its index, its distance from the line before it, and its position. */
  unevenness: (index: number, gap: number, at: number) => number
}

/** Finds the lines with the smallest sum of costs. */
function cheapestLines({ inkAt, from, to, parts, unevenness }: Search): number[] {
  const length = inkAt.length
  const inkBefore = [0]
  for (const ink of inkAt) inkBefore.push(inkBefore.at(-1)! + ink)
  const partCost = (start: number, end: number): number =>
    inkBefore[end]! > inkBefore[start]! ? 0 : EMPTY_PART
  // For each line, the smallest cost up to it at each position, and the position of the line before.
  let costs = new Float64Array(length).fill(Infinity)
  costs[from] = 0
  const backs: Int32Array[] = []
  for (let line = 0; line < parts - 1; line++) {
    const next = new Float64Array(length).fill(Infinity)
    const back = new Int32Array(length)
    for (let at = from + 1; at < to; at++) {
      for (let before = from; before < at; before++) {
        if (costs[before] === Infinity) continue
        const cost =
          costs[before]! + inkAt[at]! + unevenness(line, at - before, at) + partCost(before, at)
        if (cost < next[at]!) [next[at], back[at]] = [cost, before]
      }
    }
    costs = next
    backs.push(back)
  }
  let best = from
  let least = Infinity
  for (let at = from; at < to; at++) {
    const cost = costs[at]! + unevenness(parts - 2, to - at, at) + partCost(at, to)
    if (cost < least) [least, best] = [cost, at]
  }
  const lines: number[] = []
  for (const back of backs.toReversed()) {
    lines.unshift(best)
    best = back[best]!
  }
  return lines
}

function shrink(profile: ArrayLike<number>, scale: number): number[] {
  return Array.from({ length: Math.ceil(profile.length / scale) }, (_, bin) => {
    let most = 0
    for (let at = bin * scale; at < Math.min(profile.length, (bin + 1) * scale); at++) {
      most = Math.max(most, profile[at]!)
    }
    return most
  })
}

function evenly(length: number, parts: number): number[] {
  return Array.from({ length: parts - 1 }, (_, index) => Math.round((length * (index + 1)) / parts))
}

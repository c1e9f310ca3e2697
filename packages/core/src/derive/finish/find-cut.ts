import type { Pixels } from '../../pictures/decode.ts'

/** A picture whose left and right edges overlap. */
type Overlap = {
  pixels: Pixels
  /** The same picture without its details. */
  shade: Uint8Array
  /** px */
  overlap: number
}

/**
 * Finds the column of the overlap at which each row changes from the right edge to the left one.
 * Neighbouring rows differ by at most one column; so do the first and the last row, which meet in
 * the tile above.
 */
export function findCut({ pixels, shade, overlap }: Overlap): Uint32Array {
  const cost = differences({ pixels, shade, overlap })
  const free = tracePath(cost, overlap, pixels.height)
  const start = free[pixels.height - 1]!
  return tracePath(cost, overlap, pixels.height, start)
}

/** Returns how much the details of both edges differ at each pixel of the overlap, squared. */
function differences({
  pixels: { data, width, height, channels },
  shade,
  overlap,
}: Overlap): Float64Array {
  const cost = new Float64Array(overlap * height)
  const shift = (width - overlap) * channels
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < overlap; x++) {
      const start = (y * width + x) * channels
      let sum = 0
      for (let at = start; at < start + channels; at++) {
        const left = data[at]! - shade[at]!
        const right = data[at + shift]! - shade[at + shift]!
        sum += (left - right) ** 2
      }
      cost[y * overlap + x] = sum
    }
  }
  return cost
}

/** Finds the cheapest path from the first row to the last one, by dynamic programming. */
function tracePath(cost: Float64Array, overlap: number, height: number, end?: number): Uint32Array {
  const total = Float64Array.from(cost)
  if (end !== undefined) {
    for (let x = 0; x < overlap; x++) if (Math.abs(x - end) > 1) total[x] = Infinity
  }
  for (let y = 1; y < height; y++) {
    const above = (y - 1) * overlap
    for (let x = 0; x < overlap; x++) {
      const least = Math.min(
        x > 0 ? total[above + x - 1]! : Infinity,
        total[above + x]!,
        x < overlap - 1 ? total[above + x + 1]! : Infinity,
      )
      total[y * overlap + x]! += least
    }
  }
  const path = new Uint32Array(height)
  path[height - 1] = end ?? cheapest(total, (height - 1) * overlap, [0, overlap - 1])
  for (let y = height - 2; y >= 0; y--) {
    const below = path[y + 1]!
    path[y] = cheapest(total, y * overlap, [
      Math.max(0, below - 1),
      Math.min(overlap - 1, below + 1),
    ])
  }
  return path
}

/** Returns the column with the lowest cost in a part of a row, its middle if all are equal. */
function cheapest(total: Float64Array, row: number, [from, to]: [number, number]): number {
  let best = Math.round((from + to) / 2)
  for (let x = from; x <= to; x++) if (total[row + x]! < total[row + best]!) best = x
  return best
}

import type { Rectangle } from './area.ts'

/** Means over the cells of a grid, row by row. */
export interface Cells {
  columns: number
  rows: number
  /** Means of red, green and blue: three values for each cell. */
  means: Float64Array
}

/**
 * Averages the pixels of a part of a face over the cells of a grid, whose sizes differ by a pixel
 * at most. A part that is smaller than the grid has a cell for each pixel.
 *
 * @param valueOf what is averaged for each value of a channel. Default: the value, 0 to 255
 */
export function averageCells(
  face: Uint8Array,
  width: number,
  { left, top, right, bottom }: Rectangle,
  grid: { columns: number; rows: number },
  valueOf: ArrayLike<number> = sameValue,
): Cells {
  const columns = Math.min(grid.columns, right - left)
  const rows = Math.min(grid.rows, bottom - top)
  const means = new Float64Array(columns * rows * 3)
  for (let row = 0; row < rows; row++) {
    const [from, to] = rangeOf(row, rows, bottom - top)
    for (let column = 0; column < columns; column++) {
      const [start, end] = rangeOf(column, columns, right - left)
      let [red, green, blue] = [0, 0, 0]
      for (let y = top + from; y < top + to; y++) {
        const last = (y * width + left + end) * 4
        for (let at = (y * width + left + start) * 4; at < last; at += 4) {
          red += valueOf[face[at]!]!
          green += valueOf[face[at + 1]!]!
          blue += valueOf[face[at + 2]!]!
        }
      }
      const count = (to - from) * (end - start)
      means.set([red / count, green / count, blue / count], (row * columns + column) * 3)
    }
  }
  return { columns, rows, means }
}

/** The channels of sRGB as they are. */
const sameValue = Uint8Array.from({ length: 256 }, (_, value) => value)

/** Returns the part of a length that one of several equal cells has: from, and up to. */
export function rangeOf(index: number, count: number, length: number): [from: number, to: number] {
  return [Math.floor((index * length) / count), Math.floor(((index + 1) * length) / count)]
}

/** Returns the value below which a share of the values is, 0 to 1; 0 if there are none. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

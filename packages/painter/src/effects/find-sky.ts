import type { RawPicture } from '../raster/png.ts'

/** Where a picture shows the sky, on coarse cells. */
export interface Sky {
  readonly columns: number
  readonly rows: number
  /** 1 where a cell is sky, else 0; row by row. */
  readonly cells: Uint8Array
  /** 1 where a cell is almost white, such as a cloud. */
  readonly bright: Uint8Array
  /** Whether a sun or moon is in it. */
  readonly sun: boolean
}

/** Cells along the short edge. */
const SHORT = 200
/** Largest difference of two neighbouring cells of the sky; sum of red, green and blue, 0..765. */
const STEP = 14
/** Least share of the cells; less is no sky. */
const LEAST = 0.06
/** Lowest part of a picture that may be sky. */
const LOWEST = 0.7

/**
 * Finds the sky of a picture that is going to have `width` by `height` px: what continues from the
 * top edge without an edge, in the colours of a sky. Null if there is none.
 */
export function findSky(base: RawPicture, width: number, height: number): Sky | null {
  const short = Math.min(width, height)
  const columns = Math.max(2, Math.round((width / short) * SHORT))
  const rows = Math.max(2, Math.round((height / short) * SHORT))
  const scale = Math.min(base.width / columns, base.height / rows)
  const left = (base.width - columns * scale) / 2
  const top = (base.height - rows * scale) / 2
  const at = (cell: number): number => {
    const x = Math.floor(left + ((cell % columns) + 0.5) * scale)
    const y = Math.floor(top + (Math.floor(cell / columns) + 0.5) * scale)
    return (y * base.width + x) * 4
  }
  const cells = new Uint8Array(columns * rows)
  const open = Array.from({ length: columns }, (_, i) => i).filter((i) => isSky(base.data, at(i)))
  for (const cell of open) cells[cell] = 1
  let count = open.length
  const lowest = Math.floor(rows * LOWEST)
  while (open.length > 0) {
    const cell = open.pop()!
    const x = cell % columns
    for (const next of [
      x > 0 ? cell - 1 : -1,
      x < columns - 1 ? cell + 1 : -1,
      cell - columns,
      cell + columns,
    ]) {
      if (next < 0 || next >= lowest * columns || cells[next] === 1) continue
      if (difference(base.data, at(cell), at(next)) > STEP) continue
      cells[next] = 1
      count++
      open.push(next)
    }
  }
  if (count < columns * rows * LEAST) return null
  const bright = cells.map((_, cell) => (isBright(base.data, at(cell)) ? 1 : 0))
  return { columns, rows, cells, bright, sun: hasSun(bright, columns, rows) }
}

/** Returns whether a point is sky; `x` and `y` are shares of the picture. */
export function isSkyAt(sky: Sky, x: number, y: number): boolean {
  return sky.cells[cellAt(sky, x, y)] === 1
}

/** Returns whether a point is almost white; `x` and `y` are shares of the picture. */
export function isBrightAt(sky: Sky, x: number, y: number): boolean {
  return sky.bright[cellAt(sky, x, y)] === 1
}

function cellAt({ columns, rows }: Sky, x: number, y: number): number {
  const column = Math.min(columns - 1, Math.max(0, Math.floor(x * columns)))
  return Math.min(rows - 1, Math.max(0, Math.floor(y * rows))) * columns + column
}

/** Returns whether some bright cells form a disc of the size of a sun. */
function hasSun(bright: Uint8Array, columns: number, rows: number): boolean {
  const seen = new Uint8Array(bright.length)
  const short = Math.min(columns, rows)
  for (let start = 0; start < rows * LOWEST * columns; start++) {
    if (bright[start] === 0 || seen[start] === 1) continue
    const { count, w, h } = measureSpot(bright, seen, start, columns)
    const round = w / h > 0.75 && w / h < 1.35 && count / (w * h) > 0.66
    if (round && Math.max(w, h) > short * 0.05 && Math.max(w, h) < short * 0.3) return true
  }
  return false
}

/** Measures the bright cells that are connected with one. */
function measureSpot(
  bright: Uint8Array,
  seen: Uint8Array,
  start: number,
  columns: number,
): { count: number; w: number; h: number } {
  const open = [start]
  seen[start] = 1
  let [count, left, right, top, bottom] = [0, columns, 0, bright.length, 0]
  while (open.length > 0) {
    const cell = open.pop()!
    const [x, y] = [cell % columns, Math.floor(cell / columns)]
    count++
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
    for (const [next, inside] of [
      [cell - 1, x > 0],
      [cell + 1, x < columns - 1],
      [cell - columns, true],
      [cell + columns, true],
    ] as const) {
      if (!inside || bright[next] !== 1 || seen[next] === 1) continue
      seen[next] = 1
      open.push(next)
    }
  }
  return { count, w: right - left + 1, h: bottom - top + 1 }
}

function isBright(data: Uint8Array, at: number): boolean {
  return Math.min(data[at]!, data[at + 1]!) > 228 && data[at + 2]! > 190
}

/** Blue, or the saturated warm colours of a low sun; not a pale wall. */
function isSky(data: Uint8Array, at: number): boolean {
  const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!]
  if (data[at + 3]! < 250) return false
  const green = g > r + 6 && g > b + 6
  return !green && (b - r >= 12 || (r - b > 90 && r > 150))
}

function difference(data: Uint8Array, a: number, b: number): number {
  return (
    Math.abs(data[a]! - data[b]!) +
    Math.abs(data[a + 1]! - data[b + 1]!) +
    Math.abs(data[a + 2]! - data[b + 2]!)
  )
}

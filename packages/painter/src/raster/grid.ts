import { blendRow } from './canvas.ts'
import type { Brush, Canvas } from './canvas.ts'
import { accumulate, createAccumulator } from './coverage.ts'
import { boundsOf } from './flatten.ts'
import type { Polyline } from './flatten.ts'

/** A coarse field of coverage (0..1). Cell (i, j) is centred at `left + (i + 0.5) * cell` px. */
export interface Grid {
  readonly columns: number
  readonly rows: number
  /** px; may be outside the canvas. */
  readonly left: number
  /** px; may be outside the canvas. */
  readonly top: number
  /** Edge of a cell, px. */
  readonly cell: number
  readonly values: Float32Array
}

/**
 * Returns the coverage of outlines (px), blurred by about `radius` px. Cells are as coarse as the
 * blur allows.
 */
export function blurredGrid(canvas: Canvas, lines: readonly Polyline[], radius: number): Grid {
  const cell = Math.max(1, Math.floor(radius / 4))
  const pad = radius * 2 + cell * 2
  let { left, top, right, bottom } = boundsOf(lines)
  left = Math.max(Math.floor(left - pad), Math.floor(-pad))
  top = Math.max(Math.floor(top - pad), Math.floor(-pad))
  right = Math.min(right + pad, canvas.width + pad)
  bottom = Math.min(bottom + pad, canvas.height + pad)
  const columns = Math.max(1, Math.ceil((right - left) / cell))
  const rows = Math.max(1, Math.ceil((bottom - top) / cell))
  const room = createAccumulator(columns, rows)
  accumulate(
    room,
    lines.map(({ points, closed }) => ({
      closed,
      points: points.map((v, i) => (v - (i % 2 === 0 ? left : top)) / cell),
    })),
  )
  const values = new Float32Array(columns * rows)
  for (let y = 0; y < rows; y++) {
    let sum = 0
    for (let x = 0; x < columns; x++) {
      sum += room.cells[y * (columns + 2) + x]!
      values[y * columns + x] = Math.min(Math.abs(sum), 1)
    }
  }
  const reach = Math.max(1, Math.round(radius / cell / 2))
  for (let pass = 0; pass < 3; pass++) {
    boxBlur(values, rows, columns, columns, 1, reach)
    boxBlur(values, columns, rows, 1, columns, reach)
  }
  return { columns, rows, left, top, cell, values }
}

/** Averages each value in place with those within `reach` steps along its lane. */
export function boxBlur(
  values: Float32Array,
  lanes: number,
  length: number,
  laneStep: number,
  step: number,
  reach: number,
): void {
  const lane = new Float64Array(length)
  const share = 1 / (reach * 2 + 1)
  for (let l = 0; l < lanes; l++) {
    const start = l * laneStep
    let sum = 0
    for (let i = 0; i < length; i++) lane[i] = values[start + i * step]!
    for (let i = 0; i < Math.min(reach, length); i++) sum += lane[i]!
    for (let i = 0; i < length; i++) {
      if (i + reach < length) sum += lane[i + reach]!
      if (i - reach - 1 >= 0) sum -= lane[i - reach - 1]!
      values[start + i * step] = sum * share
    }
  }
}

/** Fills the canvas through a grid, interpolating between its cells. */
export function fillGrid(canvas: Canvas, grid: Grid, brush: Brush): void {
  const { columns, rows, cell, values } = grid
  const left = Math.max(0, Math.floor(grid.left))
  const right = Math.min(canvas.width, Math.ceil(grid.left + columns * cell))
  const top = Math.max(0, Math.floor(grid.top))
  const bottom = Math.min(canvas.height, Math.ceil(grid.top + rows * cell))
  if (right <= left) return
  const lane = new Float64Array(columns)
  for (let y = top; y < bottom; y++) {
    const v = Math.min(Math.max((y + 0.5 - grid.top) / cell - 0.5, 0), rows - 1)
    const j = Math.min(Math.floor(v), Math.max(rows - 2, 0))
    const below = Math.min(j + 1, rows - 1)
    let peak = 0
    for (let i = 0; i < columns; i++) {
      const value = values[j * columns + i]!
      lane[i] = value + (values[below * columns + i]! - value) * (v - j)
      if (lane[i]! > peak) peak = lane[i]!
    }
    if (peak < 0.002) continue
    for (let x = left; x < right; x++) {
      const u = Math.min(Math.max((x + 0.5 - grid.left) / cell - 0.5, 0), columns - 1)
      const i = Math.floor(u)
      const value = lane[i]!
      canvas.coverage[x] = value + (lane[i + 1 < columns ? i + 1 : i]! - value) * (u - i)
    }
    blendRow(canvas, y, left, right, brush)
  }
}

import type { Polyline } from './flatten.ts'

/** Buffer for the signed areas of one shape: `width + 2` cells per row, all 0 between uses. */
export interface Accumulator {
  readonly width: number
  readonly height: number
  readonly cells: Float32Array
}

/** Rows and columns that a shape may touch, px; the ends are exclusive. */
interface Extent {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Creates an empty accumulator for a picture of `width` by `height` px. */
export function createAccumulator(width: number, height: number): Accumulator {
  return { width, height, cells: new Float32Array((width + 2) * height) }
}

/**
 * Adds the closed outlines of polylines and returns their extent. The running sum along a row is
 * then the winding, with exact areas at the edges.
 */
export function accumulate(into: Accumulator, lines: readonly Polyline[]): Extent {
  let [left, top, right, bottom] = [into.width, into.height, 0, 0]
  for (const { points } of lines) {
    const count = points.length
    for (let i = 0; i < count; i += 2) {
      const x = points[i]!
      const y = points[i + 1]!
      const next = i + 2 < count ? i + 2 : 0
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      if (y > bottom) bottom = y
      addSplit(into, x, y, points[next]!, points[next + 1]!)
    }
  }
  return {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(into.width, Math.ceil(right) + 1),
    bottom: Math.min(into.height, Math.ceil(bottom)),
  }
}

// Edges left of the picture count for every px to their right; edges right of it count for none.
function addSplit(into: Accumulator, x0: number, y0: number, x1: number, y1: number): void {
  const width = into.width
  if (y0 === y1 || (x0 >= width && x1 >= width)) return
  if (x0 <= 0 && x1 <= 0) return addLine(into, 0, y0, 0, y1)
  for (const edge of [0, width]) {
    if (x0 < edge !== x1 < edge && x0 !== edge && x1 !== edge) {
      const y = y0 + ((y1 - y0) * (edge - x0)) / (x1 - x0)
      addSplit(into, x0, y0, edge, y)
      addSplit(into, edge, y, x1, y1)
      return
    }
  }
  addLine(into, x0, y0, x1, y1)
}

function addLine(into: Accumulator, fromX: number, fromY: number, toX: number, toY: number): void {
  const { cells, height } = into
  const stride = into.width + 2
  const down = fromY < toY
  const [x0, y0, x1, y1] = down ? [fromX, fromY, toX, toY] : [toX, toY, fromX, fromY]
  if (y1 <= 0 || y0 >= height) return
  const slope = (x1 - x0) / (y1 - y0)
  const first = Math.max(0, Math.floor(y0))
  const last = Math.min(height, Math.ceil(y1))
  let x = y0 < 0 ? x0 - y0 * slope : x0
  for (let y = first; y < last; y++) {
    const dy = Math.min(y + 1, y1) - Math.max(y, y0)
    const next = Math.min(Math.max(x + slope * dy, 0), into.width)
    const d = down ? dy : -dy
    const a = x < next ? x : next
    const b = x < next ? next : x
    const floor = Math.floor(a)
    const ceil = Math.ceil(b)
    const at = y * stride + floor
    if (ceil <= floor + 1) {
      const share = d * ((a + b) / 2 - floor)
      cells[at] = cells[at]! + d - share
      cells[at + 1] = cells[at + 1]! + share
    } else {
      const s = 1 / (b - a)
      const head = 1 - (a - floor)
      const tail = b - ceil + 1
      const a0 = 0.5 * s * head * head
      const am = 0.5 * s * tail * tail
      const span = ceil - floor
      cells[at] = cells[at]! + d * a0
      if (span === 2) cells[at + 1] = cells[at + 1]! + d * (1 - a0 - am)
      else {
        const a1 = s * (head + 0.5)
        cells[at + 1] = cells[at + 1]! + d * (a1 - a0)
        for (let i = 2; i < span - 1; i++) cells[at + i] = cells[at + i]! + d * s
        cells[at + span - 1] = cells[at + span - 1]! + d * (1 - (a1 + (span - 3) * s) - am)
      }
      cells[at + span] = cells[at + span]! + d * am
    }
    x = next
  }
}

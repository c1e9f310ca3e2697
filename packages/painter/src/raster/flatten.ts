import { cos, sin, TAU } from './math.ts'
import { parsePath } from './path.ts'
import type { Shape } from './path.ts'

/** Affine map: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** A polyline: x0, y0, x1, y1, … in px. */
export interface Polyline {
  readonly points: number[]
  readonly closed: boolean
}

/** Composes two maps: `inner` applies first, then `outer`. */
export function compose(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer
  return [
    a * inner[0] + c * inner[1],
    b * inner[0] + d * inner[1],
    a * inner[2] + c * inner[3],
    b * inner[2] + d * inner[3],
    a * inner[4] + c * inner[5] + e,
    b * inner[4] + d * inner[5] + f,
  ]
}

/** Returns the straight pieces of a shape after a map; curves are off by at most about 0.25 px. */
export function flatten(shape: Shape, matrix: Matrix): Polyline[] {
  const path = typeof shape === 'string' ? parsePath(shape) : shape
  const [a, b, c, d, e, f] = matrix
  const lines: Polyline[] = []
  let points: number[] = []
  let px = 0
  let py = 0
  const end = (closed: boolean): void => {
    if (points.length > 2) lines.push({ points, closed })
    points = []
  }
  const mapX = (i: number): number => a * path[i]! + c * path[i + 1]! + e
  const mapY = (i: number): number => b * path[i]! + d * path[i + 1]! + f
  for (let i = 0; i < path.length;) {
    const op = path[i++]
    if (op === 4) {
      ;[px, py] = [points[0]!, points[1]!]
      end(true)
      points = [px, py]
    } else if (op === 0 || op === 1) {
      if (op === 0) end(false)
      ;[px, py] = [mapX(i), mapY(i)]
      points.push(px, py)
      i += 2
    } else if (op === 2) {
      const [qx, qy, x, y] = [mapX(i), mapY(i), mapX(i + 2), mapY(i + 2)]
      const [x1, y1] = [px + ((qx - px) * 2) / 3, py + ((qy - py) * 2) / 3]
      const [x2, y2] = [x + ((qx - x) * 2) / 3, y + ((qy - y) * 2) / 3]
      addCubic(points, [px, py, x1, y1, x2, y2, x, y])
      ;[px, py] = [x, y]
      i += 4
    } else {
      const [x, y] = [mapX(i + 4), mapY(i + 4)]
      addCubic(points, [px, py, mapX(i), mapY(i), mapX(i + 2), mapY(i + 2), x, y])
      ;[px, py] = [x, y]
      i += 6
    }
  }
  end(false)
  return lines
}

/** Start, two control points and end of a curve: x and y of each, px. */
type Cubic = readonly [number, number, number, number, number, number, number, number]

/** Adds the pieces of a cubic curve, given by its start, two control points and its end. */
function addCubic(points: number[], [x0, y0, x1, y1, x2, y2, x3, y3]: Cubic): void {
  const reach =
    Math.abs(x1 - x0) +
    Math.abs(y1 - y0) +
    Math.abs(x2 - x1) +
    Math.abs(y2 - y1) +
    Math.abs(x3 - x2) +
    Math.abs(y3 - y2)
  const steps = Math.min(64, 2 + Math.ceil(Math.sqrt(reach) * 0.9))
  for (let s = 1; s <= steps; s++) {
    const t = s / steps
    const u = 1 - t
    const [w0, w1, w2, w3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]
    points.push(w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3, w0 * y0 + w1 * y1 + w2 * y2 + w3 * y3)
  }
}

/**
 * Returns outlines that together cover a stroke of `width` px along polylines, with round caps and
 * joins.
 */
export function outline(lines: readonly Polyline[], width: number): Polyline[] {
  const half = width / 2
  const sides = Math.max(8, Math.min(48, 4 * Math.ceil(Math.sqrt(half) * 2)))
  const offsets = Array.from(
    { length: sides },
    (_, i) => [half * cos((i / sides) * TAU), half * sin((i / sides) * TAU)] as const,
  )
  const result: Polyline[] = []
  for (const { points, closed } of lines) {
    const loop = closed ? [...points, points[0]!, points[1]!] : points
    for (let i = 0; i < loop.length; i += 2) {
      const [x0, y0] = [loop[i]!, loop[i + 1]!]
      result.push({ points: offsets.flatMap(([ox, oy]) => [x0 + ox, y0 + oy]), closed: true })
      if (i + 2 >= loop.length) break
      const [x1, y1] = [loop[i + 2]!, loop[i + 3]!]
      const length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
      if (length === 0) continue
      const nx = ((y1 - y0) / length) * half
      const ny = (-(x1 - x0) / length) * half
      result.push({
        points: [x0 + nx, y0 + ny, x1 + nx, y1 + ny, x1 - nx, y1 - ny, x0 - nx, y0 - ny],
        closed: true,
      })
    }
  }
  return result
}

/**
 * Returns the box around outlines, px. Without any point, its minima are Infinity and its maxima
 * -Infinity.
 */
export function boundsOf(lines: readonly Polyline[]): {
  left: number
  top: number
  right: number
  bottom: number
} {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { points } of lines) {
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i]!)
      right = Math.max(right, points[i]!)
      top = Math.min(top, points[i + 1]!)
      bottom = Math.max(bottom, points[i + 1]!)
    }
  }
  return { left, top, right, bottom }
}

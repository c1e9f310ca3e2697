import { compose } from '../raster/flatten.ts'
import type { Matrix } from '../raster/flatten.ts'
import type { Path } from '../raster/path.ts'

/** Where the outlines of a TrueType font are. */
interface Outlines {
  readonly glyf: DataView
  /** Returns the first byte of a glyph and the byte after its last. */
  rangeOf(index: number): readonly [number, number]
}

type Vertex = readonly [x: number, y: number, on: boolean]

/** Glyphs may consist of other glyphs, at most this deep. */
const MAX_DEPTH = 5

/** Returns the outline of a glyph after a transformation. */
export function readOutline(outlines: Outlines, index: number, matrix: Matrix, depth = 0): Path {
  const [from, to] = outlines.rangeOf(index)
  if (from === to || depth > MAX_DEPTH) return []
  const contours = outlines.glyf.getInt16(from)
  if (contours < 0) return readComposite(outlines, from + 10, matrix, depth)
  return readContours(outlines.glyf, from + 10, contours).flatMap((vertices) =>
    pathOf(vertices, matrix),
  )
}

function readComposite(outlines: Outlines, from: number, matrix: Matrix, depth: number): Path {
  const { glyf } = outlines
  const path: number[] = []
  for (let at = from, more = true; more;) {
    const flags = glyf.getUint16(at)
    const index = glyf.getUint16(at + 2)
    const words = (flags & 1) !== 0
    const [dx, dy] = words
      ? [glyf.getInt16(at + 4), glyf.getInt16(at + 6)]
      : [glyf.getInt8(at + 4), glyf.getInt8(at + 5)]
    at += words ? 8 : 6
    const scale = (i: number): number => glyf.getInt16(at + i * 2) / 16384
    let part: Matrix = [1, 0, 0, 1, dx, dy]
    if ((flags & 0x08) !== 0) {
      part = [scale(0), 0, 0, scale(0), dx, dy]
      at += 2
    } else if ((flags & 0x40) !== 0) {
      part = [scale(0), 0, 0, scale(1), dx, dy]
      at += 4
    } else if ((flags & 0x80) !== 0) {
      part = [scale(0), scale(1), scale(2), scale(3), dx, dy]
      at += 8
    }
    path.push(...readOutline(outlines, index, compose(matrix, part), depth + 1))
    more = (flags & 0x20) !== 0
  }
  return path
}

function readContours(glyf: DataView, from: number, count: number): Vertex[][] {
  const ends = Array.from({ length: count }, (_, i) => glyf.getUint16(from + i * 2))
  const total = (ends.at(-1) ?? -1) + 1
  let at = from + count * 2
  at += 2 + glyf.getUint16(at)
  const flags: number[] = []
  while (flags.length < total) {
    const flag = glyf.getUint8(at++)
    const repeats = (flag & 8) === 0 ? 0 : glyf.getUint8(at++)
    for (let i = 0; i <= repeats; i++) flags.push(flag)
  }
  const readAxis = (short: number, same: number): number[] => {
    let value = 0
    return flags.slice(0, total).map((flag) => {
      if ((flag & short) !== 0) value += glyf.getUint8(at++) * ((flag & same) === 0 ? -1 : 1)
      else if ((flag & same) === 0) {
        value += glyf.getInt16(at)
        at += 2
      }
      return value
    })
  }
  const xs = readAxis(2, 16)
  const ys = readAxis(4, 32)
  return ends.map((end, i) =>
    Array.from({ length: end + 1 - (i === 0 ? 0 : ends[i - 1]! + 1) }, (_, k): Vertex => {
      const at = (i === 0 ? 0 : ends[i - 1]! + 1) + k
      return [xs[at]!, ys[at]!, (flags[at]! & 1) !== 0]
    }),
  )
}

/** Returns a contour of on-curve and control points as an outline; two controls imply a point. */
function pathOf(vertices: readonly Vertex[], [a, b, c, d, e, f]: Matrix): Path {
  if (vertices.length < 2) return []
  const points = vertices.map(([x, y, on]): Vertex => [a * x + c * y + e, b * x + d * y + f, on])
  const first = points.findIndex(([, , on]) => on)
  const start = first < 0 ? between(points[0]!, points.at(-1)!) : points[first]!
  const rest = first < 0 ? points : [...points.slice(first + 1), ...points.slice(0, first)]
  const path: number[] = [0, start[0], start[1]]
  let control: Vertex | null = null
  for (const point of [...rest, start]) {
    if (point[2]) {
      if (control === null) path.push(1, point[0], point[1])
      else path.push(2, control[0], control[1], point[0], point[1])
      control = null
      continue
    }
    if (control !== null) {
      const middle = between(control, point)
      path.push(2, control[0], control[1], middle[0], middle[1])
    }
    control = point
  }
  return [...path, 4]
}

function between(p: Vertex, q: Vertex): Vertex {
  return [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, true]
}

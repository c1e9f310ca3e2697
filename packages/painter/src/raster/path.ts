import { cos, sin, TAU } from './math.ts'

/**
 * Steps of an outline: 0 x y (move), 1 x y (line), 2 cx cy x y (quadratic), 3 ax ay bx by x y
 * (cubic), 4 (close).
 */
export type Path = readonly number[]

/** An outline, or SVG path data (M L H V Q C S Z, absolute or relative). */
export type Shape = string | Path

/** A point; x points to the right and y down. */
export type Point = readonly [number, number]

const K = 0.5522847498

/** Joins several outlines into one. */
export function join(...paths: readonly Path[]): Path {
  return paths.flat()
}

/** Returns a rectangle from its top left corner. */
export function rect(x: number, y: number, w: number, h: number): Path {
  return [0, x, y, 1, x + w, y, 1, x + w, y + h, 1, x, y + h, 4]
}

/** Returns a rectangle with corners of radius `r`, which is at most half of either side. */
export function roundRect(x: number, y: number, w: number, h: number, r: number): Path {
  const q = Math.min(r, w / 2, h / 2)
  const k = q * (1 - K)
  const right = x + w
  const bottom = y + h
  return [
    [0, x + q, y],
    [1, right - q, y],
    [3, right - k, y, right, y + k, right, y + q],
    [1, right, bottom - q],
    [3, right, bottom - k, right - k, bottom, right - q, bottom],
    [1, x + q, bottom],
    [3, x + k, bottom, x, bottom - k, x, bottom - q],
    [1, x, y + q],
    [3, x, y + k, x + k, y, x + q, y],
    [4],
  ].flat()
}

/** Returns an ellipse about a centre. */
export function ellipse(cx: number, cy: number, rx: number, ry: number): Path {
  const kx = rx * K
  const ky = ry * K
  return [
    [0, cx + rx, cy],
    [3, cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry],
    [3, cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy],
    [3, cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry],
    [3, cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy],
    [4],
  ].flat()
}

/** Returns a circle about a centre. */
export function circle(cx: number, cy: number, r: number): Path {
  return ellipse(cx, cy, r, r)
}

/** Returns the ring between two radii. */
export function ring(cx: number, cy: number, outer: number, inner: number): Path {
  return [...circle(cx, cy, outer), ...backwards(ellipsePoints(cx, cy, inner, inner))]
}

function ellipsePoints(cx: number, cy: number, rx: number, ry: number): Point[] {
  return Array.from({ length: 64 }, (_, i) => [
    cx + rx * cos((i / 64) * TAU),
    cy + ry * sin((i / 64) * TAU),
  ])
}

function backwards(points: readonly Point[]): Path {
  return polygon(points.toReversed())
}

/** Returns a closed outline through corners. */
export function polygon(points: readonly Point[]): Path {
  return [...line(points), 4]
}

/** Returns an open outline through corners. */
export function line(points: readonly Point[]): Path {
  return points.flatMap(([x, y], i) => [i === 0 ? 0 : 1, x, y])
}

/** Returns a smooth outline through points (Catmull-Rom). */
export function smooth(points: readonly Point[], closed: boolean): Path {
  const count = points.length
  const at = (i: number): Point =>
    closed ? points[(i + count) % count]! : points[Math.min(Math.max(i, 0), count - 1)]!
  const path: number[] = [0, at(0)[0], at(0)[1]]
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    path.push(3, from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6)
    path.push(to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6, to[0], to[1])
  }
  if (closed) path.push(4)
  return path
}

/** Returns part of a circle from angle `from` to `to` (turns, 0 is right, clockwise), open. */
export function arc(cx: number, cy: number, r: number, from: number, to: number): Path {
  const count = 40
  return line(
    Array.from({ length: count + 1 }, (_, i): Point => {
      const angle = (from + ((to - from) * i) / count) * TAU
      return [cx + r * cos(angle), cy + r * sin(angle)]
    }),
  )
}

/**
 * Returns a regular star with one tip up, or a polygon of twice `points` corners if `inner` equals
 * `outer`.
 */
export function star(
  cx: number,
  cy: number,
  points: number,
  outer: number,
  inner: number,
  turn = 0,
): Path {
  return polygon(
    Array.from({ length: points * 2 }, (_, i): Point => {
      const angle = (i / (points * 2) + turn - 0.25) * TAU
      const r = i % 2 === 0 ? outer : inner
      return [cx + r * cos(angle), cy + r * sin(angle)]
    }),
  )
}

const ARGUMENTS: Readonly<Record<string, number>> = {
  m: 2,
  l: 2,
  h: 1,
  v: 1,
  q: 4,
  c: 6,
  s: 4,
  z: 0,
}

/** Outline of SVG path data. Unknown commands are not allowed. */
export function parsePath(data: string): Path {
  const tokens = data.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[a-zA-Z]/g) ?? []
  const path: number[] = []
  let [x, y, startX, startY, controlX, controlY] = [0, 0, 0, 0, 0, 0]
  let command = 'M'
  for (let i = 0; i < tokens.length;) {
    if (/^[a-zA-Z]/.test(tokens[i]!)) command = tokens[i++]!
    const lower = command.toLowerCase()
    const [dx, dy] = command === lower ? [x, y] : [0, 0]
    const raw = tokens.slice(i, i + ARGUMENTS[lower]!).map(Number)
    i += raw.length
    if (raw.length === 0 && lower !== 'z') throw new Error(`not path data: ${data}`)
    if (lower === 'z') {
      path.push(4)
      ;[x, y] = [startX, startY]
      continue
    }
    if (lower === 'h') raw.push(command === 'h' ? 0 : y)
    if (lower === 'v') raw.unshift(command === 'v' ? 0 : x)
    const numbers = raw.map((value, at) => value + (at % 2 === 0 ? dx : dy))
    if (lower === 's') numbers.unshift(2 * x - controlX, 2 * y - controlY)
    ;[x, y] = [numbers.at(-2)!, numbers.at(-1)!]
    ;[controlX, controlY] = lower === 'c' || lower === 's' ? [numbers[2]!, numbers[3]!] : [x, y]
    if (lower === 'm') {
      ;[startX, startY] = [x, y]
      path.push(0, x, y)
      command = command === 'm' ? 'l' : 'L'
    } else if (lower === 'q') path.push(2, ...numbers)
    else if (lower === 'c' || lower === 's') path.push(3, ...numbers)
    else path.push(1, x, y)
  }
  return path
}

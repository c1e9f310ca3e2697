import type { Color } from './color.ts'
import type { Matrix } from './flatten.ts'
import { clamp } from './math.ts'

/** A colour at a share (0..1) of a gradient, with an optional opacity (0..1, default 1). */
type Stop = readonly [at: number, color: Color, opacity?: number]

/** A gradient in the units of the shape it fills. */
export interface Gradient {
  readonly kind: 'linear' | 'radial'
  /** linear: x0, y0, x1, y1; radial: centre x, centre y, radius, unused. */
  readonly at: readonly [number, number, number, number]
  readonly stops: readonly Stop[]
}

/** What fills a shape. */
export type Paint = Color | Gradient

/** Creates a gradient along the line from (x0, y0) to (x1, y1). */
export function linear(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  stops: readonly Stop[],
): Gradient {
  return { kind: 'linear', at: [x0, y0, x1, y1], stops }
}

/** Creates a gradient from a centre outwards to radius `r`. */
export function radial(cx: number, cy: number, r: number, stops: readonly Stop[]): Gradient {
  return { kind: 'radial', at: [cx, cy, r, 0], stops }
}

/** Creates a gradient downwards over evenly spread colours. */
export function vertical(top: number, bottom: number, colors: readonly Color[]): Gradient {
  return linear(
    0,
    top,
    0,
    bottom,
    colors.map((color, i): Stop => [i / Math.max(colors.length - 1, 1), color]),
  )
}

const STEPS = 1024

/**
 * Fills `colors` (red, green, blue, opacity per px) for the px `left` (inclusive) to `right`
 * (exclusive) of row `y`.
 */
export type RowPainter = (colors: Float32Array, y: number, left: number, right: number) => void

/**
 * Creates a painter of rows for a paint, under a map from its units to px. With `bands` above 0, a
 * gradient has as many flat colours instead of a smooth transition.
 */
export function createRowPainter(paint: Paint, matrix: Matrix, bands = 0): RowPainter {
  if (!('kind' in paint)) {
    const [r, g, b] = paint
    return (colors, _y, left, right) => {
      for (let x = left, i = left * 4; x < right; x++, i += 4) {
        colors[i] = r
        colors[i + 1] = g
        colors[i + 2] = b
        colors[i + 3] = 1
      }
    }
  }
  const table = createTable(paint.stops, bands)
  const copy = (colors: Float32Array, x: number, t: number): void => {
    const from = (t <= 0 ? 0 : t >= 1 ? STEPS : Math.round(t * STEPS)) * 4
    const to = x * 4
    colors[to] = table[from]!
    colors[to + 1] = table[from + 1]!
    colors[to + 2] = table[from + 2]!
    colors[to + 3] = table[from + 3]!
  }
  const [a, b, c, d, e, f] = matrix
  const [p0, p1, p2, p3] = paint.at
  const originX = a * p0 + c * p1 + e
  const originY = b * p0 + d * p1 + f
  if (paint.kind === 'radial') {
    const radius = p2 * Math.sqrt(Math.abs(a * d - b * c))
    return (colors, y, left, right) => {
      const dy = y + 0.5 - originY
      for (let x = left; x < right; x++) {
        const dx = x + 0.5 - originX
        copy(colors, x, Math.sqrt(dx * dx + dy * dy) / radius)
      }
    }
  }
  const wayX = a * p2 + c * p3 + e - originX
  const wayY = b * p2 + d * p3 + f - originY
  const square = Math.max(wayX * wayX + wayY * wayY, 1e-9)
  const stepX = wayX / square
  const stepY = wayY / square
  return (colors, y, left, right) => {
    const base = (y + 0.5 - originY) * stepY - originX * stepX
    if (Math.abs(stepX) < 1e-9) {
      copy(colors, left, base)
      for (let i = left * 4 + 4; i < right * 4; i++) colors[i] = colors[i - 4]!
      return
    }
    for (let x = left; x < right; x++) copy(colors, x, base + (x + 0.5) * stepX)
  }
}

/** Share of a band over which it turns into the next, so that its edge is smooth. */
const BAND_EDGE = 0.05

/** Returns the middle of the band that a share of a gradient is in. */
function banded(t: number, bands: number): number {
  const band = Math.min(Math.floor(t * bands), bands - 1)
  const within = t * bands - band
  const edge = band < bands - 1 ? Math.max(0, (within - 1 + BAND_EDGE) / BAND_EDGE) : 0
  return (band + 0.5 + edge) / bands
}

function createTable(stops: readonly Stop[], bands: number): Float32Array {
  const table = new Float32Array((STEPS + 1) * 4)
  let index = 0
  for (let i = 0; i <= STEPS; i++) {
    const t = bands > 0 ? banded(i / STEPS, bands) : i / STEPS
    while (index < stops.length - 2 && t > stops[index + 1]![0]) index++
    const from = stops[index]!
    const to = stops[Math.min(index + 1, stops.length - 1)]!
    const share = to[0] > from[0] ? clamp((t - from[0]) / (to[0] - from[0]), 0, 1) : 0
    const [fromOpacity, toOpacity] = [from[2] ?? 1, to[2] ?? 1]
    for (let k = 0; k < 3; k++) table[i * 4 + k] = from[1][k]! + (to[1][k]! - from[1][k]!) * share
    table[i * 4 + 3] = fromOpacity + (toOpacity - fromOpacity) * share
  }
  return table
}

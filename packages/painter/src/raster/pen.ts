import { clipOf, fillLines } from './canvas.ts'
import type { BlendMode, Brush, Canvas } from './canvas.ts'
import { boundsOf, compose, flatten, outline } from './flatten.ts'
import type { Matrix, Polyline } from './flatten.ts'
import { createRowPainter } from './gradient.ts'
import type { Paint } from './gradient.ts'
import { blurredGrid, fillGrid } from './grid.ts'
import type { Grid } from './grid.ts'
import { cos, sin, TAU } from './math.ts'
import type { Shape } from './path.ts'

/** How paint is laid on. */
interface BlendOptions {
  /** 0..1, default 1. */
  readonly opacity?: number
  /** Default `over`. */
  readonly mode?: BlendMode
}

/** Where, and how large, something is drawn. */
interface Placement {
  /** Origin, units. */
  readonly x: number
  readonly y: number
  /** Default 1. */
  readonly scale?: number
  /** Factor of the height alone; a negative one mirrors top and bottom. Default 1. */
  readonly stretch?: number
  /** Mirrors left and right. Default false. */
  readonly flip?: boolean
  /** Share of a full turn, clockwise. Default 0. */
  readonly turn?: number
}

/** A rectangle, units. */
type Area = readonly [x: number, y: number, w: number, h: number]

/**
 * Draws on a canvas in units. The short edge of the picture has 100 units, or fewer where the long
 * edge would pass 600. x points to the right and y down; the origin is at the top left.
 */
export interface Pen {
  /** Width of the picture, units. */
  readonly width: number
  /** Height of the picture, units. */
  readonly height: number
  fill(shape: Shape, paint: Paint, blend?: BlendOptions): void
  /** Draws an outline, `width` units wide. Lines thinner than 0.7 px become fainter instead. */
  stroke(shape: Shape, width: number, paint: Paint, blend?: BlendOptions): void
  /** Fills a shape whose edges are blurred by about `blur` units. */
  soft(shape: Shape, blur: number, paint: Paint, blend?: BlendOptions): void
  /** Keeps everything that `draw` paints within the shape. */
  clip(shape: Shape, draw: () => void): void
  /** Moves, scales and turns everything that `draw` paints. */
  at(placement: Placement, draw: () => void): void
  /** Paints a field of strengths (0..1) of x and y, sampled every `cell` units over `area`. */
  field(
    area: Area,
    cell: number,
    strength: (x: number, y: number) => number,
    paint: Paint,
    blend?: BlendOptions,
  ): void
}

// The number of units, and with it the cost, would grow without bound in very long pictures.
const MAX_ASPECT = 6

/** Thinnest line that is drawn, px. */
const THINNEST = 0.7

/** Flat colours in a gradient of a flat pen. */
const BANDS = 4
/** Share of the opacity that a soft shape keeps where a flat pen draws it with a hard edge. */
const FLAT_SHADOW = 0.5

/**
 * Creates a pen on a canvas. With `wrap`, what leaves the picture at one side (`x`), or also at the
 * top or bottom (`both`), comes back at the other. A flat pen draws neither smooth gradients nor
 * blurred edges.
 */
export function createPen(canvas: Canvas, wrap: 'none' | 'x' | 'both', flat = false): Pen {
  const unit = unitOf(canvas)
  const shifts = shiftsOf(canvas, wrap)
  let matrix: Matrix = [unit, 0, 0, unit, 0, 0]
  const repeat = (
    lines: readonly Polyline[],
    draw: (lines: readonly Polyline[], under: Matrix) => void,
  ): void => {
    for (const [dx, dy] of shifts) {
      if (dx === 0 && dy === 0) draw(lines, matrix)
      else {
        const moved = translate(lines, dx, dy)
        if (touches(canvas, moved)) draw(moved, compose([1, 0, 0, 1, dx, dy], matrix))
      }
    }
  }
  const fillAll = (lines: readonly Polyline[], paint: Paint, blend: BlendOptions = {}): void =>
    repeat(lines, (moved, under) =>
      fillLines(canvas, moved, createBrush(paint, under, blend, flat)),
    )
  return {
    width: canvas.width / unit,
    height: canvas.height / unit,
    fill: (shape, paint, blend) => fillAll(flatten(shape, matrix), paint, blend),
    stroke: (shape, width, paint, blend) => {
      const px = width * scaleOf(matrix)
      const opacity = Math.min(1, px / THINNEST) * (blend?.opacity ?? 1)
      const lines = outline(flatten(shape, matrix), Math.max(px, THINNEST))
      fillAll(lines, paint, { ...blend, opacity })
    },
    soft: (shape, blur, paint, blend = {}) => {
      const radius = blur * scaleOf(matrix)
      const lines = flatten(shape, matrix)
      if (flat) {
        return fillAll(lines, paint, { ...blend, opacity: (blend.opacity ?? 1) * FLAT_SHADOW })
      }
      if (radius < 0.8) return fillAll(lines, paint, blend)
      repeat(lines, (moved, under) =>
        fillGrid(canvas, blurredGrid(canvas, moved, radius), createBrush(paint, under, blend)),
      )
    },
    clip: (shape, draw) => {
      const outer = canvas.clip
      const all = shifts.flatMap(([dx, dy]) =>
        flatten(shape, compose([1, 0, 0, 1, dx, dy], matrix)),
      )
      canvas.clip = clipOf(canvas, all)
      draw()
      canvas.clip = outer
    },
    at: (placement, draw) => {
      const outer = matrix
      matrix = compose(outer, matrixOf(placement))
      draw()
      matrix = outer
    },
    field: (area, cell, strength, paint, blend = {}) =>
      fillGrid(canvas, sampleGrid(matrix, area, cell, strength), createBrush(paint, matrix, blend)),
  }
}

/** Returns how many px one unit has. */
function unitOf({ width, height }: Canvas): number {
  return Math.max(Math.min(width, height) / 100, Math.max(width, height) / (MAX_ASPECT * 100))
}

function scaleOf(matrix: Matrix): number {
  return Math.sqrt(Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
}

function createBrush(
  paint: Paint,
  under: Matrix,
  { opacity = 1, mode = 'over' }: BlendOptions,
  flat = false,
): Brush {
  return { painter: createRowPainter(paint, under, flat ? BANDS : 0), opacity, mode }
}

function translate(lines: readonly Polyline[], dx: number, dy: number): Polyline[] {
  return lines.map(({ points, closed }) => ({
    closed,
    points: points.map((v, i) => v + (i % 2 === 0 ? dx : dy)),
  }))
}

function matrixOf({ x, y, scale = 1, stretch = 1, flip = false, turn = 0 }: Placement): Matrix {
  const angle = turn * TAU
  const sx = scale * (flip ? -1 : 1)
  const sy = scale * stretch
  return [cos(angle) * sx, sin(angle) * sx, -sin(angle) * sy, cos(angle) * sy, x, y]
}

/** Samples a field in the middle of each cell. */
function sampleGrid(
  matrix: Matrix,
  [x, y, w, h]: Area,
  cell: number,
  strength: (x: number, y: number) => number,
): Grid {
  const columns = Math.max(2, Math.ceil(w / cell))
  const rows = Math.max(2, Math.ceil(h / cell))
  const values = new Float32Array(columns * rows)
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      values[j * columns + i] = strength(x + (i + 0.5) * cell, y + (j + 0.5) * cell)
    }
  }
  return {
    columns,
    rows,
    values,
    cell: cell * scaleOf(matrix),
    left: matrix[0] * x + matrix[4],
    top: matrix[3] * y + matrix[5],
  }
}

function shiftsOf(canvas: Canvas, wrap: 'none' | 'x' | 'both'): (readonly [number, number])[] {
  const across = wrap === 'none' ? [0] : [-canvas.width, 0, canvas.width]
  const down = wrap === 'both' ? [-canvas.height, 0, canvas.height] : [0]
  return down.flatMap((dy) => across.map((dx) => [dx, dy] as const))
}

function touches(canvas: Canvas, lines: readonly Polyline[]): boolean {
  const margin = Math.max(canvas.width, canvas.height) / 8
  const { left, top, right, bottom } = boundsOf(lines)
  return (
    right > -margin &&
    left < canvas.width + margin &&
    bottom > -margin &&
    top < canvas.height + margin
  )
}

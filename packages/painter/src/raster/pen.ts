import { clipOf, fillLines } from './canvas.ts'
import type { Canvas, Mode } from './canvas.ts'
import { boundsOf, compose, flatten, outline } from './flatten.ts'
import type { Matrix, Polyline } from './flatten.ts'
import { createRowPainter } from './gradient.ts'
import type { Paint } from './gradient.ts'
import { blurredGrid, fillGrid } from './grid.ts'
import { cos, sin, TAU } from './math.ts'
import type { Shape } from './path.ts'

/** Options of one stroke of paint. */
export interface Lay {
  /** 0..1, default 1 */
  readonly opacity?: number
  /** default over */
  readonly mode?: Mode
}

/**
 * A place to draw at: the origin, a scale (default 1; `flip` mirrors left and right), a turn (of a
 * full one, clockwise).
 */
export interface Place {
  readonly x: number
  readonly y: number
  readonly scale?: number
  readonly stretch?: number
  readonly flip?: boolean
  readonly turn?: number
}

/**
 * Draws in units of which the picture's short edge has 100 (fewer where the long edge would pass
 * 600); x to the right, y down, origin at the top left.
 */
export interface Pen {
  /** Units. */
  readonly width: number
  /** Units. */
  readonly height: number
  fill(shape: Shape, paint: Paint, lay?: Lay): void
  stroke(shape: Shape, width: number, paint: Paint, lay?: Lay): void
  /** Like `fill`, edges blurred by about `blur` units. */
  soft(shape: Shape, blur: number, paint: Paint, lay?: Lay): void
  /** Everything in `draw` stays within the shape. */
  clip(shape: Shape, draw: () => void): void
  /** Everything in `draw` is placed anew. */
  at(place: Place, draw: () => void): void
  /**
   * Lays paint by a field of strengths (0..1) of x and y, sampled each `cell` units over a
   * rectangle.
   */
  field(
    area: readonly [x: number, y: number, w: number, h: number],
    cell: number,
    strength: (x: number, y: number) => number,
    paint: Paint,
    lay?: Lay,
  ): void
}

// Beyond this ratio of its edges a picture would be all width and cost without bound.
const LONGEST = 6

/**
 * A pen on a canvas. With `wrap`, what leaves at one side (or top and bottom) comes back at the
 * other.
 */
export function createPen(canvas: Canvas, wrap: 'none' | 'x' | 'both'): Pen {
  const unit = Math.max(
    Math.min(canvas.width, canvas.height) / 100,
    Math.max(canvas.width, canvas.height) / (LONGEST * 100),
  )
  let matrix: Matrix = [unit, 0, 0, unit, 0, 0]
  const shifts: readonly (readonly [number, number])[] = shiftsOf(canvas, wrap)
  const inkOf = (paint: Paint, under: Matrix, lay: Lay | undefined) => ({
    painter: createRowPainter(paint, under),
    opacity: lay?.opacity ?? 1,
    mode: lay?.mode ?? 'over',
  })
  const scaleOf = (): number => Math.sqrt(Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
  const repeat = (
    lines: readonly Polyline[],
    lay: (lines: readonly Polyline[], under: Matrix) => void,
  ): void => {
    for (const [dx, dy] of shifts) {
      if (dx === 0 && dy === 0) lay(lines, matrix)
      else {
        const moved = lines.map(({ points, closed }) => ({
          closed,
          points: points.map((v, i) => v + (i % 2 === 0 ? dx : dy)),
        }))
        if (touches(canvas, moved)) lay(moved, compose([1, 0, 0, 1, dx, dy], matrix))
      }
    }
  }
  const fillAll = (lines: readonly Polyline[], paint: Paint, lay: Lay | undefined): void =>
    repeat(lines, (moved, under) => fillLines(canvas, moved, inkOf(paint, under, lay)))
  return {
    width: canvas.width / unit,
    height: canvas.height / unit,
    fill: (shape, paint, lay) => fillAll(flatten(shape, matrix), paint, lay),
    stroke: (shape, width, paint, lay) => {
      const px = width * scaleOf()
      const opacity = Math.min(1, px / 0.7) * (lay?.opacity ?? 1)
      fillAll(outline(flatten(shape, matrix), Math.max(px, 0.7)), paint, { ...lay, opacity })
    },
    soft: (shape, blur, paint, lay) => {
      const radius = blur * scaleOf()
      const lines = flatten(shape, matrix)
      if (radius < 0.8) return fillAll(lines, paint, lay)
      repeat(lines, (moved, under) =>
        fillGrid(canvas, blurredGrid(canvas, moved, radius), inkOf(paint, under, lay)),
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
    at: (place, draw) => {
      const outer = matrix
      const scale = place.scale ?? 1
      const angle = (place.turn ?? 0) * TAU
      const sx = scale * (place.flip === true ? -1 : 1)
      const sy = scale * (place.stretch ?? 1)
      matrix = compose(outer, [
        cos(angle) * sx,
        sin(angle) * sx,
        -sin(angle) * sy,
        cos(angle) * sy,
        place.x,
        place.y,
      ])
      draw()
      matrix = outer
    },
    field: ([x, y, w, h], cell, strength, paint, lay) => {
      const scale = scaleOf()
      const columns = Math.max(2, Math.ceil(w / cell))
      const rows = Math.max(2, Math.ceil(h / cell))
      const values = new Float32Array(columns * rows)
      for (let j = 0; j < rows; j++) {
        for (let i = 0; i < columns; i++) {
          values[j * columns + i] = strength(x + (i + 0.5) * cell, y + (j + 0.5) * cell)
        }
      }
      const grid = {
        columns,
        rows,
        values,
        cell: cell * scale,
        left: matrix[0] * x + matrix[4],
        top: matrix[3] * y + matrix[5],
      }
      fillGrid(canvas, grid, inkOf(paint, matrix, lay))
    },
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

import { accumulate, createAccumulator } from './coverage.ts'
import type { Accumulator } from './coverage.ts'
import type { Polyline } from './flatten.ts'
import type { RowPainter } from './gradient.ts'

/**
 * How paint changes what is below it: `over` covers, `screen` brightens and `multiply` darkens. The
 * last two keep the alpha.
 */
export type BlendMode = 'over' | 'screen' | 'multiply'

/** A picture in progress: premultiplied RGBA, 0..1, and an optional clip of one byte per px. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Float32Array
  readonly accumulator: Accumulator
  readonly coverage: Float32Array
  readonly colors: Float32Array
  clip: Uint8Array | null
}

/** The paint of a shape and the way it is blended. */
export interface Brush {
  readonly painter: RowPainter
  /** 0..1. */
  readonly opacity: number
  readonly mode: BlendMode
}

/** Creates an empty, fully transparent canvas. Sizes are in px. */
export function createCanvas(width: number, height: number): Canvas {
  return {
    width,
    height,
    pixels: new Float32Array(width * height * 4),
    accumulator: createAccumulator(width, height),
    coverage: new Float32Array(width + 2),
    colors: new Float32Array(width * 4),
    clip: null,
  }
}

/** Fills outlines given in px. */
export function fillLines(canvas: Canvas, lines: readonly Polyline[], brush: Brush): void {
  eachCoveredRow(canvas, lines, (y, left, right) => blendRow(canvas, y, left, right, brush))
}

/** Returns the coverage of outlines as a clip mask, within the canvas's current clip. */
export function clipOf(canvas: Canvas, lines: readonly Polyline[]): Uint8Array {
  const mask = new Uint8Array(canvas.width * canvas.height)
  eachCoveredRow(canvas, lines, (y, left, right) => {
    for (let x = left, i = y * canvas.width + left; x < right; x++, i++) {
      mask[i] = Math.round(canvas.coverage[x]! * (canvas.clip === null ? 255 : canvas.clip[i]!))
    }
  })
  return mask
}

function eachCoveredRow(
  canvas: Canvas,
  lines: readonly Polyline[],
  row: (y: number, left: number, right: number) => void,
): void {
  const { accumulator, coverage, width } = canvas
  const { cells } = accumulator
  const extent = accumulate(accumulator, lines)
  for (let y = extent.top; y < extent.bottom; y++) {
    let sum = 0
    let first = -1
    let last = 0
    const start = y * (width + 2)
    for (let x = extent.left; x < extent.right; x++) {
      sum += cells[start + x]!
      cells[start + x] = 0
      const cover = sum < 0 ? -sum : sum
      if (cover < 0.002) {
        coverage[x] = 0
        continue
      }
      coverage[x] = cover > 0.998 ? 1 : cover
      if (first < 0) first = x
      last = x + 1
    }
    cells[start + width] = 0
    cells[start + width + 1] = 0
    if (first >= 0) row(y, first, last)
  }
}

/** Blends `canvas.coverage` of the columns `left` (inclusive) to `right` (exclusive) into row `y`. */
export function blendRow(
  canvas: Canvas,
  y: number,
  left: number,
  right: number,
  brush: Brush,
): void {
  const { colors, coverage, clip, width } = canvas
  brush.painter(colors, y, left, right)
  const opacity = brush.opacity
  if (clip !== null) {
    for (let x = left, i = y * width + left; x < right; x++, i++) {
      coverage[x] = (coverage[x]! * clip[i]!) / 255
    }
  }
  if (brush.mode === 'over') blendOver(canvas, y, left, right, opacity)
  else if (brush.mode === 'screen') blendScreen(canvas, y, left, right, opacity)
  else blendMultiply(canvas, y, left, right, opacity)
}

function blendOver(
  { pixels, colors, coverage, width }: Canvas,
  y: number,
  left: number,
  right: number,
  opacity: number,
): void {
  for (let x = left, c = left * 4, p = (y * width + left) * 4; x < right; x++, c += 4, p += 4) {
    const k = coverage[x]! * colors[c + 3]! * opacity
    if (k === 0) continue
    if (k === 1) {
      pixels[p] = colors[c]!
      pixels[p + 1] = colors[c + 1]!
      pixels[p + 2] = colors[c + 2]!
      pixels[p + 3] = 1
      continue
    }
    const rest = 1 - k
    pixels[p] = pixels[p]! * rest + colors[c]! * k
    pixels[p + 1] = pixels[p + 1]! * rest + colors[c + 1]! * k
    pixels[p + 2] = pixels[p + 2]! * rest + colors[c + 2]! * k
    pixels[p + 3] = pixels[p + 3]! * rest + k
  }
}

function blendScreen(
  { pixels, colors, coverage, width }: Canvas,
  y: number,
  left: number,
  right: number,
  opacity: number,
): void {
  for (let x = left, c = left * 4, p = (y * width + left) * 4; x < right; x++, c += 4, p += 4) {
    const k = coverage[x]! * colors[c + 3]! * opacity
    if (k === 0) continue
    const alpha = pixels[p + 3]!
    pixels[p] = pixels[p]! + colors[c]! * k * (alpha - pixels[p]!)
    pixels[p + 1] = pixels[p + 1]! + colors[c + 1]! * k * (alpha - pixels[p + 1]!)
    pixels[p + 2] = pixels[p + 2]! + colors[c + 2]! * k * (alpha - pixels[p + 2]!)
  }
}

function blendMultiply(
  { pixels, colors, coverage, width }: Canvas,
  y: number,
  left: number,
  right: number,
  opacity: number,
): void {
  for (let x = left, c = left * 4, p = (y * width + left) * 4; x < right; x++, c += 4, p += 4) {
    const k = coverage[x]! * colors[c + 3]! * opacity
    if (k === 0) continue
    pixels[p] = pixels[p]! * (1 - k + k * colors[c]!)
    pixels[p + 1] = pixels[p + 1]! * (1 - k + k * colors[c + 1]!)
    pixels[p + 2] = pixels[p + 2]! * (1 - k + k * colors[c + 2]!)
  }
}

import type { Canvas } from '../raster/canvas.ts'
import { createFbm } from '../raster/noise.ts'
import type { Random } from '../raster/random.ts'

/**
 * Makes a painted canvas look like watercolour: uneven edges, pooled pigment and paper that shows
 * through.
 */
export function watercolor(canvas: Canvas, random: Random): void {
  const { width, height, pixels } = canvas
  const unit = Math.min(width, height) / 100
  const source = pixels.slice()
  const wander = createFbm(random.int(0, 1e9), 2)
  const pool = createFbm(random.int(0, 1e9), 3)
  const cell = Math.max(1, Math.round(unit * 0.6))
  const columns = Math.ceil(width / cell) + 1
  const rows = Math.ceil(height / cell) + 1
  const fields = [
    new Float32Array(columns * rows),
    new Float32Array(columns * rows),
    new Float32Array(columns * rows),
  ] as const
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const [u, v] = [(i * cell) / unit, (j * cell) / unit]
      fields[0][j * columns + i] = (wander(u * 0.35, v * 0.35) - 0.5) * unit * 2
      fields[1][j * columns + i] = (wander(u * 0.35 + 90, v * 0.35) - 0.5) * unit * 2
      fields[2][j * columns + i] =
        pool(u * 0.09, v * 0.09) * 0.7 + pool(u * 0.5 + 40, v * 0.5) * 0.3
    }
  }
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(y / cell) * columns
    for (let x = 0; x < width; x++, to += 4) {
      const at = row + Math.floor(x / cell)
      const fromX = Math.min(Math.max(Math.round(x + fields[0][at]!), 0), width - 1)
      const fromY = Math.min(Math.max(Math.round(y + fields[1][at]!), 0), height - 1)
      const from = (fromY * width + fromX) * 4
      const alpha = source[from + 3]!
      const wash = 0.14 + (fields[2][at]! - 0.5) * 0.5
      for (let k = 0; k < 3; k++) {
        const paper = alpha * (k === 0 ? 1 : k === 1 ? 0.98 : 0.94)
        pixels[to + k] = Math.min(
          Math.max(source[from + k]! + (paper - source[from + k]!) * wash, 0),
          alpha,
        )
      }
      pixels[to + 3] = alpha
    }
  }
}

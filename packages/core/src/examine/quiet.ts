import type { Verdict } from '../lock/verdict.ts'
import type { Area } from '../manifest/expectations.ts'
import { areaName, areaOf, type Rectangle } from './area.ts'
import { rangeOf } from './cells.ts'
import { type Examined, faceName } from './examined-pixels.ts'
import { formatShare } from './not-blank.ts'

/** Edge of a cell, as a share of the picture's longer edge: about a letter of a headline. */
const CELL = 1 / 64
/** Least edge of a cell, px. */
const LEAST_CELL = 8
/** Pixels of a cell that are averaged before they are compared: grain disappears. */
const BLOCKS = 4
/** Deviation in a cell from which on it is busy, of 255: of its blocks, and of its pixels. */
const BUSY = { blocks: 8, pixels: 24 }
/** Share of the area that may be busy. */
const MOST = 0.05

/** Tests that an area of a picture has little detail, which leaves room for text. */
export function testQuiet(picture: Examined, area: Area): Verdict {
  const rectangle = areaOf(area, picture.width, picture.height)
  const faces = picture.faces.map((face) => ({ face, busy: busyShare(face, picture, rectangle) }))
  const worst = faces.reduce((a, b) => (b.busy > a.busy ? b : a))
  return {
    test: 'quiet',
    passed: worst.busy <= MOST,
    reason: `${formatShare(worst.busy)} of ${areaName(area)} has detail${faceName(picture, worst.face)}; at most ${formatShare(MOST)} may.`,
  }
}

/** What is known of a block of pixels: five sums. */
const SUMS = { count: 0, red: 1, green: 2, blue: 3, squares: 4, length: 5 }

function busyShare(face: Uint8Array, { width, height }: Examined, area: Rectangle): number {
  const edge = Math.max(LEAST_CELL, Math.round(Math.max(width, height) * CELL))
  const grid = {
    columns: blocksAlong(area.right - area.left, edge),
    rows: blocksAlong(area.bottom - area.top, edge),
  }
  const sums = sumBlocks(face, width, area, grid)
  // Cells overlap by half, so that no edge is hidden between two of them.
  const step = BLOCKS / 2
  let [busy, all] = [0, 0]
  for (let row = 0; row === 0 || row + BLOCKS <= grid.rows; row += step) {
    for (let column = 0; column === 0 || column + BLOCKS <= grid.columns; column += step) {
      all++
      if (isBusy(sums, grid, row, column)) busy++
    }
  }
  return busy / all
}

/** Returns a number of blocks that cells, which overlap by half, cover without a rest. */
function blocksAlong(length: number, edge: number): number {
  const halves = Math.max(2, Math.round((2 * length) / edge))
  return Math.min(length, halves * (BLOCKS / 2))
}

function sumBlocks(
  face: Uint8Array,
  width: number,
  { left, top, right, bottom }: Rectangle,
  { columns, rows }: { columns: number; rows: number },
): Float64Array {
  const sums = new Float64Array(columns * rows * SUMS.length)
  for (let row = 0; row < rows; row++) {
    const [from, to] = rangeOf(row, rows, bottom - top)
    for (let column = 0; column < columns; column++) {
      const [start, end] = rangeOf(column, columns, right - left)
      let [red, green, blue, squares] = [0, 0, 0, 0]
      for (let y = top + from; y < top + to; y++) {
        const last = (y * width + left + end) * 4
        for (let at = (y * width + left + start) * 4; at < last; at += 4) {
          const [r, g, b] = [face[at]!, face[at + 1]!, face[at + 2]!]
          red += r
          green += g
          blue += b
          squares += r * r + g * g + b * b
        }
      }
      const count = (to - from) * (end - start)
      sums.set([count, red, green, blue, squares], (row * columns + column) * SUMS.length)
    }
  }
  return sums
}

/** Returns whether the pixels of a cell, or the means of its blocks, deviate from their mean. */
function isBusy(
  sums: Float64Array,
  { columns, rows }: { columns: number; rows: number },
  top: number,
  left: number,
): boolean {
  const pixels = [0, 0, 0, 0, 0]
  const blocks = [0, 0, 0, 0, 0]
  for (let row = top; row < Math.min(rows, top + BLOCKS); row++) {
    for (let column = left; column < Math.min(columns, left + BLOCKS); column++) {
      const at = (row * columns + column) * SUMS.length
      const count = sums[at]!
      blocks[SUMS.count]!++
      for (let sum = SUMS.count; sum <= SUMS.squares; sum++) pixels[sum]! += sums[at + sum]!
      for (let sum = SUMS.red; sum <= SUMS.blue; sum++) {
        const mean = sums[at + sum]! / count
        blocks[sum]! += mean
        blocks[SUMS.squares]! += mean * mean
      }
    }
  }
  return deviation(blocks) >= BUSY.blocks || deviation(pixels) >= BUSY.pixels
}

/** The standard deviation of colours, by their sums: root mean square of the channels, of 255. */
function deviation(sums: readonly number[]): number {
  const [count, red, green, blue, squares] = sums as [number, number, number, number, number]
  const ofMeans = (red * red + green * green + blue * blue) / count
  return Math.sqrt(Math.max(0, (squares - ofMeans) / count / 3))
}

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

function busyShare(
  face: Uint8Array,
  { width, height }: Examined,
  { left, top, right, bottom }: Rectangle,
): number {
  const edge = Math.max(LEAST_CELL, Math.round(Math.max(width, height) * CELL))
  const columns = Math.max(1, Math.round((right - left) / edge))
  const rows = Math.max(1, Math.round((bottom - top) / edge))
  let busy = 0
  for (let row = 0; row < rows; row++) {
    const [from, to] = rangeOf(row, rows, bottom - top)
    for (let column = 0; column < columns; column++) {
      const [start, end] = rangeOf(column, columns, right - left)
      const cell = { left: left + start, top: top + from, right: left + end, bottom: top + to }
      if (isBusy(face, width, cell)) busy++
    }
  }
  return busy / (columns * rows)
}

/** Returns whether the pixels of a cell, or blocks of them, deviate from their mean. */
function isBusy(face: Uint8Array, width: number, cell: Rectangle): boolean {
  const pixels = new Deviation()
  const blocks = new Deviation()
  const rows = Math.min(BLOCKS, cell.bottom - cell.top)
  const columns = Math.min(BLOCKS, cell.right - cell.left)
  for (let row = 0; row < rows; row++) {
    const [from, to] = rangeOf(row, rows, cell.bottom - cell.top)
    for (let column = 0; column < columns; column++) {
      const [start, end] = rangeOf(column, columns, cell.right - cell.left)
      const block = new Deviation()
      for (let y = cell.top + from; y < cell.top + to; y++) {
        const last = (y * width + cell.left + end) * 4
        for (let at = (y * width + cell.left + start) * 4; at < last; at += 4) {
          block.add(face[at]!, face[at + 1]!, face[at + 2]!)
        }
      }
      blocks.addMeanOf(block)
      pixels.addAllOf(block)
    }
  }
  return blocks.value() >= BUSY.blocks || pixels.value() >= BUSY.pixels
}

/** The standard deviation of colours. */
class Deviation {
  #count = 0
  #red = 0
  #green = 0
  #blue = 0
  #squares = 0

  add(red: number, green: number, blue: number): void {
    this.#count++
    this.#red += red
    this.#green += green
    this.#blue += blue
    this.#squares += red * red + green * green + blue * blue
  }

  addMeanOf(other: Deviation): void {
    this.add(other.#red / other.#count, other.#green / other.#count, other.#blue / other.#count)
  }

  addAllOf(other: Deviation): void {
    this.#count += other.#count
    this.#red += other.#red
    this.#green += other.#green
    this.#blue += other.#blue
    this.#squares += other.#squares
  }

  /** The root mean square of the three channels, of 255. */
  value(): number {
    const ofSums = (this.#red ** 2 + this.#green ** 2 + this.#blue ** 2) / this.#count
    return Math.sqrt(Math.max(0, (this.#squares - ofSums) / this.#count / 3))
  }
}

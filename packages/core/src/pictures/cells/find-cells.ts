import type { Rgba } from './background.ts'
import { findGutters } from './gutters.ts'
import type { Box, Labelled, PictureObject } from './objects.ts'

/** How the pictures of a sheet are arranged: row by row, from the left. */
export type Grid = {
  columns: number
  /** Number of pictures; the last row may have fewer than `columns`. */
  count: number
}

/** The cells of a sheet. */
export type Cells = {
  /** What each cell shows, `null` if that is nothing. */
  boxes: (Box | null)[]
  /** Where each cell is: between the middles of the gutters around it. */
  areas: Box[]
  /** Pairs of cells whose pictures touch: none of them is whole. */
  touching: [number, number][]
  /**
   * The cell of each object by its label; `null` for one of no cell, such as a line. Without
   * specks.
   */
  cellByLabel: ReadonlyMap<number, number | null>
}

/** Objects with fewer pixels are specks, as a share of the picture. */
const SPECK = 1e-5
/** What a cell must show to count as a picture, as a share of a cell. */
const MIN_PICTURE = 1e-3
/** An object belongs to a cell that has this share of it; otherwise it is two pictures that touch. */
const MIN_SHARE = 0.72

/** Finds what each cell of a sheet shows. The gutters come from the objects, not from a fixed grid. */
export function findCells(
  picture: Pick<Rgba, 'width' | 'height'>,
  { objects, labels }: Labelled,
  grid: Grid,
): Cells {
  const { width, height } = picture
  const { count } = grid
  const columns = Math.min(grid.columns, count)
  const rows = Math.ceil(count / columns)
  const cellArea = (width * height) / (columns * rows)
  const visible = objects.filter(({ area }) => area >= SPECK * width * height)
  const lines = visible.filter((object) => isLine(object, width / columns, height / rows))
  const parts = visible.filter((object) => !lines.includes(object))
  const context = { labels, width, parts }
  const rowLines = findGutters(profileOf(context, 'y', height), rows)
  const rowOf = assign(context, 'y', rowLines)
  const columnLines = findGutters(profileOf(context, 'x', width), columns)
  const cellByLabel = new Map<number, number | null>(lines.map(({ label }) => [label, null]))
  const touching: [number, number][] = []
  const areas: Box[] = []
  for (let row = 0; row < rows; row++) {
    const inRow = parts.filter(({ label }) => rowOf.get(label)!.at(-1) === row)
    const own = { ...context, parts: inRow }
    const inRowLines = findGutters(profileOf(own, 'x', width), columns, columnLines)
    areas.push(...areasOf([0, ...inRowLines, width], [0, ...rowLines, height], row))
    for (const [label, inColumns] of assign(own, 'x', inRowLines)) {
      const inRows = rowOf.get(label)!
      const cells = inRows.flatMap((y) => inColumns.map((x) => y * columns + x))
      const main = row * columns + inColumns.at(-1)!
      cellByLabel.set(label, main < count ? main : null)
      touching.push(...pairsOf(cells.filter((cell) => cell < count)))
    }
  }
  const boxes = boxesOf(parts, cellByLabel, { count, least: cellArea * MIN_PICTURE })
  return { boxes, areas, touching, cellByLabel }
}

function areasOf(xs: readonly number[], ys: readonly number[], row: number): Box[] {
  const [top, bottom] = [ys[row]!, ys[row + 1]!]
  return xs.slice(1).map((right, column) => ({ left: xs[column]!, right, top, bottom }))
}

type Context = { labels: Int32Array; width: number; parts: readonly PictureObject[] }

/** A frame, a grid, or a line between cells. */
function isLine(
  { left, top, right, bottom, area }: PictureObject,
  cellWidth: number,
  cellHeight: number,
): boolean {
  const [width, height] = [right - left, bottom - top]
  const isLong = width > cellWidth * 1.3 || height > cellHeight * 1.3
  if (!isLong) return false
  const isThin = width < cellWidth * 0.04 || height < cellHeight * 0.04
  return isThin || area < width * height * 0.08
}

/** Counts the pixels of objects along each line. */
function profileOf(
  { labels, width, parts }: Context,
  axis: 'x' | 'y',
  length: number,
): Float64Array {
  const profile = new Float64Array(length)
  for (const { label, left, top, right, bottom } of parts) {
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        if (labels[y * width + x] === label) profile[axis === 'x' ? x : y]!++
      }
    }
  }
  return profile
}

/**
 * Assigns each object to the bands between lines: the one that has most of it last, after others if
 * it is not enough of it.
 */
function assign(
  { labels, width, parts }: Context,
  axis: 'x' | 'y',
  lines: readonly number[],
): Map<number, number[]> {
  const bandByLabel = new Map<number, number[]>()
  for (const { label, area, left, top, right, bottom } of parts) {
    const areas = new Float64Array(lines.length + 1)
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        if (labels[y * width + x] !== label) continue
        areas[bandOf(axis === 'x' ? x : y, lines)]!++
      }
    }
    const order = [...areas.keys()].sort((a, b) => areas[a]! - areas[b]!)
    const main = order.at(-1)!
    const isWhole = areas[main]! >= area * MIN_SHARE
    const others = order.slice(0, -1).filter((band) => areas[band]! > area * 0.1)
    bandByLabel.set(label, isWhole ? [main] : [...others, main])
  }
  return bandByLabel
}

function bandOf(at: number, lines: readonly number[]): number {
  let band = 0
  while (band < lines.length && at >= lines[band]!) band++
  return band
}

function pairsOf(cells: readonly number[]): [number, number][] {
  const sorted = cells.toSorted((a, b) => a - b)
  return sorted.slice(1).map((cell, index) => [sorted[index]!, cell])
}

function boxesOf(
  parts: readonly PictureObject[],
  cellByLabel: Cells['cellByLabel'],
  { count, least }: { count: number; least: number },
): (Box | null)[] {
  return Array.from({ length: count }, (_, cell) => {
    const own = parts.filter(({ label }) => cellByLabel.get(label) === cell)
    const area = own.reduce((sum, object) => sum + object.area, 0)
    if (area < least) return null
    return {
      left: Math.min(...own.map(({ left }) => left)),
      top: Math.min(...own.map(({ top }) => top)),
      right: Math.max(...own.map(({ right }) => right)),
      bottom: Math.max(...own.map(({ bottom }) => bottom)),
    }
  })
}

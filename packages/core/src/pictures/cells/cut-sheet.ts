import { type Background, measureBackground, type Rgba } from './background.ts'
import { type Cells, findCells, type Grid } from './find-cells.ts'
import { type Box, findObjects, type Labelled } from './objects.ts'

/** A sheet whose pictures were found. */
export type CutSheet = Pick<Cells, 'touching'> & {
  isTransparent: boolean
  /** Indices of the cells that show nothing. */
  empty: number[]
  /** Draws a cell, which is not empty: its picture centred, all cells in the same size and scale. */
  draw(cell: number): Rgba
}

/** Margin around the largest picture, as a share of the edge of a cell. */
const MARGIN = 0.08
/** How far the soft edge of a picture reaches beyond its pixels, px. */
const SOFT_EDGE = 3

/** Finds the pictures of a sheet. */
export function cutSheet(picture: Rgba, grid: Grid): CutSheet {
  const background = measureBackground(picture)
  const labelled = findObjects(picture, background)
  const cells = findCells(picture, labelled, grid)
  const boxes = cells.boxes.filter((box) => box !== null)
  const size = commonSize(boxes, picture, grid)
  const owners = ownersOf(picture, labelled, cells)
  return {
    isTransparent: background.isTransparent,
    touching: cells.touching,
    empty: cells.boxes.flatMap((box, cell) => (box === null ? [cell] : [])),
    draw(cell) {
      const [box, area] = [cells.boxes[cell]!, cells.areas[cell]!]
      return drawCell({ picture, background, owners, cell, box, area, size })
    },
  }
}

/** Returns the size that fits every picture with its margin and has the shape of a cell. */
function commonSize(
  boxes: readonly Box[],
  { width, height }: Rgba,
  { columns: most, count }: Grid,
): { width: number; height: number } {
  const columns = Math.min(most, count)
  const ratio = width / columns / (height / Math.ceil(count / columns))
  const widest = Math.max(1, ...boxes.map(({ left, right }) => right - left))
  const highest = Math.max(1, ...boxes.map(({ top, bottom }) => bottom - top))
  const share = 1 - 2 * MARGIN
  const needed = Math.max(highest, widest / ratio) / share
  return { width: Math.ceil(needed * ratio), height: Math.ceil(needed) }
}

/** Marks pixels of no cell, such as those of lines. */
const NOBODY = 0xff_ff

/**
 * Returns the cell that owns each pixel, counted from 1, with the soft edges of its picture; 0 for
 * the background.
 */
function ownersOf({ width, height }: Rgba, { labels }: Labelled, cells: Cells): Uint16Array {
  let owners = new Uint16Array(width * height)
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]!
    if (label === 0) continue
    const cell = cells.cellByLabel.get(label)
    if (cell !== undefined) owners[index] = cell === null ? NOBODY : cell + 1
  }
  for (let step = 0; step < SOFT_EDGE; step++) owners = grow(owners, width, height)
  return owners
}

/** Gives each pixel of the background the owner of a pixel that it touches. */
function grow(owners: Uint16Array, width: number, height: number): Uint16Array<ArrayBuffer> {
  const grown = new Uint16Array(owners)
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      if (owners[index] !== 0) continue
      grown[index] =
        (x > 0 ? owners[index - 1]! : 0) ||
        (x < width - 1 ? owners[index + 1]! : 0) ||
        (y > 0 ? owners[index - width]! : 0) ||
        (y < height - 1 ? owners[index + width]! : 0)
    }
  }
  return grown
}

type DrawOptions = {
  picture: Rgba
  background: Background
  owners: Uint16Array
  cell: number
  box: Box
  area: Box
  size: { width: number; height: number }
}

/** Copies what belongs to a cell: its picture, and what is as faint as a shadow around it. */
function drawCell({ picture, background, owners, cell, box, area, size }: DrawOptions): Rgba {
  const { width, height } = size
  const data = new Uint8Array(width * height * 4)
  const left = Math.round((box.left + box.right - width) / 2)
  const top = Math.round((box.top + box.bottom - height) / 2)
  const reach = reachOf(box, area, picture)
  for (let y = top, at = 0; y < top + height; y++) {
    const isInRows = y >= reach.top && y < reach.bottom
    for (let x = left; x < left + width; x++, at += 4) {
      const index = y * picture.width + x
      const isInReach = isInRows && x >= reach.left && x < reach.right
      const isOwn = isInReach && (owners[index] === 0 || owners[index] === cell + 1)
      if (isOwn) data.set(picture.data.subarray(index * 4, index * 4 + 4), at)
      else background.fill(x, y, data, at)
    }
  }
  return { width, height, data }
}

/** Returns the area of a cell, and of its picture where that is larger. */
function reachOf(box: Box, area: Box, { width, height }: Rgba): Box {
  return {
    left: Math.max(0, Math.min(area.left, box.left - SOFT_EDGE)),
    top: Math.max(0, Math.min(area.top, box.top - SOFT_EDGE)),
    right: Math.min(width, Math.max(area.right, box.right + SOFT_EDGE)),
    bottom: Math.min(height, Math.max(area.bottom, box.bottom + SOFT_EDGE)),
  }
}

import type { Pixels } from './pixels.ts'
import type { Size, ViewBox } from './svg-size.ts'

/** An SVG with the size and the view box that are to be set on its root. */
export type DrawnSize = Size & { viewBox: ViewBox }

/** Draws an SVG of some size: the `region` of it, in its own px, at the size `target`. */
export type Draw = (size: DrawnSize, options: { target: Size; region: ViewBox }) => Promise<Pixels>

/** Edges of the squares around the origin that are searched for a drawing, in its own units. */
const SEARCHED: readonly number[] = [2048, 65_536, 32]
/** Long edge of a search picture, px. */
const EDGE = 512
/** A box is precise enough if its long edge has so many px of the search picture. */
const PRECISE = 400
const MAX_STEPS = 6

/** The box that browsers give an SVG that fills whatever box it gets. */
const DEFAULT_BOX: ViewBox = { x: 0, y: 0, width: 300, height: 150 }

/**
 * Measures the drawing of an SVG that states no size.
 *
 * @returns its size, and its box; the default box of browsers if it is empty or endless
 * @throws LimnError `picture/unreadable` if it cannot be drawn
 */
export async function measureDrawing(draw: Draw): Promise<DrawnSize> {
  for (const edge of SEARCHED) {
    const searched = { x: -edge / 2, y: -edge / 2, width: edge, height: edge }
    const find = createSearch(draw, searched)
    const first = await find(searched)
    if (first === undefined || first.isCut) continue
    return withSize(await refine(find, first.box))
  }
  return withSize(DEFAULT_BOX)
}

function withSize({ x, y, width, height }: ViewBox): DrawnSize {
  // More digits than the measurement has would only lengthen the file.
  const [left, top, across, down] = [x, y, width, height].map((value) =>
    Number(value.toPrecision(5)),
  ) as [number, number, number, number]
  const viewBox = { x: left, y: top, width: across, height: down }
  return { width: viewBox.width, height: viewBox.height, viewBox }
}

/** What a search found: the box of all painted px, and whether its edge cuts the drawing. */
type Found = { box: ViewBox; isCut: boolean }
type Find = (region: ViewBox) => Promise<Found | undefined>

function createSearch(draw: Draw, viewBox: ViewBox): Find {
  const size = { width: viewBox.width, height: viewBox.height, viewBox }
  return async (region) => {
    const scale = EDGE / longEdge(region)
    const target = {
      width: Math.max(1, Math.ceil(region.width * scale)),
      height: Math.max(1, Math.ceil(region.height * scale)),
    }
    const pixels = await draw(size, {
      target,
      region: { ...region, x: region.x - viewBox.x, y: region.y - viewBox.y },
    })
    return findPainted(pixels, region)
  }
}

/** Enlarges the found box until its edges are precise. */
async function refine(find: Find, first: ViewBox): Promise<ViewBox> {
  let box = first
  for (let step = 0; step < MAX_STEPS; step++) {
    const region = withMargin(box)
    const unit = longEdge(region) / EDGE
    const found = await find(region)
    if (found === undefined) break
    box = found.box
    if (longEdge(box) / unit >= PRECISE) return snap(box, unit)
  }
  return box
}

function longEdge({ width, height }: Size): number {
  return Math.max(width, height)
}

function withMargin({ x, y, width, height }: ViewBox): ViewBox {
  const margin = longEdge({ width, height }) / 16
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }
}

/** Rounds the edges of a box to whole units if they are as close as the measurement is precise. */
function snap({ x, y, width, height }: ViewBox, unit: number): ViewBox {
  const round = (value: number): number =>
    Math.abs(value - Math.round(value)) <= unit / 4 ? Math.round(value) : value
  const [left, top, right, bottom] = [round(x), round(y), round(x + width), round(y + height)]
  return right > left && bottom > top
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : { x, y, width, height }
}

function findPainted(
  { data, width, height, channels }: Pixels,
  region: ViewBox,
): Found | undefined {
  const [columns, rows] = [new Uint8Array(width), new Uint8Array(height)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const alpha = channels === 4 ? data[(y * width + x) * 4 + 3]! : 255
      columns[x] = Math.max(columns[x]!, alpha)
      rows[y] = Math.max(rows[y]!, alpha)
    }
  }
  const [across, down] = [findSpan(columns), findSpan(rows)]
  if (across === undefined || down === undefined) return undefined
  const [unitX, unitY] = [region.width / width, region.height / height]
  return {
    box: {
      x: region.x + across.from * unitX,
      y: region.y + down.from * unitY,
      width: (across.to - across.from) * unitX,
      height: (down.to - down.from) * unitY,
    },
    isCut: across.from < 1 || down.from < 1 || across.to > width - 1 || down.to > height - 1,
  }
}

/** Finds where the first painted px starts and the last one ends: a paler px is painted in part. */
function findSpan(alphas: Uint8Array): { from: number; to: number } | undefined {
  const first = alphas.findIndex((alpha) => alpha > 0)
  if (first < 0) return undefined
  const last = alphas.findLastIndex((alpha) => alpha > 0)
  const strongest = alphas.reduce((a, b) => Math.max(a, b))
  return { from: first + 1 - alphas[first]! / strongest, to: last + alphas[last]! / strongest }
}

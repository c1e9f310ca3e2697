import type { Animation } from '../../pictures/animation.ts'
import type { Pixels } from '../../pictures/decode.ts'
import type { Region } from '../crop.ts'

/**
 * Finds what is left of a picture without its uniform border: all of it if it has none, or is
 * uniform. Of an animation it is the part that any frame needs.
 *
 * @param tolerance by which a channel of a pixel may differ from the border's colour, 0 to 255
 */
export async function findTrimmed(
  pixels: Pixels,
  tolerance: number,
  animation: Animation | undefined,
): Promise<Region> {
  if (animation === undefined) return trimFrame(pixels, tolerance)
  let all: Region | undefined
  for await (const frame of animation.frames()) {
    const region = trimFrame(frame, tolerance)
    all = all === undefined ? region : unite(all, region)
  }
  return all!
}

/** Whether a pixel belongs to the border. */
type IsBorder = (x: number, y: number) => boolean

function trimFrame(pixels: Pixels, tolerance: number): Region {
  const { width, height } = pixels
  const isBorder = createBorder(pixels, tolerance)
  const isEmptyRow = (y: number): boolean => everyOf(0, width, (x) => isBorder(x, y))
  const top = countFrom(0, height, isEmptyRow)
  if (top === height) return { left: 0, top: 0, width, height }
  const bottom = height - countFrom(0, height, (y) => isEmptyRow(height - 1 - y))
  const isEmptyColumn = (x: number): boolean => everyOf(top, bottom, (y) => isBorder(x, y))
  const left = countFrom(0, width, isEmptyColumn)
  const right = width - countFrom(0, width, (x) => isEmptyColumn(width - 1 - x))
  return { left, top, width: right - left, height: bottom - top }
}

/** Creates the test for a border of the colour that most corners have, the top left one in doubt. */
function createBorder({ data, width, height, channels }: Pixels, tolerance: number): IsBorder {
  const alphaAt = (at: number): number => (channels === 4 ? data[at + 3]! : 255)
  const isAlike = (a: number, b: number): boolean => {
    if (alphaAt(a) === 0 && alphaAt(b) === 0) return true
    for (let channel = 0; channel < channels; channel++) {
      if (Math.abs(data[a + channel]! - data[b + channel]!) > tolerance) return false
    }
    return true
  }
  const corners = [0, width - 1, (height - 1) * width, height * width - 1].map(
    (index) => index * channels,
  )
  const votes = corners.map((corner) => corners.filter((other) => isAlike(corner, other)).length)
  const border = corners[votes.indexOf(Math.max(...votes))]!
  return (x, y) => isAlike((y * width + x) * channels, border)
}

function everyOf(from: number, to: number, test: (at: number) => boolean): boolean {
  for (let at = from; at < to; at++) if (!test(at)) return false
  return true
}

/** Counts the leading numbers of a range that pass a test. */
function countFrom(from: number, to: number, test: (at: number) => boolean): number {
  let at = from
  while (at < to && test(at)) at++
  return at - from
}

function unite(a: Region, b: Region): Region {
  const [left, top] = [Math.min(a.left, b.left), Math.min(a.top, b.top)]
  return {
    left,
    top,
    width: Math.max(a.left + a.width, b.left + b.width) - left,
    height: Math.max(a.top + a.height, b.top + b.height) - top,
  }
}

import type { Verdict } from '../lock/verdict.ts'
import { quantile } from './cells.ts'
import type { Examined } from './examined-pixels.ts'

/** Longest edge at which edges are measured, px: photos have soft pixels at their full size. */
const MAX_EDGE = 2048
/** Edge of a block, px. Its edges count together, so that grain averages out. */
const BLOCK = 16
/** Pixels on each side of an edge over which its height is measured. */
const REACH = 6
/**
 * Least height of an edge: of 255; as a multiple of the picture's grain, up to `most`, because a
 * fine texture looks like grain; as a share of the picture's contrast, because a blurred pattern
 * keeps faint steep edges.
 */
const LEAST_HEIGHT = { level: 10, grain: 10, most: 64, contrast: 0.25 }
/** Edges that a block needs. */
const LEAST_EDGES = 6
/** Share of the blocks that must be sharp, and of those that have edges. */
const SHARP_BLOCKS = { all: 0.02, withEdges: 0.25 }
/** Share of its height by which a sharp edge rises over two pixels. */
const SHARP = 0.56

/**
 * Tests that some of a picture is in focus: how steep the edges of its sharpest part are. A blurred
 * background is no fault; a picture without edges is not sharp. One that is too small passes.
 */
export function testSharp(picture: Examined): Verdict {
  const [shorter, longer] = [picture.width, picture.height].sort((a, b) => a - b)
  if (shorter! < 3 || longer! <= 2 * REACH) {
    return { test: 'sharp', passed: true, reason: 'The picture is too small to have an edge.' }
  }
  const steepness = Math.max(
    ...picture.faces.map((face) => measureSteepness(lightness(face, picture))),
  )
  const passed = steepness >= SHARP
  const bound = `${Math.round(SHARP * 100)} % is expected`
  return {
    test: 'sharp',
    passed,
    reason:
      steepness === 0
        ? 'The picture has no edge that could be sharp.'
        : `The sharpest edges reach ${Math.min(100, Math.floor(steepness * 100))} % of their height within two pixels; at least ${bound}.`,
  }
}

interface Plane {
  light: Uint8Array
  width: number
  height: number
}

/** Returns the lightness of a face, reduced by a whole number if it is large. */
function lightness(face: Uint8Array, { width, height }: Examined): Plane {
  const factor = Math.max(1, Math.round(Math.max(width, height) / MAX_EDGE))
  const columns = Math.max(1, Math.floor(width / factor))
  const rows = Math.max(1, Math.floor(height / factor))
  const light = new Uint8Array(columns * rows)
  const [down, right] = [Math.min(factor, height), Math.min(factor, width)]
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let y = row * factor; y < row * factor + down; y++) {
        const from = (y * width + column * factor) * 4
        for (let at = from; at < from + right * 4; at += 4) {
          sum += face[at]! * 77 + face[at + 1]! * 150 + face[at + 2]! * 29
        }
      }
      light[row * columns + column] = sum / (256 * down * right)
    }
  }
  return { light, width: columns, height: rows }
}

/** Returns how steep the edges of the sharpest part are, 0 to 1; 0 if there are none. */
function measureSteepness(plane: Plane): number {
  const ofGrain = Math.min(LEAST_HEIGHT.most, LEAST_HEIGHT.grain * measureGrain(plane))
  const ofContrast = LEAST_HEIGHT.contrast * measureContrast(plane)
  const least = Math.max(LEAST_HEIGHT.level, ofGrain, ofContrast)
  const blocks: number[] = []
  let total = 0
  for (let top = 0; top < plane.height; top += BLOCK) {
    for (let left = 0; left < plane.width; left += BLOCK) {
      total++
      const edges = edgesOf(plane, left, top, least)
      if (edges.length >= LEAST_EDGES) blocks.push(usualSteepness(edges))
    }
  }
  if (blocks.length === 0) return 0
  const sorted = blocks.toSorted((a, b) => b - a)
  const rank = Math.min(
    Math.ceil(total * SHARP_BLOCKS.all),
    Math.ceil(sorted.length * SHARP_BLOCKS.withEdges),
  )
  return sorted[Math.max(0, rank - 1)]!
}

/** The edges of a block: how steep each is, 0 to 1, and how high its steepest pixels rise. */
interface Edge {
  steepness: number
  rise: number
}

/** Returns the edges whose steepest pixel is in a block. */
function edgesOf(plane: Plane, left: number, top: number, least: number): Edge[] {
  const { width, height } = plane
  const edges: Edge[] = []
  const right = Math.min(left + BLOCK, width - 2)
  const bottom = Math.min(top + BLOCK, height - 2)
  for (let y = Math.max(2, top); y < bottom; y++) {
    for (let x = Math.max(2, left); x < right; x++) addEdge(plane, x, y, least, edges)
  }
  return edges
}

/**
 * Adds the edge at a pixel, if there is one and this is its steepest pixel. Its slope is measured
 * in its own direction, its height along the row or the column that is closer to that; both over
 * three lines beside each other, because of grain.
 */
function addEdge(
  { light, width, height }: Plane,
  x: number,
  y: number,
  least: number,
  edges: Edge[],
): void {
  const at = y * width + x
  const [across, down] = [slopeAt(light, at, 1, width), slopeAt(light, at, width, 1)]
  const isAcross = Math.abs(across) >= Math.abs(down)
  const rise = Math.hypot(across, down)
  // An edge that rises less over two pixels is below the least height over its whole width.
  if (rise * REACH < least) return
  const [step, beside] = isAcross ? [1, width] : [width, 1]
  const slope = Math.abs(isAcross ? across : down)
  if (slope < Math.abs(slopeAt(light, at + step, step, beside))) return
  if (slope <= Math.abs(slopeAt(light, at - step, step, beside))) return
  const [place, length] = isAcross ? [x, width] : [y, height]
  const from = Math.max(-REACH, -place)
  const to = Math.min(REACH, length - 1 - place)
  let [low, high] = [255, 0]
  for (let near = from; near <= to; near++) {
    const pixel = at + near * step
    const value = (light[pixel - beside]! + light[pixel]! + light[pixel + beside]!) / 3
    if (value < low) low = value
    if (value > high) high = value
  }
  if (high - low >= least) edges.push({ steepness: rise / (high - low), rise })
}

/** Returns by how much the lightness rises over two pixels in a direction: the mean of three lines. */
function slopeAt(light: Uint8Array, at: number, step: number, beside: number): number {
  const [before, after] = [at - step, at + step]
  return (
    (light[after - beside]! +
      light[after]! +
      light[after + beside]! -
      light[before - beside]! -
      light[before]! -
      light[before + beside]!) /
    3
  )
}

/** Returns the steepness that half of the edges have, each by how much of the block it shapes. */
function usualSteepness(edges: Edge[]): number {
  edges.sort((a, b) => b.steepness - a.steepness)
  let rest = edges.reduce((sum, { rise }) => sum + rise * rise, 0) / 2
  for (const { steepness, rise } of edges) {
    rest -= rise * rise
    if (rest <= 0) return steepness
  }
  return 0
}

/** Returns how far the light and dark parts of a picture are apart, of 255, but for the extremes. */
function measureContrast({ light }: Plane): number {
  const counts = new Uint32Array(256)
  for (const value of light) counts[value]!++
  const find = (values: Iterable<number>): number => {
    let rest = light.length * EXTREMES
    for (const value of values) {
      rest -= counts[value]!
      if (rest < 0) return value
    }
    return 0
  }
  return find(DESCENDING) - find(counts.keys())
}

/** Share of the pixels that are extremes. */
const EXTREMES = 0.01
const DESCENDING = Array.from({ length: 256 }, (_, at) => 255 - at)

/** Edge of the parts in which grain is measured, px, and the share of them that has less of it. */
const GRAIN = { block: 16, share: 0.3 }

/**
 * Estimates the standard deviation of a picture's grain from its smoothest parts, which are neither
 * black nor white. Immerkær, Computer Vision and Image Understanding 64 (1996).
 */
function measureGrain({ light, width, height }: Plane): number {
  const grains: number[] = []
  const size = GRAIN.block
  for (let top = 1; top + size < height; top += size) {
    for (let left = 1; left + size < width; left += size) {
      let [sum, brightness] = [0, 0]
      for (let y = top; y < top + size; y++) {
        for (let at = y * width + left; at < y * width + left + size; at++) {
          brightness += light[at]!
          sum += Math.abs(
            light[at - width - 1]! +
              light[at - width + 1]! +
              light[at + width - 1]! +
              light[at + width + 1]! +
              4 * light[at]! -
              2 * (light[at - 1]! + light[at + 1]! + light[at - width]! + light[at + width]!),
          )
        }
      }
      const count = size * size
      const mean = brightness / count
      if (mean > 8 && mean < 247) grains.push((Math.sqrt(Math.PI / 2) * sum) / (6 * count))
    }
  }
  return quantile(grains, GRAIN.share)
}

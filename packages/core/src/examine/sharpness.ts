import type { Verdict } from '../lock/verdict.ts'
import { quantile } from './cells.ts'
import type { Examined } from './examined-pixels.ts'

/** Longest edge at which edges are measured, px: photos have soft pixels at their full size. */
const MAX_EDGE = 2048
/** Edge of a block, px. Its edges count together, so that grain averages out. */
const BLOCK = 16
/** Pixels on each side of an edge over which its height is measured. */
const REACH = 4
/** Least height of an edge, of 255, and as a multiple of the picture's grain. */
const LEAST_HEIGHT = { level: 10, grain: 10 }
/** Edges that a block needs. */
const LEAST_EDGES = 6
/** Share of the blocks that must be sharp, and of those that have edges. */
const SHARP_BLOCKS = { all: 0.02, withEdges: 0.25 }
/** Share of its height by which a sharp edge rises over two pixels. */
const SHARP = 0.46

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
  const least = Math.max(LEAST_HEIGHT.level, LEAST_HEIGHT.grain * measureGrain(plane))
  const blocks: number[] = []
  let total = 0
  for (let top = 0; top < plane.height; top += BLOCK) {
    for (let left = 0; left < plane.width; left += BLOCK) {
      total++
      const edges = edgesOf(plane, left, top, least)
      if (edges.length >= LEAST_EDGES) blocks.push(quantile(edges, 0.5))
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

/** Returns the steepness of the edges whose middle is in a block, in both directions. */
function edgesOf(
  { light, width, height }: Plane,
  left: number,
  top: number,
  least: number,
): number[] {
  const steps: number[] = []
  const right = Math.min(left + BLOCK, width - 1)
  const bottom = Math.min(top + BLOCK, height - 1)
  for (let y = Math.max(1, top); y < bottom; y++) {
    const isInside = y >= REACH && y < height - REACH
    for (let x = Math.max(1, left); x < right; x++) {
      const at = y * width + x
      if (x >= REACH && x < width - REACH) addEdge(light, at, 1, width, least, steps)
      if (isInside) addEdge(light, at, width, 1, least, steps)
    }
  }
  return steps
}

/**
 * Adds how steep the edge is at a pixel, if there is one and this is its steepest pixel: measured
 * over three lines beside each other, because of grain.
 */
function addEdge(
  light: Uint8Array,
  at: number,
  step: number,
  across: number,
  least: number,
  steps: number[],
): void {
  const rise = Math.abs(light[at + step]! - light[at - step]!)
  // An edge that rises less over two pixels is below the least height over eight.
  if (rise * REACH < least) return
  if (rise < Math.abs(light[at + 2 * step]! - light[at]!)) return
  if (rise <= Math.abs(light[at]! - light[at - 2 * step]!)) return
  const sum = (pixel: number): number =>
    light[pixel - across]! + light[pixel]! + light[pixel + across]!
  let [low, high] = [3 * 255, 0]
  for (let near = at - REACH * step; near <= at + REACH * step; near += step) {
    const value = sum(near)
    if (value < low) low = value
    if (value > high) high = value
  }
  if (high - low < 3 * least) return
  steps.push(Math.abs(sum(at + step) - sum(at - step)) / (high - low))
}

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

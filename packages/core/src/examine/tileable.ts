import type { Verdict } from '../lock/verdict.ts'
import { quantile } from './cells.ts'
import { type Examined, faceName } from './examined-pixels.ts'

/** Least length of a direction in which a seam is measured, px. */
const LEAST_LENGTH = 16
/** Pixels on each side of the seam whose own steps the seam is compared with. */
const NEAR = 12
/** Pixels along the seam that are averaged before their steps are compared. */
const GROUP = 4
/** Parts of the seam that are measured by themselves. */
const PARTS = 8
/** Least length of a part, px: the steps of fewer pixels differ by chance. */
const LEAST_PART = 64
/** How much higher than the picture's own steps a seam may be: a factor, and of 255. */
const BOUND = {
  whole: { factor: 1.5, level: 1.5 },
  grouped: { factor: 1.2, level: 1 },
  part: { factor: 2, level: 5 },
  level: { factor: 1.5, level: 3.5 },
}
/** Pixels that are averaged on each side for the step in brightness. */
const BAND = 3
/**
 * Parts of the seam whose brightness is compared, their least length, px, and the share of them
 * that may have no such step: outlines cross the seam there.
 */
const LEVELS = { parts: 16, least: 12, share: 0.2 }
/** How high the other edges of a regular pattern are, as a share of the seam. */
const REGULAR = 0.8
/** Most that half of the lines of such a pattern have, as a share of the seam: else it is noise. */
const CALM = 0.4
/** Most repetitions of a regular pattern. */
const MOST_REPETITIONS = 128

/** A face along one direction: `length` lines across it, each with `breadth` pixels. */
interface Strip {
  face: Uint8Array
  length: number
  breadth: number
  /** Distance from one line to the next, and from one pixel of a line to the next, bytes. */
  along: number
  across: number
}

/** How far a seam is above its bound: it is visible above 0. */
interface Seam {
  excess: number
  height: number
  bound: number
}

/** Tests that a picture continues over its edges: the right one to the left, the bottom to the top. */
export function testTileable(picture: Examined): Verdict {
  const seams = picture.faces.flatMap((face) =>
    stripsOf(face, picture).flatMap(({ edges, strip }) => {
      const seam = measureSeam(strip)
      return seam === undefined ? [] : [{ ...seam, edges, face }]
    }),
  )
  if (seams.length === 0) {
    return { test: 'tileable', passed: true, reason: 'The picture is too small to have a seam.' }
  }
  const worst = seams.reduce((a, b) => (b.excess > a.excess ? b : a))
  return {
    test: 'tileable',
    passed: worst.excess <= 0,
    reason: `The seam between the ${worst.edges} edges${faceName(picture, worst.face)} is ${worst.height.toFixed(1)} of 255 high; at most ${worst.bound.toFixed(1)} fits the picture around it.`,
  }
}

function stripsOf(
  face: Uint8Array,
  { width, height }: Examined,
): { edges: string; strip: Strip }[] {
  const row = width * 4
  return [
    {
      edges: 'right and left',
      strip: { face, length: width, breadth: height, along: 4, across: row },
    },
    {
      edges: 'bottom and top',
      strip: { face, length: height, breadth: width, along: row, across: 4 },
    },
  ]
}

/** Measures the seam of a direction in four ways. @returns the worst; `undefined` if it is short */
function measureSeam(strip: Strip): Seam | undefined {
  if (strip.length < LEAST_LENGTH) return undefined
  const { length, breadth } = strip
  const near = Math.min(NEAR, Math.floor(length / 2) - 2)
  const nearby = Array.from({ length: 2 * near }, (_, index) =>
    index < near ? index + 1 : length - 1 - (index - near),
  )
  const whole = compare(nearby, BOUND.whole, (at) => kinkAt(strip, at, 0, breadth))
  const grouped = compare(nearby, BOUND.grouped, (at) => kinkAt(strip, at, 0, breadth, GROUP))
  const count = Math.max(1, Math.min(PARTS, Math.floor(breadth / LEAST_PART)))
  const parts = Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * breadth) / count)
    const to = Math.floor(((part + 1) * breadth) / count)
    return compare(nearby, BOUND.part, (at) => kinkAt(strip, at, from, to))
  })
  const seams = [whole, grouped, ...parts, measureLevel(strip)]
  const worst = seams.reduce((a, b) => (b.excess > a.excess ? b : a))
  return worst.excess > 0 && isRegular(strip) ? { ...worst, excess: 0, bound: worst.height } : worst
}

/** Compares the seam, at line 0, with the highest of other lines. */
function compare(
  lines: readonly number[],
  { factor, level }: { factor: number; level: number },
  measure: (line: number) => number,
): Seam {
  const height = measure(0)
  let highest = 0
  for (const line of lines) highest = Math.max(highest, measure(line))
  const bound = highest * factor + level
  return { height, bound, excess: height - bound }
}

/** Counts of kinks, in sixths, up to the highest that counts. */
const kinks = new Uint32Array(6 * 256)

/**
 * Returns by how much the step from the line before to a line differs from the steps on either
 * side, over some of its pixels: the median of the means of the channels, of 255. Gradients have
 * none, and an outline that crosses the line has no weight. Grain averages out in a group of
 * pixels.
 */
function kinkAt(strip: Strip, line: number, from: number, to: number, group = 1): number {
  const { face, across } = strip
  const [a, b, c, d] = [-2, -1, 0, 1].map((offset) => lineAt(strip, line + offset)) as Places
  kinks.fill(0)
  let count = 0
  for (let pixel = from; pixel + group <= to; pixel += group) {
    let sum = 0
    for (let channel = 0; channel < 3; channel++) {
      let kink = 0
      const first = pixel * across + channel
      for (let at = first; at < first + group * across; at += across) {
        // Twice the step, less the steps before and after it.
        kink += 3 * (face[c + at]! - face[b + at]!) + face[a + at]! - face[d + at]!
      }
      sum += Math.abs(kink)
    }
    kinks[Math.min(kinks.length - 1, Math.round(sum / group))]!++
    count++
  }
  let rest = count / 2
  let sixths = 0
  while (rest > kinks[sixths]!) rest -= kinks[sixths++]!
  return sixths / 6
}

type Places = [number, number, number, number]

/** Returns where a line starts, beyond either end too. */
function lineAt({ length, along }: Strip, line: number): number {
  return ((line + length) % length) * along
}

/**
 * Measures the step in brightness over the seam that goes the same way along it: grain hides it
 * from single pixels.
 */
function measureLevel(strip: Strip): Seam {
  const { length, breadth } = strip
  const count = Math.max(1, Math.min(LEVELS.parts, Math.floor(breadth / LEVELS.least)))
  const bands = Math.floor(length / BAND)
  const levels = Array.from({ length: bands }, (_, band) =>
    // The last band ends at the edge, whatever the length.
    levelsOf(strip, band === bands - 1 ? length - BAND : band * BAND, count),
  )
  const at = (band: number, part: number): number => levels[(band + bands) % bands]![part]!
  const stepsOf = (band: number): number[] =>
    Array.from({ length: count }, (_, part) => {
      const twice = 3 * (at(band, part) - at(band - 1, part)) + at(band - 2, part)
      return (twice - at(band + 1, part)) / 2
    })
  const steps = Array.from({ length: bands - 2 }, (_, index) =>
    stepsOf(index === 0 ? 0 : index + 1),
  )
  const lines = steps.map((_, index) => index)
  return compare(lines.slice(1), BOUND.level, (line) => sameWay(steps[line]!))
}

/** Returns the least step that most parts have in one direction; 0 if they have none. */
function sameWay(steps: readonly number[]): number {
  const low = quantile(steps, LEVELS.share)
  const high = -quantile(
    steps.map((step) => -step),
    LEVELS.share,
  )
  return low * high > 0 ? Math.min(Math.abs(low), Math.abs(high)) : 0
}

/** Returns the brightness of the parts of a band of lines. */
function levelsOf(strip: Strip, line: number, count: number): number[] {
  const { face, across, along, breadth } = strip
  return Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * breadth) / count)
    const to = Math.floor(((part + 1) * breadth) / count)
    let sum = 0
    for (let pixel = from; pixel < to; pixel++) {
      for (let offset = 0; offset < BAND; offset++) {
        const at = pixel * across + (line + offset) * along
        sum += face[at]! + face[at + 1]! + face[at + 2]!
      }
    }
    return sum / (3 * BAND * (to - from))
  })
}

/**
 * Returns whether the seam is one of the edges of a regular pattern, such as squares or bricks: the
 * picture has edges like it at all multiples of a fraction of its length.
 */
function isRegular(strip: Strip): boolean {
  const { length, breadth } = strip
  const heights = Array.from({ length }, (_, line) => kinkAt(strip, line, 0, breadth))
  if (quantile(heights, 0.5) > heights[0]! * CALM) return false
  const least = heights[0]! * REGULAR
  const isEdge = (line: number): boolean =>
    [-1, 0, 1].some((offset) => heights[(line + offset + length) % length]! >= least)
  for (let count = 2; count <= Math.min(MOST_REPETITIONS, length / 4); count++) {
    const multiples = Array.from({ length: count - 1 }, (_, index) =>
      Math.round(((index + 1) * length) / count),
    )
    // Between them it has none: else every picture of noise would be regular.
    const between = multiples.map((line) => Math.round(line - length / count / 2))
    if (multiples.every(isEdge) && !between.every(isEdge)) return true
  }
  return false
}

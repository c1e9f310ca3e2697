import type { Examined } from './examined-pixels.ts'

/** How far the channels of a grey may be apart, of 255. */
const NEUTRAL = 10
/** Two greys of a painted checkerboard: how far apart, of 255, and how light or dark. */
const GREYS = { least: 8, most: 90, light: 150, dark: 125 }
/** How far a pixel may be from its grey, of 255, as a share of the distance between both. */
const TOLERANCE = 0.4
/** Edge of a square, px. */
const SQUARE = { least: 3, most: 128 }
/** Share of the runs in both directions that must have the same length. */
const REGULAR = 0.4
/** Share of the grey pixels that must continue the pattern. */
const CONSISTENT = 0.6
/** Share of the pixels that each grey needs. */
const LEAST_SHARE = 0.003

/** Where the pixels of two greys are: 1 and 2; 0 for others. */
type Marks = Uint8Array

/**
 * Returns the share of a picture that is a painted checkerboard, like the one that editors show for
 * transparency: upright squares of two greys, both light or both dark.
 */
export function checkerboardShare(picture: Examined): number {
  const greys = findGreys(picture)
  if (greys === undefined) return 0
  const marks = markGreys(picture, greys)
  const { width, height } = picture
  const across = usualRun(marks, { lines: height, length: width, along: 1, next: width })
  if (across === undefined) return 0
  const down = usualRun(marks, { lines: width, length: height, along: width, next: 1 })
  if (down === undefined || Math.abs(across - down) > Math.max(1, across * 0.1)) return 0
  return patternShare(marks, width, height, across, down)
}

/** Finds the two most common greys of a picture, if they are like those of a checkerboard. */
function findGreys({ data }: Examined): [number, number] | undefined {
  const counts = new Uint32Array(256)
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3]! < 250) continue
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!]
    if (Math.max(red, green, blue) - Math.min(red, green, blue) <= NEUTRAL) counts[green]!++
  }
  const sums = Array.from(counts, (_, grey) => {
    let sum = 0
    for (let near = Math.max(0, grey - 3); near <= Math.min(255, grey + 3); near++) {
      sum += counts[near]!
    }
    return sum
  })
  const first = highest(sums, () => true)
  const second = highest(sums, (grey) => {
    const distance = Math.abs(grey - first)
    const isLight = Math.min(grey, first) >= GREYS.light
    const isDark = Math.max(grey, first) <= GREYS.dark
    return distance >= GREYS.least && distance <= GREYS.most && (isLight || isDark)
  })
  const least = (data.length / 4) * LEAST_SHARE
  if (second < 0 || sums[first]! < least || sums[second]! < least) return undefined
  return [first, second]
}

function highest(sums: readonly number[], isAllowed: (grey: number) => boolean): number {
  let best = -1
  for (let grey = 0; grey < sums.length; grey++) {
    if (isAllowed(grey) && (best < 0 || sums[grey]! > sums[best]!)) best = grey
  }
  return best
}

function markGreys({ data }: Examined, [first, second]: [number, number]): Marks {
  const tolerance = Math.max(3, Math.abs(first - second) * TOLERANCE)
  const marks = new Uint8Array(data.length / 4)
  for (let pixel = 0; pixel < marks.length; pixel++) {
    const at = pixel * 4
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!]
    if (data[at + 3]! < 250) continue
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 2 * NEUTRAL) continue
    if (Math.abs(green - first) <= tolerance) marks[pixel] = 1
    else if (Math.abs(green - second) <= tolerance) marks[pixel] = 2
  }
  return marks
}

/** How to walk over marks: `lines` lines of `length` pixels, and the distances between them. */
interface Walk {
  lines: number
  length: number
  along: number
  next: number
}

/**
 * Returns the usual length of a run of one grey between two of the other, px. Pixels between two
 * greys that are neither belong half to each.
 */
function usualRun(marks: Marks, { lines, length, along, next }: Walk): number | undefined {
  const counts = new Uint32Array(SQUARE.most + 2)
  let runs = 0
  for (let line = 0; line < lines; line++) {
    let current = 0
    let start = -1
    for (let pixel = 0, at = line * next; pixel < length; pixel++, at += along) {
      const mark = marks[at]!
      if (mark === 0 || mark === current) continue
      const run = pixel - start
      if (current !== 0 && start >= 0) {
        if (run >= SQUARE.least && run <= SQUARE.most) counts[run]!++
        runs++
      }
      start = current === 0 ? -1 : pixel
      current = mark
    }
  }
  return dominant(counts, runs)
}

/** Returns the mean of the most common length and its neighbours, if enough runs have them. */
function dominant(counts: Uint32Array, runs: number): number | undefined {
  let [best, most] = [0, 0]
  for (let length = SQUARE.least; length <= SQUARE.most; length++) {
    const near = [length - 1, length, length + 1]
    const sum = near.reduce((all, own) => all + counts[own]!, 0)
    if (sum <= most) continue
    best = Math.round(near.reduce((all, own) => all + own * counts[own]!, 0) / sum)
    most = sum
  }
  return runs > 0 && most >= runs * REGULAR ? best : undefined
}

/** Returns the share of the picture whose pixels have the other grey beside and below them. */
function patternShare(
  marks: Marks,
  width: number,
  height: number,
  across: number,
  down: number,
): number {
  let [known, fits] = [0, 0]
  for (let y = 0; y + down < height; y++) {
    for (let x = 0; x + across < width; x++) {
      const at = y * width + x
      const own = marks[at]!
      if (own === 0) continue
      const beside = marks[at + across]!
      const below = marks[at + down * width]!
      const diagonal = marks[at + down * width + across]!
      if (beside === 0 || below === 0 || diagonal === 0) continue
      // Even parts, such as a white margin, neither continue the pattern nor break it.
      if (beside === own && below === own && diagonal === own) continue
      known++
      if (beside !== own && below !== own && diagonal === own) fits++
    }
  }
  return known === 0 || fits < known * CONSISTENT ? 0 : fits / marks.length
}

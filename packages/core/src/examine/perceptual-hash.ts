import { rangeOf } from './cells.ts'
import type { ExaminedPixels } from './examined-pixels.ts'

/**
 * What a picture looks like, as 95 hex digits: equal for equal pictures, and similar for those that
 * differ only in size, encoding or a little in colour.
 */
export type PerceptualHash = string

/** Edge of the grid that a picture is averaged to. */
const GRID = 32
/** Frequencies in both directions that a hash keeps: those whose sum is less than this. */
const FREQUENCIES = 16
/** The weakest frequency that is more than noise, of 255, and as a share of the usual strength. */
const WEAKEST = { level: 4, share: 0.25 }
/** Edge of the grid of colours. */
const COLOURS = 3
/** Share of the structure in which near duplicates may differ. */
const MOST_STRUCTURE = 0.25
/** How far the colours of near duplicates may be apart, in 16 steps of a channel. */
const MOST_COLOUR = 2
/** Digits of the structure: two bits for each frequency. */
const STRUCTURE_DIGITS = 68

/** Hashes what a picture looks like. Transparent pixels differ from every colour. */
export function perceptualHash(picture: ExaminedPixels): PerceptualHash {
  const { light, colours } = average(picture)
  const strengths = transform(light)
  const energy = Math.sqrt(
    strengths.reduce((sum, value) => sum + value * value, 0) / strengths.length,
  )
  const weakest = Math.max(WEAKEST.level, WEAKEST.share * energy)
  const signs = strengths.map((value) => (Math.abs(value) < weakest ? 0 : value < 0 ? 2 : 1))
  let structure = ''
  for (let at = 0; at < signs.length; at += 2) {
    structure += ((signs[at]! << 2) | (signs[at + 1] ?? 0)).toString(16)
  }
  const colour = colours.map((value) => Math.round(value / 17).toString(16)).join('')
  return structure.padEnd(STRUCTURE_DIGITS, '0') + colour
}

/**
 * Returns how different two pictures look by their hashes. They are near duplicates if neither
 * value is above 1.
 */
export function compareHashes(
  one: PerceptualHash,
  other: PerceptualHash,
): { structure: number; colour: number } {
  let [different, all] = [0, 0]
  for (let at = 0; at < STRUCTURE_DIGITS; at++) {
    const [a, b] = [digitAt(one, at), digitAt(other, at)]
    for (const shift of [0, 2]) {
      const [left, right] = [signOf(a >> shift), signOf(b >> shift)]
      different += Math.abs(left - right)
      all += Math.abs(left) + Math.abs(right)
    }
  }
  let colour = 0
  for (let at = STRUCTURE_DIGITS; at < one.length; at++) {
    colour = Math.max(colour, Math.abs(digitAt(one, at) - digitAt(other, at)))
  }
  return {
    structure: all === 0 ? 0 : different / all / MOST_STRUCTURE,
    colour: colour / MOST_COLOUR,
  }
}

function digitAt(hash: string, at: number): number {
  return Number.parseInt(hash.charAt(at) || '0', 16)
}

/** Reads two bits: 0 is weak, 1 positive, 2 negative. */
function signOf(bits: number): number {
  const value = bits & 3
  return value === 2 ? -1 : value
}

/** Averages a picture to a grid of lightness, and to a coarse one of colours on white. */
function average({ data, width, height }: ExaminedPixels): {
  light: Float64Array
  colours: number[]
} {
  const light = new Float64Array(GRID * GRID)
  const colours = Array.from({ length: COLOURS * COLOURS * 3 }, () => 0)
  const weights = Array.from({ length: COLOURS * COLOURS }, () => 0)
  for (let row = 0; row < GRID; row++) {
    const [from, to] = atLeastOne(rangeOf(row, GRID, height), height)
    for (let column = 0; column < GRID; column++) {
      const [start, end] = atLeastOne(rangeOf(column, GRID, width), width)
      const mean = averageCell(data, width, { from, to, start, end })
      light[row * GRID + column] = mean.light
      const coarse =
        Math.floor((row * COLOURS) / GRID) * COLOURS + Math.floor((column * COLOURS) / GRID)
      weights[coarse]!++
      for (let channel = 0; channel < 3; channel++) {
        colours[coarse * 3 + channel]! += mean.colour[channel]!
      }
    }
  }
  return { light, colours: colours.map((sum, at) => sum / weights[Math.floor(at / 3)]!) }
}

/** A picture that is smaller than the grid has pixels in several cells. */
function atLeastOne([from, to]: [number, number], length: number): [number, number] {
  const start = Math.min(from, length - 1)
  return [start, Math.max(to, start + 1)]
}

function averageCell(
  data: Uint8Array,
  width: number,
  { from, to, start, end }: { from: number; to: number; start: number; end: number },
): { light: number; colour: [number, number, number] } {
  let [red, green, blue, alpha] = [0, 0, 0, 0]
  for (let y = from; y < to; y++) {
    const last = (y * width + end) * 4
    for (let at = (y * width + start) * 4; at < last; at += 4) {
      const opacity = data[at + 3]!
      red += data[at]! * opacity
      green += data[at + 1]! * opacity
      blue += data[at + 2]! * opacity
      alpha += opacity
    }
  }
  const count = (to - from) * (end - start)
  const white = 255 - alpha / count
  const scale = 1 / 255 / count
  const [r, g, b] = [red * scale, green * scale, blue * scale]
  return {
    // No colour is as dark as a transparent pixel.
    light: 0.75 * (0.299 * r + 0.587 * g + 0.114 * b) + (64 * alpha) / count / 255,
    colour: [r + white, g + white, b + white],
  }
}

/** `COSINES[u * GRID + x]` */
const COSINES = Float64Array.from({ length: FREQUENCIES * GRID }, (_, at) => {
  const frequency = Math.floor(at / GRID)
  return Math.cos((Math.PI / GRID) * ((at % GRID) + 0.5) * frequency)
})

/** Returns the low frequencies of a grid except for its mean: a cosine transform, of 255. */
function transform(light: Float64Array): number[] {
  const rows = new Float64Array(GRID * FREQUENCIES)
  for (let y = 0; y < GRID; y++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0
      for (let x = 0; x < GRID; x++) sum += light[y * GRID + x]! * COSINES[u * GRID + x]!
      rows[y * FREQUENCIES + u] = sum
    }
  }
  const strengths: number[] = []
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = v === 0 ? 1 : 0; u + v < FREQUENCIES; u++) {
      let sum = 0
      for (let y = 0; y < GRID; y++) sum += rows[y * FREQUENCIES + u]! * COSINES[v * GRID + y]!
      strengths.push((sum * 2) / GRID)
    }
  }
  return strengths
}

import type { Verdict } from '../lock/verdict.ts'
import { colourDifference, type Lab, toLab } from './colour-difference.ts'
import type { Examined } from './examined-pixels.ts'
import { formatShare } from './not-blank.ts'
import { formatColour, noColour, parseColour } from './parse-colour.ts'

/** Share of the visible pixels from which on a colour counts. */
const NOTABLE = 0.02
/** Colours that differ by less than this count as one. CIEDE2000. */
const SAME = 5
/** Alpha from which on a pixel has a colour of its own: shadows and soft edges have none. */
const VISIBLE_ALPHA = 128
/** A pixel between neighbours that differ by this much is the edge between two colours, of 255. */
const EDGE = 32
/** Pixels that are read: of a larger picture, only some rows. */
const MAX_PIXELS = 2_000_000
/** Bits of a channel by which similar pixels are counted together. */
const BITS = 5

/** A colour of the picture and its share of the visible pixels. */
interface Counted {
  red: number
  green: number
  blue: number
  lab: Lab
  share: number
}

/**
 * Tests that every colour that covers a notable share of a picture is near one of a palette, by
 * CIEDE2000. Ignores pixels that are more transparent than not, and those that blend two colours.
 */
export function testPalette(
  picture: Examined,
  { near, most }: { near: readonly string[]; most: number },
): Verdict {
  const palette: { text: string; lab: Lab }[] = []
  for (const text of near) {
    const colour = parseColour(text)
    if (colour === undefined) return noColour('palette', text)
    palette.push({ text, lab: toLab(colour.red, colour.green, colour.blue) })
  }
  const foreign = countColours(picture).filter(
    ({ lab }) => nearest(lab, palette).difference > most + 0.005,
  )
  const worst = largestGroup(foreign)
  if (worst === undefined || worst.share < NOTABLE) {
    return {
      test: 'palette',
      passed: true,
      reason: `No colour beyond a difference of ${most} from the palette covers ${formatShare(NOTABLE)} of the picture or more.`,
    }
  }
  const { text, difference } = nearest(worst.lab, palette)
  return {
    test: 'palette',
    passed: false,
    reason: `Colours like ${formatColour(worst.red, worst.green, worst.blue)} cover ${formatShare(worst.share)} of the picture. The difference from ${text} is ${difference.toFixed(1)}; at most ${most} is expected.`,
  }
}

function nearest(
  lab: Lab,
  palette: readonly { text: string; lab: Lab }[],
): { text: string; difference: number } {
  let best = { text: '', difference: Number.POSITIVE_INFINITY }
  for (const { text, lab: other } of palette) {
    const difference = colourDifference(lab, other)
    if (difference < best.difference) best = { text, difference }
  }
  return best
}

/** Counts the colours of the visible pixels, similar ones together. */
function countColours({ data, width, height }: Examined): Counted[] {
  const sums = new Float64Array(4 << (3 * BITS))
  const step = Math.max(1, Math.ceil((width * height) / MAX_PIXELS))
  let total = 0
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      if (data[at + 3]! < VISIBLE_ALPHA) continue
      total++
      const isEdge =
        (x > 0 && x < width - 1 && isBetween(data, at, 4)) ||
        (y > 0 && y < height - 1 && isBetween(data, at, width * 4))
      if (isEdge) continue
      const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!]
      const drop = 8 - BITS
      const bin = ((((red >> drop) << BITS) | (green >> drop)) << BITS) | (blue >> drop)
      sums[bin * 4]! += red
      sums[bin * 4 + 1]! += green
      sums[bin * 4 + 2]! += blue
      sums[bin * 4 + 3]!++
    }
  }
  return meansOf(sums, total)
}

/** Returns whether a pixel blends the two beside it, which are `step` bytes away. */
function isBetween(data: Uint8Array, at: number, step: number): boolean {
  let widest = 0
  for (let channel = at; channel < at + 3; channel++) {
    const before = data[channel - step]!
    const after = data[channel + step]!
    const value = data[channel]!
    if ((value - before) * (after - value) < 0) return false
    const distance = Math.abs(after - before)
    // A pixel like one of its neighbours belongs to it.
    const own = Math.min(Math.abs(value - before), Math.abs(after - value))
    if (own > EDGE / 8 && distance > widest) widest = distance
  }
  return widest >= EDGE
}

function meansOf(sums: Float64Array, total: number): Counted[] {
  const counted: Counted[] = []
  for (let at = 0; at < sums.length; at += 4) {
    const count = sums[at + 3]!
    if (count === 0) continue
    const [red, green, blue] = [sums[at]! / count, sums[at + 1]! / count, sums[at + 2]! / count]
    counted.push({ red, green, blue, lab: toLab(red, green, blue), share: count / total })
  }
  return counted
}

/** Number of colours around which groups are formed: a notable group has one of them in its middle. */
const SEEDS = 100

/** Finds the colour that, together with those that look like it, covers the most. */
function largestGroup(colours: readonly Counted[]): Counted | undefined {
  let largest: Counted | undefined
  const seeds = colours.toSorted((a, b) => b.share - a.share).slice(0, SEEDS)
  for (const seed of seeds) {
    let share = 0
    for (const { lab, share: own } of colours) if (looksLike(seed.lab, lab)) share += own
    if (largest === undefined || share > largest.share) largest = { ...seed, share }
  }
  return largest
}

function looksLike(one: Lab, other: Lab): boolean {
  // Differences of CIELAB are cheap, and never less than a quarter of CIEDE2000 in practice.
  const distance = (one.l - other.l) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2
  return distance < (4 * SAME) ** 2 && colourDifference(one, other) < SAME
}

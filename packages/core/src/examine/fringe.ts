import { quantile } from './cells.ts'
import { type Crossing, findCrossings, type Rgb } from './contour.ts'
import type { ExaminedPixels } from './examined-pixels.ts'
import { formatShare } from './not-blank.ts'
import { formatColour } from './parse-colour.ts'

/** Width of an opaque fringe: least and as a share of the longer edge. A wider band is an outline. */
const WIDTH = { pixels: 3, share: 0.003 }
/** Crossings without which a contour says nothing. */
const LEAST_CROSSINGS = 24
/** Differences that do not come from a subject's own shading, of 255. */
const DIFFERENCE = { soft: 16, band: 40 }
/** How far the old background must be from the subject to be visible, of 255. */
const VISIBLE = 48
/** Share of the contour that has a fringe: where one would be visible, and of all of it. */
const LEAST_SHARE = { soft: 0.35, band: 0.6, all: 0.2, telling: 0.5 }
/** Share of the old background that a blended pixel has, compared with its transparency. */
const BLEND = { least: 0.5, most: 1.6 }
/** How far the colours that are computed for the old background may be apart: half of them, of 255. */
const SPREAD = 32
/** What an opaque fringe looks like: light, or a key colour. A dark band is an outline. */
const BAND = { light: 190, keyed: 100 }
/** How far a colour may be outside of what a blend of two gives, of 255. */
const OUTSIDE = 24

/**
 * Finds a fringe of the old background around a cut-out subject: blended into its soft edge, or as
 * a thin opaque band.
 *
 * @returns a sentence about it; `undefined` if there is none, or too little contour to tell
 */
export function findFringe(picture: ExaminedPixels): string | undefined {
  const width = Math.max(
    WIDTH.pixels,
    Math.round(Math.max(picture.width, picture.height) * WIDTH.share),
  )
  const { crossings, shadowed } = findCrossings(picture, width + 3)
  // The rest of a contour with a shadow has some of the shadow's colour too.
  if (crossings.length < Math.max(LEAST_CROSSINGS, shadowed)) return undefined
  const fringe = findSoftFringe(crossings) ?? findBand(crossings, width)
  if (fringe === undefined) return undefined
  const [red, green, blue] = fringe.colour
  return `${formatShare(fringe.share)} of the contour has a fringe of the old background, like ${formatColour(red, green, blue)}.`
}

interface Fringe {
  colour: Rgb
  share: number
}

/** A soft edge: its colour, its alpha, the colour inside, and how much that changes by itself. */
interface SoftEdge {
  colour: Rgb
  clear: number
  subject: Rgb
  tolerance: number
}

/** Finds a background that is blended into the soft pixels, more the more transparent they are. */
function findSoftFringe(crossings: readonly Crossing[]): Fringe | undefined {
  const edges = crossings.flatMap(({ soft, inside }): SoftEdge[] => {
    if (soft === undefined || soft.alpha > 0.9) return []
    const tolerance = DIFFERENCE.soft + 2 * distance(inside[1]!, inside[4]!)
    return [{ colour: soft.colour, clear: 1 - soft.alpha, subject: inside[1]!, tolerance }]
  })
  if (edges.length < LEAST_CROSSINGS) return undefined
  const backgrounds = edges
    .filter(({ colour, subject, tolerance }) => distance(colour, subject) > tolerance)
    .map(({ colour, subject, clear }) =>
      mapRgb((at) => subject[at]! + (colour[at]! - subject[at]!) / clear),
    )
    .filter((colour) => colour.every((value) => value > -40 && value < 295))
  if (backgrounds.length < LEAST_CROSSINGS) return undefined
  const background = mapRgb((at) =>
    clamp(
      quantile(
        backgrounds.map((colour) => colour[at]!),
        0.5,
      ),
    ),
  )
  const spread = quantile(
    backgrounds.map((colour) => distance(colour, background)),
    0.5,
  )
  if (spread > SPREAD) return undefined
  const telling = edges.filter(({ subject, clear, tolerance }) => {
    const visible = distance(subject, background)
    return visible >= VISIBLE && tolerance < 0.8 * clear * visible
  })
  if (telling.length < Math.max(LEAST_CROSSINGS, LEAST_SHARE.telling * edges.length)) {
    return undefined
  }
  const blended = telling.filter((edge) => {
    const share = shareOf(edge.colour, edge.subject, background) / edge.clear
    return share >= BLEND.least && share <= BLEND.most
  })
  if (blended.length < LEAST_SHARE.all * edges.length) return undefined
  const share = blended.length / telling.length
  return share >= LEAST_SHARE.soft ? { colour: background, share } : undefined
}

/** Finds a thin opaque band of a light or key colour between the contour and the subject. */
function findBand(crossings: readonly Crossing[], width: number): Fringe | undefined {
  const edges = crossings
    .map(({ soft, inside }) => {
      const subject = inside[width + 1]!
      // Of a band that is hardly a pixel wide, only the soft pixels have its colour.
      const isSofter = soft && distance(soft.colour, subject) > distance(inside[0]!, subject)
      return { outer: isSofter ? soft.colour : inside[0]!, subject, deeper: inside[width + 3]! }
    })
    .filter(({ subject, deeper }) => distance(subject, deeper) <= OUTSIDE)
  const different = edges.filter(
    ({ outer, subject }) => distance(outer, subject) >= DIFFERENCE.band,
  )
  if (different.length < LEAST_CROSSINGS) return undefined
  const background = mapRgb((at) =>
    quantile(
      different.map(({ outer }) => outer[at]!),
      0.6,
    ),
  )
  if (lightness(background) < BAND.light && !isKeyed(background)) return undefined
  // A contour with other differences has a pattern, and not a band of one colour.
  const telling = edges.filter(
    ({ outer, subject }) =>
      distance(subject, background) >= VISIBLE || distance(outer, subject) >= DIFFERENCE.band,
  )
  if (telling.length < LEAST_CROSSINGS) return undefined
  const banded = telling.filter(
    ({ outer, subject }) =>
      distance(outer, subject) >= DIFFERENCE.band && isBetween(outer, subject, background),
  )
  if (banded.length < LEAST_SHARE.all * edges.length) return undefined
  const share = banded.length / telling.length
  return share >= LEAST_SHARE.band ? { colour: background, share } : undefined
}

function mapRgb(value: (channel: number) => number): Rgb {
  return [value(0), value(1), value(2)]
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value))
}

function distance(a: Rgb, b: Rgb): number {
  return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]))
}

function lightness([red, green, blue]: Rgb): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue
}

/** Returns whether a colour is one of those that backgrounds are keyed with: green, blue, magenta. */
function isKeyed([red, green, blue]: Rgb): boolean {
  const lead = Math.max(
    green - Math.max(red, blue),
    blue - Math.max(red, green),
    Math.min(red, blue) - green,
  )
  return lead >= BAND.keyed
}

/** Returns how far a colour is on the way from one to another: 0 to 1. */
function shareOf(colour: Rgb, from: Rgb, to: Rgb): number {
  let [product, square] = [0, 0]
  for (let at = 0; at < 3; at++) {
    product += (colour[at]! - from[at]!) * (to[at]! - from[at]!)
    square += (to[at]! - from[at]!) ** 2
  }
  return product / square
}

/** Returns whether a colour is a blend of two others. */
function isBetween(colour: Rgb, one: Rgb, other: Rgb): boolean {
  return colour.every(
    (value, at) =>
      value >= Math.min(one[at]!, other[at]!) - OUTSIDE &&
      value <= Math.max(one[at]!, other[at]!) + OUTSIDE,
  )
}

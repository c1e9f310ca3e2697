import type { ExaminedPixels } from './examined-pixels.ts'

export type Rgb = readonly [red: number, green: number, blue: number]

/** A place where a picture turns from transparent to opaque within a few pixels. */
export interface Crossing {
  /** Mean colour and alpha, 0 to 1, of the pixels between; `undefined` if there are none. */
  soft: { colour: Rgb; alpha: number } | undefined
  /** Colours by their distance from the first opaque pixel inwards, px. */
  inside: readonly Rgb[]
}

/** Where rows and columns of a picture enter its subject. */
export interface Contour {
  crossings: Crossing[]
  /** Number of places where they enter it from a shadow or a glow. */
  shadowed: number
}

/**
 * Alpha up to which a pixel is transparent, and two pixels further out is empty: else it is part of
 * a shadow. Alpha from which on it is opaque, and has a reliable colour.
 */
const ALPHA = { transparent: 12, empty: 4, opaque: 230, reliable: 40 }
/** Most pixels between transparent and opaque: a wider transition is a shadow, a glow or hair. */
const MOST_SOFT = 4
/** What is counted as more soft pixels than that. */
const WIDE = -2
/** Crossings that are kept: of a long contour, every second or third. */
const MOST_CROSSINGS = 20_000

/**
 * Finds where rows and columns of a picture enter its subject.
 *
 * @param depth pixels behind the first opaque one that must be opaque too
 */
export function findCrossings(picture: ExaminedPixels, depth: number): Contour {
  const { width, height } = picture
  const contour: Contour = { crossings: [], shadowed: 0 }
  for (let y = 0; y < height; y++) {
    const row = y * width * 4
    scan(picture.data, { from: row, step: 4, length: width }, depth, contour)
    scan(picture.data, { from: row + (width - 1) * 4, step: -4, length: width }, depth, contour)
  }
  for (let x = 0; x < width; x++) {
    const column = x * 4
    const step = width * 4
    const last = column + (height - 1) * step
    scan(picture.data, { from: column, step, length: height }, depth, contour)
    scan(picture.data, { from: last, step: -step, length: height }, depth, contour)
  }
  const every = Math.ceil(contour.crossings.length / MOST_CROSSINGS)
  if (every <= 1) return contour
  const crossings = contour.crossings.filter((_, index) => index % every === 0)
  return { crossings, shadowed: contour.shadowed / every }
}

/** Adds the crossings of one line of pixels. */
function scan(
  data: Uint8Array,
  { from, step, length }: { from: number; step: number; length: number },
  depth: number,
  contour: Contour,
): void {
  let soft = -1
  for (let pixel = 0, at = from; pixel < length; pixel++, at += step) {
    const alpha = data[at + 3]!
    if (alpha <= ALPHA.transparent) soft = 0
    else if (soft === WIDE && alpha >= ALPHA.opaque) {
      contour.shadowed++
      soft = -1
    } else if (soft >= 0 && alpha < ALPHA.opaque) soft = soft < MOST_SOFT ? soft + 1 : WIDE
    else if (soft >= 0) {
      const outside = Math.max(0, pixel - soft - 3)
      const isEmpty = data[from + outside * step + 3]! <= ALPHA.empty
      if (isEmpty && pixel + depth < length && isSolid(data, at, step, depth)) {
        contour.crossings.push({
          soft: meanOfSoft(data, at, step, soft),
          inside: Array.from({ length: depth + 1 }, (_, index) =>
            colourAt(data, at + index * step),
          ),
        })
      } else if (!isEmpty) contour.shadowed++
      soft = -1
    }
  }
}

function isSolid(data: Uint8Array, at: number, step: number, depth: number): boolean {
  for (let index = 1; index <= depth; index++) {
    if (data[at + index * step + 3]! < ALPHA.opaque) return false
  }
  return true
}

function colourAt(data: Uint8Array, at: number): Rgb {
  return [data[at]!, data[at + 1]!, data[at + 2]!]
}

function meanOfSoft(data: Uint8Array, at: number, step: number, count: number): Crossing['soft'] {
  let [red, green, blue, alpha, reliable] = [0, 0, 0, 0, 0]
  for (let index = 1; index <= count; index++) {
    const pixel = at - index * step
    if (data[pixel + 3]! < ALPHA.reliable) continue
    red += data[pixel]!
    green += data[pixel + 1]!
    blue += data[pixel + 2]!
    alpha += data[pixel + 3]! / 255
    reliable++
  }
  if (reliable === 0) return undefined
  return { colour: [red / reliable, green / reliable, blue / reliable], alpha: alpha / reliable }
}

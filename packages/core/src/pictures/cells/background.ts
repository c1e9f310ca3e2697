/** A decoded picture: 8-bit RGBA with straight alpha, rows from top to bottom. */
export type Rgba = { width: number; height: number; data: Uint8Array }

/** What is behind the objects of a sheet. */
export type Background = {
  isTransparent: boolean
  /** Writes the colour at a place, RGBA. The place may be outside the picture. */
  fill(x: number, y: number, to: Uint8Array, at: number): void
  /** Whether the pixel at an index, which is that of a place, belongs to an object. */
  isObject(x: number, y: number, index: number): boolean
}

/** From this alpha on, a pixel of a transparent picture belongs to an object. */
const MIN_ALPHA = 24
/** The difference from a flat background from which a pixel belongs to an object. */
const MIN_DIFFERENCE = 20
/** The largest such difference: paper grain and JPEG noise raise it. */
const MAX_DIFFERENCE = 60
/** Where the background is measured: inside of a frame, as shares of the shorter edge. */
const INSETS = [0.02, 0.03]

/**
 * Measures the background near the edges of a picture: transparent, or a colour that may change
 * evenly from one side to the other.
 */
export function measureBackground(picture: Rgba): Background {
  const border = borderPixels(picture)
  const clear = border.filter(({ index }) => picture.data[index * 4 + 3]! < MIN_ALPHA)
  return clear.length > border.length / 2
    ? transparentBackground(picture)
    : flatBackground(picture, border)
}

function transparentBackground({ data }: Rgba): Background {
  return {
    isTransparent: true,
    fill: (_x, _y, to, at) => to.fill(0, at, at + 4),
    isObject: (_x, _y, index) => data[index * 4 + 3]! >= MIN_ALPHA,
  }
}

type BorderPixel = { x: number; y: number; index: number }

/** Returns at most a few thousand pixels along the edges. */
function borderPixels({ width, height }: Rgba): BorderPixel[] {
  const step = Math.max(1, Math.floor((width + height) / 1000))
  const pixels: BorderPixel[] = []
  const add = (x: number, y: number): number => pixels.push({ x, y, index: y * width + x })
  for (const share of INSETS) {
    const inset = Math.floor(Math.min(width, height) * share)
    for (let x = inset; x < width - inset; x += step) {
      add(x, inset)
      add(x, height - 1 - inset)
    }
    for (let y = inset; y < height - inset; y += step) {
      add(inset, y)
      add(width - 1 - inset, y)
    }
  }
  return pixels
}

/** The value of a channel at a place: `[at the top left, per px to the right, per px down]`. */
type Plane = readonly [number, number, number]

function flatBackground({ data }: Rgba, border: readonly BorderPixel[]): Background {
  const valueOf = (channel: number, { index }: BorderPixel): number => data[index * 4 + channel]!
  let kept = border
  let planes = fitPlanes(kept, valueOf)
  // Objects that reach the edge are outliers: the nearer half of the pixels is the background.
  for (let round = 0; round < 3; round++) {
    const off = border.map((pixel) => differenceOf(pixel, planes, valueOf))
    const limit = Math.max(4, median(off) * 2)
    kept = border.filter((_, at) => off[at]! <= limit)
    planes = fitPlanes(kept, valueOf)
  }
  const noise = median(kept.map((pixel) => differenceOf(pixel, planes, valueOf)))
  const limit = Math.min(MAX_DIFFERENCE, Math.max(MIN_DIFFERENCE, noise * 5))
  const [r, g, b] = planes as [Plane, Plane, Plane]
  return {
    isTransparent: false,
    fill(x, y, to, at) {
      to[at] = clamp(r[0] + r[1] * x + r[2] * y)
      to[at + 1] = clamp(g[0] + g[1] * x + g[2] * y)
      to[at + 2] = clamp(b[0] + b[1] * x + b[2] * y)
      to[at + 3] = 255
    },
    isObject(x, y, index) {
      const at = index * 4
      return (
        Math.abs(data[at]! - r[0] - r[1] * x - r[2] * y) > limit ||
        Math.abs(data[at + 1]! - g[0] - g[1] * x - g[2] * y) > limit ||
        Math.abs(data[at + 2]! - b[0] - b[1] * x - b[2] * y) > limit
      )
    },
  }
}

type ValueOf = (channel: number, pixel: BorderPixel) => number

function fitPlanes(pixels: readonly BorderPixel[], valueOf: ValueOf): Plane[] {
  return [0, 1, 2].map((channel) =>
    fitPlane(pixels.map((pixel) => ({ ...pixel, value: valueOf(channel, pixel) }))),
  )
}

/** Fits a plane by least squares. */
function fitPlane(points: readonly { x: number; y: number; value: number }[]): Plane {
  const n = points.length
  const sum = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + of(point), 0)
  const [mx, my, mv] = [sum(({ x }) => x) / n, sum(({ y }) => y) / n, sum(({ value }) => value) / n]
  const xx = sum(({ x }) => (x - mx) ** 2)
  const yy = sum(({ y }) => (y - my) ** 2)
  const xy = sum(({ x, y }) => (x - mx) * (y - my))
  const xv = sum(({ x, value }) => (x - mx) * (value - mv))
  const yv = sum(({ y, value }) => (y - my) * (value - mv))
  const determinant = xx * yy - xy * xy
  if (determinant < 1e-6) return [mv, 0, 0]
  const right = (xv * yy - yv * xy) / determinant
  const down = (yv * xx - xv * xy) / determinant
  return [mv - right * mx - down * my, right, down]
}

function differenceOf(pixel: BorderPixel, planes: readonly Plane[], valueOf: ValueOf): number {
  return Math.max(
    ...planes.map(([start, right, down], channel) =>
      Math.abs(valueOf(channel, pixel) - start - right * pixel.x - down * pixel.y),
    ),
  )
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}

/** Width and height. */
export type Size = { width: number; height: number }

/** The part of the drawing that an SVG shows, in its own units. */
export type ViewBox = Size & { x: number; y: number }

/** The size of an SVG in CSS px, which need not be whole. */
export type SvgSize = Size & {
  viewBox: ViewBox
  /** Whether the file states the size, and not only the shape. */
  isStated: boolean
}

type Attributes = Readonly<Record<string, string>>

/**
 * Reads the size of an SVG from the attributes of its root as browsers do: a size that is missing,
 * relative, zero or negative follows from the other one and the view box.
 *
 * @returns `undefined` if the attributes do not determine it: it is that of the drawing
 */
export function readSvgSize(root: Attributes): SvgSize | undefined {
  const width = readLength(propertyOf(root, 'width'))
  const height = readLength(propertyOf(root, 'height'))
  const viewBox = readViewBox(root['viewBox'])
  const isStated = width !== undefined && height !== undefined
  if (viewBox === undefined) {
    return isStated
      ? { width, height, viewBox: { x: 0, y: 0, width, height }, isStated }
      : undefined
  }
  const ratio = viewBox.height / viewBox.width
  return {
    width: width ?? (height === undefined ? viewBox.width : height / ratio),
    height: height ?? (width === undefined ? viewBox.height : width * ratio),
    viewBox,
    isStated: width !== undefined || height !== undefined,
  }
}

/** Longest edge of the size that Limn reports, px: that of the largest output. */
const MAX_EDGE = 16_384
/** Shorter edges only describe a shape, px. CSS shows such an SVG in a box of 300x150 px. */
const MIN_EDGE = 8
const DEFAULT_BOX: Size = { width: 300, height: 150 }
/** Largest error of a shape that is due to whole numbers. */
const MAX_ERROR = 0.005

/**
 * Returns the size of an SVG in whole px. An SVG is sharp at every size, so its shape counts: a
 * size that rounding would distort is a multiple of the stated one.
 */
export function wholeSize({ width, height, isStated }: Size & { isStated: boolean }): Size {
  const long = Math.max(width, height)
  if (long > MAX_EDGE) return scaled({ width, height }, MAX_EDGE / long)
  if (!isStated && long < MIN_EDGE) {
    const scale = Math.min(DEFAULT_BOX.width / width, DEFAULT_BOX.height / height)
    return scaled({ width, height }, scale)
  }
  const factors = Array.from({ length: 64 }, (_, index) => index + 1)
  const exact = factors.find((factor) => distortion({ width, height }, factor) <= MAX_ERROR)
  return scaled({ width, height }, exact ?? 1)
}

function distortion(size: Size, factor: number): number {
  const whole = scaled(size, factor)
  const ratio = (whole.width / whole.height / size.width) * size.height
  return Math.max(ratio, 1 / ratio) - 1
}

function scaled({ width, height }: Size, factor: number): Size {
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  }
}

/** Returns a property of the root: from its `style`, or else from the attribute. */
function propertyOf(root: Attributes, name: 'width' | 'height'): string | undefined {
  const inStyle = new RegExp(String.raw`(?:^|;)\s*${name}\s*:\s*([^;!]+)`, 'i').exec(
    root['style'] ?? '',
  )
  return inStyle?.[1]!.trim() ?? root[name]
}

/** CSS px per unit. Font sizes are those of a page without styles. */
const PX_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  in: 96,
  cm: 96 / 2.54,
  mm: 9.6 / 2.54,
  q: 2.4 / 2.54,
  pt: 96 / 72,
  pc: 16,
  em: 16,
  rem: 16,
  ex: 8,
  ch: 8,
}

/** Parses a length to px; `undefined` if it is relative to the page, not positive or no length. */
function readLength(text: string | undefined): number | undefined {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*)\s*$/i.exec(text ?? '')
  if (match === null) return undefined
  const length = Number(match[1]) * (PX_PER_UNIT[match[2]!.toLowerCase()] ?? Number.NaN)
  return Number.isFinite(length) && length > 0 ? length : undefined
}

/** Parses a `viewBox`; `undefined` if it is missing, invalid or empty. */
export function readViewBox(text: string | undefined): ViewBox | undefined {
  const numbers = (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [x, y, width, height] = numbers
  const isValid =
    numbers.length === 4 && numbers.every(Number.isFinite) && width! > 0 && height! > 0
  return isValid ? { x: x!, y: y!, width: width!, height: height! } : undefined
}

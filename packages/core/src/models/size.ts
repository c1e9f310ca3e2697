import type { Model, RequestFormat, SizeRule } from './model.ts'

/** Width and height, px. */
export type Size = { width: number; height: number }

/** The rule for unknown models: Limn chooses from the most common sizes, and accepts any other. */
export const unknownModelSizes: SizeRule = {
  kind: 'fixed',
  sizes: [
    [1024, 1024],
    [1024, 1536],
    [1536, 1024],
  ],
  isOpen: true,
}

/** Number of frames of a GIF where the manifest specifies none. */
export const DEFAULT_FRAMES = 9

/**
 * Returns the sizes that a model supports in a format. The frames of a GIF share one sheet, to
 * which the model's rule applies as a whole, according to third-party measurements.
 */
export function sizeRuleOf(
  model: Model | undefined,
  format: RequestFormat,
  frames: number = DEFAULT_FRAMES,
): SizeRule {
  const rule = model?.sizes ?? unknownModelSizes
  if (format !== 'gif' || rule.kind !== 'stepped') return rule
  // Measured: three columns, four from 10 frames on; three rows, four from 13 frames on.
  const [across, down] = [frames > 9 ? 4 : 3, frames > 12 ? 4 : 3]
  return {
    ...rule,
    minPixels: Math.ceil(rule.minPixels / (across * down)),
    maxPixels: Math.floor(rule.maxPixels / (across * down)),
    maxEdge: Math.floor(rule.maxEdge / across),
  }
}

/**
 * Returns the sizes that a model supports according to its documentation. For GIF frames, that is
 * the rule for pictures without the minimum area; it does not depend on measurements.
 */
export function documentedSizeRule(model: Model, format: RequestFormat): SizeRule {
  return format === 'gif' && model.sizes.kind === 'stepped'
    ? { ...model.sizes, minPixels: 1 }
    : model.sizes
}

/** Formats a size as the API does, `1200x640`. */
export function formatSize({ width, height }: Size): string {
  return `${width}x${height}`
}

/** Parses `1200x640`; `undefined` if the text is not two positive integers of up to five digits. */
export function parseSize(text: string): Size | undefined {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text)
  if (match === null) return undefined
  const size = { width: Number(match[1]), height: Number(match[2]) }
  return size.width > 0 && size.height > 0 ? size : undefined
}

/** Explains why a size violates a rule, as a clause after `it`; `undefined` if it does not. */
export function whyIllegalSize(size: Size, rule: SizeRule): string | undefined {
  const { width, height } = size
  if (rule.kind === 'fixed') {
    if (rule.isOpen === true || rule.sizes.some(([w, h]) => w === width && h === height)) {
      return undefined
    }
    return `supports only ${rule.sizes.map(([w, h]) => `${w}x${h}`).join(', ')}`
  }
  const pixels = width * height
  const ratio = Math.max(width, height) / Math.min(width, height)
  if (width % rule.step !== 0 || height % rule.step !== 0) {
    return `requires both edges to be multiples of ${rule.step}`
  }
  if (Math.max(width, height) > rule.maxEdge) return `supports at most ${rule.maxEdge} px per edge`
  if (ratio > rule.maxRatio) return `supports aspect ratios of at most ${rule.maxRatio}:1`
  if (pixels < rule.minPixels) {
    return `requires at least ${formatCount(rule.minPixels)} px in total, not ${formatCount(pixels)}`
  }
  if (pixels > rule.maxPixels) {
    return `supports at most ${formatCount(rule.maxPixels)} px in total, not ${formatCount(pixels)}`
  }
  return undefined
}

/**
 * Chooses the smallest legal size that covers `need`, so that nothing is scaled up. Of several
 * whose area is within 5 % of the smallest, chooses the one whose shape is closest to `need`. If no
 * size covers `need`, chooses the one that needs the least upscaling.
 */
export function chooseSize(need: Size, rule: SizeRule): Size {
  if (rule.kind === 'stepped') {
    const up = (edge: number): number => Math.ceil(edge / rule.step) * rule.step
    const tight = { width: up(need.width), height: up(need.height) }
    if (whyIllegalSize(tight, rule) === undefined) return tight
  }
  const candidates =
    rule.kind === 'fixed'
      ? rule.sizes.map(([width, height]) => ({ width, height }))
      : legalSizes(need, rule)
  const covering = candidates.filter((size) => coverScale(need, size) <= 1)
  if (covering.length === 0) return minBy(candidates, (size) => coverScale(need, size))
  const least = Math.min(...covering.map(area))
  const small = covering.filter((size) => area(size) <= least * 1.05)
  return minBy(small, (size) => shapeDistance(size, need) + area(size) / 1e12)
}

/** Sizes whose shapes differ by less than this part of the area count as one shape. */
const SAME_SHAPE = 0.01

/**
 * Chooses the legal size that is closest in shape to `need`; of several, the smallest one that
 * covers it.
 */
export function chooseShape(need: Size, rule: SizeRule): Size {
  if (rule.kind === 'stepped') return smallestOfShape(need, rule) ?? chooseSize(need, rule)
  const sizes = rule.sizes.map(([width, height]) => ({ width, height }))
  const least = Math.min(...sizes.map((size) => shapeDistance(size, need)))
  const closest = sizes.filter((size) => shapeDistance(size, need) <= least + SAME_SHAPE)
  return chooseSize(need, {
    ...rule,
    sizes: closest.map(({ width, height }) => [width, height] as const),
  })
}

/** Finds the smallest legal size that covers `need` and has its shape. */
function smallestOfShape(
  need: Size,
  rule: Extract<SizeRule, { kind: 'stepped' }>,
): Size | undefined {
  const { step, maxEdge } = rule
  for (let width = Math.ceil(need.width / step) * step; width <= maxEdge; width += step) {
    const height = Math.round((width * need.height) / need.width / step) * step
    const size = { width, height }
    const fits = coverScale(need, size) <= 1 && shapeDistance(size, need) <= SAME_SHAPE
    if (fits && whyIllegalSize(size, rule) === undefined) return size
  }
  return undefined
}

/** The factor by which a picture of size `have` is scaled to cover `need`; above 1 is upscaling. */
export function coverScale(need: Size, have: Size): number {
  return Math.max(need.width / have.width, need.height / have.height)
}

/** The part of a picture's area, 0 to 1, that remains after a crop to a shape. */
export function keptArea(have: Size, shape: Size): number {
  const a = have.width / have.height
  const b = shape.width / shape.height
  return Math.min(a, b) / Math.max(a, b)
}

/** Lists the smallest legal height that covers `need` for each legal width. */
function legalSizes(need: Size, rule: Extract<SizeRule, { kind: 'stepped' }>): Size[] {
  const { step, minPixels, maxPixels, maxEdge, maxRatio } = rule
  const up = (edge: number): number => Math.ceil(edge / step) * step
  const sizes: Size[] = []
  // With a step of 1 px there are thousands of widths: about 256 of them are enough to find a shape.
  const stride = Math.max(step, Math.floor(maxEdge / 256 / step) * step)
  const widest = Math.floor(maxEdge / step) * step
  const widths = new Set([
    Math.min(up(need.width), widest),
    up(Math.sqrt(minPixels * (need.width / need.height))),
  ])
  for (let width = up(need.width); width <= maxEdge; width += stride) widths.add(width)
  for (const width of widths) {
    if (width > maxEdge) continue
    const height = up(Math.max(Math.min(need.height, maxEdge), width / maxRatio, minPixels / width))
    if (height > maxEdge || height > width * maxRatio || width * height > maxPixels) continue
    sizes.push({ width, height })
  }
  return sizes.length > 0 ? sizes : [largest(need, rule)]
}

/** The largest legal size with about the shape of `need`. */
function largest(
  need: Size,
  { step, maxPixels, maxEdge, maxRatio }: Extract<SizeRule, { kind: 'stepped' }>,
): Size {
  const down = (edge: number): number => Math.max(step, Math.floor(edge / step) * step)
  const ratio = Math.min(maxRatio, Math.max(1 / maxRatio, need.width / need.height))
  const width = Math.min(maxEdge, maxEdge * ratio, Math.sqrt(maxPixels * ratio))
  return { width: down(width), height: down(width / ratio) }
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

function area({ width, height }: Size): number {
  return width * height
}

function shapeDistance(a: Size, b: Size): number {
  return 1 - keptArea(a, b)
}

function minBy<T>(items: readonly T[], score: (item: T) => number): T {
  return items.reduce((best, item) => (score(item) < score(best) ? item : best))
}

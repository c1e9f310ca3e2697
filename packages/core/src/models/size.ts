import type { Model, RequestFormat, SizeRule } from './model.ts'

/** Width and height in px. */
export type Size = { width: number; height: number }

/**
 * The rule for a model that is not known: Limn chooses from the sizes that are most in use, and
 * refuses none.
 */
export const unknownModelSizes: SizeRule = {
  kind: 'fixed',
  sizes: [
    [1024, 1024],
    [1024, 1536],
    [1536, 1024],
  ],
  isOpen: true,
}

/** Frames of a GIF where nobody says how many. */
export const DEFAULT_FRAMES = 9

/**
 * What a model draws in a format: the frames of a GIF lie on one sheet, which obeys the rule as a
 * whole, as third parties measured.
 */
export function sizeRuleOf(
  model: Model | undefined,
  format: RequestFormat,
  frames: number = DEFAULT_FRAMES,
): SizeRule {
  const rule = model?.sizes ?? unknownModelSizes
  if (format !== 'gif' || rule.kind !== 'stepped') return rule
  // As was measured: three a row, four from ten on; three rows, four from thirteen on.
  const [across, down] = [frames > 9 ? 4 : 3, frames > 12 ? 4 : 3]
  return {
    ...rule,
    minPixels: Math.ceil(rule.minPixels / (across * down)),
    maxPixels: Math.floor(rule.maxPixels / (across * down)),
    maxEdge: Math.floor(rule.maxEdge / across),
  }
}

/**
 * What no frame of a GIF can be, whatever third parties measured of the sheet: what a whole picture
 * can't be for its shape or its largest size.
 */
export function surelyLegal(model: Model, format: RequestFormat): SizeRule {
  return format === 'gif' && model.sizes.kind === 'stepped'
    ? { ...model.sizes, minPixels: 1 }
    : model.sizes
}

/** `1200x640`, as the API writes it. */
export function formatSize({ width, height }: Size): string {
  return `${width}x${height}`
}

/** Reads `1200x640`; `undefined` where it is not two whole numbers of px. */
export function parseSize(text: string): Size | undefined {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text)
  if (match === null) return undefined
  const size = { width: Number(match[1]), height: Number(match[2]) }
  return size.width > 0 && size.height > 0 ? size : undefined
}

/** Why a model can't draw a size, as the end of a sentence; `undefined` where it can. */
export function whyIllegalSize(size: Size, rule: SizeRule): string | undefined {
  const { width, height } = size
  if (rule.kind === 'fixed') {
    if (rule.isOpen === true || rule.sizes.some(([w, h]) => w === width && h === height)) {
      return undefined
    }
    return `draws only ${rule.sizes.map(([w, h]) => `${w}x${h}`).join(', ')}`
  }
  const pixels = width * height
  const ratio = Math.max(width, height) / Math.min(width, height)
  if (width % rule.step !== 0 || height % rule.step !== 0) {
    return `needs both edges divisible by ${rule.step}`
  }
  if (Math.max(width, height) > rule.maxEdge) return `draws at most ${rule.maxEdge} px an edge`
  if (ratio > rule.maxRatio) return `draws at most ${rule.maxRatio}:1`
  if (pixels < rule.minPixels) {
    return `draws at least ${rule.minPixels.toLocaleString('en-US')} px in all, and this is ${pixels.toLocaleString('en-US')}`
  }
  if (pixels > rule.maxPixels) {
    return `draws at most ${rule.maxPixels.toLocaleString('en-US')} px in all, and this is ${pixels.toLocaleString('en-US')}`
  }
  return undefined
}

/**
 * The smallest legal size that is at least `need` px on both edges, so that nothing has to be
 * scaled up. Where the rule forces a larger area than `need` has, and several are within 5 % of the
 * smallest, the one whose shape is nearest to `need`. Where none covers, the one that needs the
 * least scaling up.
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

/** How much a picture of size `have` must be scaled to cover `need`: above 1 is scaling up. */
export function coverScale(need: Size, have: Size): number {
  return Math.max(need.width / have.width, need.height / have.height)
}

/** The part of a picture's area, 0 to 1, that is left when it is cropped to a shape. */
export function keptArea(have: Size, shape: Size): number {
  const a = have.width / have.height
  const b = shape.width / shape.height
  return Math.min(a, b) / Math.max(a, b)
}

/** For every legal width, the least legal height that covers: all that can be smallest. */
function legalSizes(need: Size, rule: Extract<SizeRule, { kind: 'stepped' }>): Size[] {
  const { step, minPixels, maxPixels, maxEdge, maxRatio } = rule
  const up = (edge: number): number => Math.ceil(edge / step) * step
  const sizes: Size[] = []
  // With a step of 1 px every width would be tried; a 64th of the range finds the shape well enough.
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

/** The largest legal size of about the needed shape. */
function largest(
  need: Size,
  { step, maxPixels, maxEdge, maxRatio }: Extract<SizeRule, { kind: 'stepped' }>,
): Size {
  const down = (edge: number): number => Math.max(step, Math.floor(edge / step) * step)
  const ratio = Math.min(maxRatio, Math.max(1 / maxRatio, need.width / need.height))
  const width = Math.min(maxEdge, maxEdge * ratio, Math.sqrt(maxPixels * ratio))
  return { width: down(width), height: down(width / ratio) }
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

import type { MasterState } from '../lock/lock.ts'
import { beforeFinish, turnSize } from '../manifest/finish.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import { innerSize } from '../manifest/output-size.ts'
import { coverScale, formatSize, keptArea, parseSize, type Size } from '../models/size.ts'

/** A crop that keeps less than this part of the master is reported. */
const HEAVY_CROP = 0.6
/** Scales up to this one are invisible. */
const MAX_SCALE = 1.005

/**
 * Where a master comes from, which decides what can be done about its size: it is `requested`, in
 * the `largest` size that its model has for the outputs, or not; it is the user's `source`; or a
 * person `supplied` or pinned it, so that no other one is requested.
 */
type MasterOrigin = 'requested' | 'largest' | 'source' | 'supplied'

/** A master of pixels: its size, px, and its origin. */
export type MasterShape = Size & { origin: MasterOrigin }

const enlargementFix: Readonly<Record<MasterOrigin, string>> = {
  requested: 'Set a larger `size`, or use a model that supports one.',
  largest: 'Use a model that supports a larger size, or smaller outputs.',
  source: 'Use a larger `source`, or smaller outputs.',
  supplied: 'Use smaller outputs, or adopt a larger picture.',
}
const separate = 'Set `shapes: separate` to generate a separate picture for that shape.'
const cropFix: Readonly<Record<MasterOrigin, string>> = {
  requested: separate,
  largest: separate,
  source: 'Set `fit: contain` to show all of it, or use a `source` of that shape.',
  supplied: 'Set `fit: contain` to show all of it, or adopt a picture of that shape.',
}

/**
 * Returns the shape of an asset's master, px. @param state that of the lockfile; absent if it is
 * new
 */
export function masterShapeOf(
  { source, size, isSizeAuto }: Pick<Asset, 'source' | 'size' | 'isSizeAuto'>,
  { width, height }: Size,
  state: MasterState = 'generated',
): MasterShape {
  const shape = (origin: MasterOrigin): MasterShape => ({ width, height, origin })
  if (source !== null) return shape('source')
  if (state !== 'generated') return shape('supplied')
  const requested = parseSize(size)
  const isLargest =
    isSizeAuto && requested !== undefined && width >= requested.width && height >= requested.height
  return shape(isLargest ? 'largest' : 'requested')
}

/** Describes how outputs lose quality (upscaling, heavy crops) and the fix, once per preset. */
export function sizeNotes(outputs: readonly Output[], master: MasterShape): string[] {
  const enlarged = enlargementByPreset(outputs, master)
  const noteByPreset = new Map(enlarged)
  for (const output of outputs) {
    const kept = keptArea(master, turnSize(output, output.finish?.rotate))
    if (kept >= HEAVY_CROP || !isCropped(output) || noteByPreset.has(output.preset)) continue
    noteByPreset.set(
      output.preset,
      `${output.preset} keeps ${Math.round(kept * 100)} % of the picture (${formatSize(master)}). ${cropFix[master.origin]}`,
    )
  }
  return [...noteByPreset.values()]
}

/** Describes which outputs are larger than their master, and the fix, once per preset. */
export function enlargementNotes(outputs: readonly Output[], master: MasterShape): string[] {
  return [...enlargementByPreset(outputs, master).values()]
}

function enlargementByPreset(
  outputs: readonly Output[],
  master: MasterShape,
): ReadonlyMap<string, string> {
  const scaleByPreset = new Map<string, number>()
  for (const output of outputs) {
    const scale = Math.max(scaleOf(output, master), scaleByPreset.get(output.preset) ?? 0)
    if (scale > MAX_SCALE) scaleByPreset.set(output.preset, scale)
  }
  return new Map(
    [...scaleByPreset].map(([preset, scale]) => [
      preset,
      `${preset} is scaled up ${Math.max(1.1, scale).toFixed(1)}× from ${formatSize(master)}. ${enlargementFix[master.origin]}`,
    ]),
  )
}

/** Returns the factor by which a master is scaled for an output. */
function scaleOf(output: Output, master: Size): number {
  if (output.format === 'svg' || output.fit === 'inside') return 0
  const cut = beforeFinish(output)
  if (isCropped(output)) return coverScale(cut, master)
  const box = innerSize(cut)
  return Math.min(box.width / master.width, box.height / master.height)
}

/** Padding keeps the whole picture visible. */
function isCropped({ fit, padding }: Output): boolean {
  return fit === 'cover' && padding === 0
}

import type { Output } from '../manifest/manifest.ts'
import { innerSize } from '../manifest/output-size.ts'
import { coverScale, formatSize, keptArea, type Size } from '../models/size.ts'

/** A crop that keeps less than this part of the master is reported. */
const HEAVY_CROP = 0.6
/** Scales up to this one are invisible. */
const MAX_SCALE = 1.005

/** A master of pixels: its size, px, and whether Limn can request another one. */
export type MasterShape = Size & { isGenerated: boolean }

/** Describes how outputs lose quality (upscaling, heavy crops) and the fix, once per preset. */
export function sizeNotes(outputs: readonly Output[], master: MasterShape): string[] {
  const enlarged = enlargementByPreset(outputs, master)
  const noteByPreset = new Map(enlarged)
  for (const output of outputs) {
    const kept = keptArea(master, output)
    if (kept >= HEAVY_CROP || !isCropped(output) || noteByPreset.has(output.preset)) continue
    const fix = master.isGenerated
      ? 'Set `shapes: separate` to generate a separate picture for that shape.'
      : 'Set `fit: contain` to show all of it, or use a `source` of that shape.'
    noteByPreset.set(
      output.preset,
      `${output.preset} keeps ${Math.round(kept * 100)} % of the picture (${formatSize(master)}). ${fix}`,
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
  const fix = master.isGenerated
    ? 'Set a larger `size`, or use a model that supports one.'
    : 'Use a larger `source`, or smaller outputs.'
  return new Map(
    [...scaleByPreset].map(([preset, scale]) => [
      preset,
      `${preset} is scaled up ${Math.max(1.1, scale).toFixed(1)}× from ${formatSize(master)}. ${fix}`,
    ]),
  )
}

/** Returns the factor by which a master is scaled for an output. */
function scaleOf(output: Output, master: Size): number {
  if (output.format === 'svg' || output.fit === 'inside') return 0
  if (isCropped(output)) return coverScale(output, master)
  const box = innerSize(output)
  return Math.min(box.width / master.width, box.height / master.height)
}

/** Padding keeps the whole picture visible. */
function isCropped({ fit, padding }: Output): boolean {
  return fit === 'cover' && padding === 0
}

import type { Output } from '../manifest/manifest.ts'
import { coverScale, formatSize, keptArea, type Size } from '../models/size.ts'

/** A crop that keeps less than this part of the master is reported. */
const HEAVY_CROP = 0.6

/** Describes how outputs lose quality (upscaling, heavy crops) and the fix, once per preset. */
export function sizeNotes(outputs: readonly Output[], master: Size): string[] {
  const noteByPreset = new Map<string, string>()
  for (const output of outputs) {
    if (output.fit === 'inside') continue
    const scale = coverScale(output, master)
    const kept = keptArea(master, output)
    if (scale > 1.005) {
      noteByPreset.set(
        output.preset,
        `${output.preset} is scaled up ${Math.max(1.1, scale).toFixed(1)}× from ${formatSize(master)}. Set a larger \`size\`, or use a model that supports one.`,
      )
    } else if (kept < HEAVY_CROP && output.fit === 'cover' && !noteByPreset.has(output.preset)) {
      noteByPreset.set(
        output.preset,
        `${output.preset} keeps ${Math.round(kept * 100)} % of the picture (${formatSize(master)}). Set \`shapes: separate\` to generate a separate picture for that shape.`,
      )
    }
  }
  return [...noteByPreset.values()]
}

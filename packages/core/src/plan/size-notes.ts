import type { Output } from '../manifest/manifest.ts'
import { coverScale, formatSize, keptArea, type Size } from '../models/size.ts'

/** Less than this part of a master left in a crop is worth a word. */
const HEAVY_CROP = 0.6

/**
 * What a master of this size costs its outputs (scaling up, heavy crops), each preset once, with
 * the fix.
 */
export function sizeNotes(outputs: readonly Output[], master: Size): string[] {
  const noteByPreset = new Map<string, string>()
  for (const output of outputs) {
    if (output.fit === 'inside') continue
    const scale = coverScale(output, master)
    const kept = keptArea(master, output)
    if (scale > 1.005) {
      noteByPreset.set(
        output.preset,
        `${output.preset} is scaled up ${Math.max(1.1, scale).toFixed(1)}×: the picture has ${formatSize(master)}. A larger \`size\`, or a model that draws larger, mends it.`,
      )
    } else if (kept < HEAVY_CROP && output.fit === 'cover' && !noteByPreset.has(output.preset)) {
      noteByPreset.set(
        output.preset,
        `${output.preset} keeps ${Math.round(kept * 100)} % of the picture (${formatSize(master)}): \`shapes: separate\` gives that shape a picture of its own.`,
      )
    }
  }
  return [...noteByPreset.values()]
}

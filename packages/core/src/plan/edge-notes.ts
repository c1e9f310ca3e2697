import { explainEdge } from '../manifest/format-limits.ts'
import type { Output } from '../manifest/manifest.ts'
import { hasMasterShape } from '../manifest/presets.ts'
import type { Size } from '../models/size.ts'

/**
 * Describes the outputs with the shape of their master that no file of their format can have, once
 * per format.
 */
export function edgeNotes(outputs: readonly Output[], master: Size): string[] {
  const noteByFormat = new Map<string, string>()
  for (const output of outputs) {
    if (!hasMasterShape(output) || noteByFormat.has(output.format)) continue
    const scale = Math.min(1, output.width / master.width, output.height / master.height)
    const found = explainEdge(output, {
      width: Math.round(master.width * scale),
      height: Math.round(master.height * scale),
    })
    if (found !== undefined) noteByFormat.set(output.format, `${found.message} ${found.hint}`)
  }
  return [...noteByFormat.values()]
}

import { explainEdge } from '../manifest/format-limits.ts'
import type { Output } from '../manifest/manifest.ts'
import { sizeOfOutput } from '../manifest/output-size.ts'
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
    const found = explainEdge(output, sizeOfOutput(output, { ...master, isVector: false }))
    if (found !== undefined) noteByFormat.set(output.format, `${found.message} ${found.hint}`)
  }
  return [...noteByFormat.values()]
}

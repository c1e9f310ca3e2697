import type { SheetOutput } from '@limn/contact-sheet'
import type { Output } from '../../manifest/manifest.ts'
import { middlePart, platformSafeArea } from '../../manifest/safe-area.ts'

/**
 * Returns the part of an output that every client of its platform shows, by its distances from the
 * edges, as shares of width and height; `null` if the platform covers nothing, or the output has
 * another shape than the platform's.
 */
export function safeAreaOf(output: Output): SheetOutput['safeArea'] {
  const { preset, padding } = output
  const safe = platformSafeArea(preset, output)
  return safe ?? (padding === 0 ? null : middlePart(1 - 2 * padding, 1 - 2 * padding))
}

import type { SheetOutput } from '@limn/contact-sheet'
import type { Output } from '../../manifest/manifest.ts'
import { builtInPresets, findPreset, presetAliases } from '../../manifest/presets.ts'

/**
 * Returns the part of an output that every client of its platform shows, by its distances from the
 * edges, as shares of width and height; `null` if the platform covers nothing, or the output has
 * another shape than the platform's.
 */
export function safeAreaOf({ preset, width, height, padding }: Output): SheetOutput['safeArea'] {
  const name = Object.hasOwn(presetAliases, preset) ? presetAliases[preset]! : preset
  const known = Object.hasOwn(builtInPresets, name) ? builtInPresets[name] : undefined
  if (known?.safe === undefined) {
    return padding === 0 ? null : middle(1 - 2 * padding, 1 - 2 * padding)
  }
  const { width: wide, height: high } = findPreset(name, {})!
  if (wide === undefined || high === undefined) return null
  const isSameShape = Math.abs(width / height / (wide / high) - 1) < 0.01
  return isSameShape ? middle(known.safe.width / wide, known.safe.height / high) : null
}

/** Returns the middle part with shares of the width and the height. */
function middle(width: number, height: number): NonNullable<SheetOutput['safeArea']> {
  const [aside, above] = [(1 - width) / 2, (1 - height) / 2]
  return { left: aside, top: above, right: aside, bottom: above }
}

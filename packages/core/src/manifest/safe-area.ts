import type { Insets } from './overlay.ts'
import { builtInPresets, findPreset, presetAliases } from './presets.ts'

/**
 * Returns the part of an output that every client of its platform shows; `undefined` if the
 * platform covers nothing, or the output has another shape than the platform's.
 *
 * @param preset the name of the preset that the output starts from
 */
export function platformSafeArea(
  preset: string | undefined,
  { width, height }: { width: number; height: number },
): Insets | undefined {
  if (preset === undefined) return undefined
  const name = Object.hasOwn(presetAliases, preset) ? presetAliases[preset]! : preset
  const known = Object.hasOwn(builtInPresets, name) ? builtInPresets[name] : undefined
  if (known?.safe === undefined) return undefined
  const { width: wide, height: high } = findPreset(name, {})!
  if (wide === undefined || high === undefined) return undefined
  const isSameShape = Math.abs(width / height / (wide / high) - 1) < 0.01
  return isSameShape ? middlePart(known.safe.width / wide, known.safe.height / high) : undefined
}

/** Returns the middle part with shares of the width and the height. */
export function middlePart(width: number, height: number): Insets {
  const [aside, above] = [(1 - width) / 2, (1 - height) / 2]
  return { left: aside, top: above, right: aside, bottom: above }
}

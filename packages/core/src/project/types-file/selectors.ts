import type { Asset, Output } from '../../manifest/manifest.ts'

/** Returns every selector of an asset: presets (`card`), presets with a format (`card.webp`), files. */
export function selectorsOf(asset: Asset): string[] {
  const selectors = asset.outputs.flatMap((output) => [
    output.preset,
    presetWithFormat(output),
    output.file,
  ])
  return [...new Set(selectors)]
}

/** Returns the selector of a preset's files in one format: `card.webp`. */
export function presetWithFormat({ preset, file }: Output): string {
  return `${preset}${file.slice(file.lastIndexOf('.'))}`
}

/** Returns whether a selector is a preset of several files, which resolves to a `Picture`. */
export function isPictureSelector(asset: Asset, selector: string): boolean {
  return (
    !asset.outputs.some(({ file }) => file === selector) &&
    asset.outputs.filter(({ preset }) => preset === selector).length > 1
  )
}

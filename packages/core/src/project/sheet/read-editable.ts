import type { Editable } from '@limn/contact-sheet'
import type { Asset, Manifest } from '../../manifest/manifest.ts'
import { nameOfRule, readWritten } from '../../manifest/read-written.ts'
import { namesOf } from '../../manifest/resolve/styles.ts'

/**
 * Returns what of an asset can be edited, as the manifest has it.
 *
 * @param root absolute
 */
export function readEditable(root: string, manifest: Manifest, asset: Asset): Editable {
  const { entry, styles, presets } = readWritten(root, manifest, asset)
  const focus = asset.outputs.map(({ position }) => position).find(isPoint)
  return {
    prompt: entry?.prompt ?? null,
    styles: [...namesOf(entry?.style)],
    alt: entry?.alt ?? null,
    model: entry?.model ?? null,
    quality: entry?.quality ?? null,
    outputs: entry?.outputs?.map(nameOfRule) ?? [
      ...new Set(asset.outputs.map(({ preset }) => preset)),
    ],
    focus: focus ?? null,
    knownStyles: styles,
    knownPresets: presets,
  }
}

function isPoint<T>(position: T): position is Exclude<T, string> {
  return typeof position !== 'string'
}

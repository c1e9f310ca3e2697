import { sha256 } from '../digest.ts'
import type { Output } from '../manifest/manifest.ts'

/** Rises when the same recipe would give another picture. The encoder's version is no part of it. */
const RECIPE_VERSION = 1

/** Hash of everything that decides one output: the master's digest and the encoder's settings. */
export function hashRecipe(masterSha256: string, output: Output): string {
  const {
    width,
    height,
    format,
    quality,
    fit,
    position,
    background,
    provenance,
    maxBytes,
    dpi,
    padding,
    icons,
  } = output
  const always = [
    RECIPE_VERSION,
    masterSha256,
    width,
    height,
    format,
    quality,
    fit,
    position,
    background,
    provenance,
  ]
  // Settings that are not used leave no trace, so that a new one makes nothing stale.
  const used = [
    maxBytes === null ? '' : `max ${maxBytes}`,
    dpi === null ? '' : `dpi ${dpi}`,
    padding === 0 ? '' : `padding ${padding}`,
    icons.length === 0 ? '' : `icons ${icons.join(' ')}`,
  ]
  return sha256([...always, ...used.filter((text) => text !== '')].join('\n'))
}

import { sha256 } from '../digest.ts'
import type { Output } from '../manifest/manifest.ts'

/**
 * Version of the recipe format: raise it when the same settings produce a different picture. The
 * encoder version is not part of the recipe.
 */
const RECIPE_VERSION = 1

/** Hashes everything that determines an output: the digest of the master and the output's settings. */
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
  // Unused settings are left out, so that adding a setting to Limn makes nothing stale.
  const used = [
    maxBytes === null ? '' : `max ${maxBytes}`,
    dpi === null ? '' : `dpi ${dpi}`,
    padding === 0 ? '' : `padding ${padding}`,
    icons.length === 0 ? '' : `icons ${icons.join(' ')}`,
  ]
  return sha256([...always, ...used.filter((text) => text !== '')].join('\n'))
}

import { sha256 } from '../digest.ts'
import { formatFinish } from '../manifest/finish.ts'
import type { Output } from '../manifest/manifest.ts'
import { isVectorPath } from '../manifest/output-size.ts'
import { hashOverlay } from '../manifest/overlay.ts'

/**
 * Version of the recipe format: raise it when the same settings produce a different picture. The
 * encoder version is not part of the recipe.
 */
const RECIPE_VERSION = 1
/** The same for outputs of SVG masters: 2 draws them at the size of the output. */
const VECTOR_RECIPE_VERSION = 2

/**
 * Hashes everything that determines an output: the digest of the master and the output's settings.
 *
 * @param master.path its extension tells whether it is an SVG
 */
export function hashRecipe(
  { sha256: masterSha256, path }: { sha256: string; path: string },
  output: Output,
): string {
  const version = isVectorPath(path) ? VECTOR_RECIPE_VERSION : RECIPE_VERSION
  return sha256(`${version}\n${masterSha256}\n${settingsOf(output)}`)
}

/** The settings of outputs, as text. The assets of a manifest share their outputs. */
const settingsByOutput = new WeakMap<Readonly<Output>, string>()

function settingsOf(output: Readonly<Output>): string {
  const known = settingsByOutput.get(output)
  if (known !== undefined) return known
  const settings = formatSettings(output)
  settingsByOutput.set(output, settings)
  return settings
}

function formatSettings(output: Readonly<Output>): string {
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
    width,
    height,
    format,
    quality,
    fit,
    typeof position === 'string' ? position : `${position.x} ${position.y}`,
    background,
    provenance,
  ]
  // Unused settings are left out, so that adding a setting to Limn makes nothing stale.
  const used = [
    maxBytes === null ? '' : `max ${maxBytes}`,
    dpi === null ? '' : `dpi ${dpi}`,
    padding === 0 ? '' : `padding ${padding}`,
    icons.length === 0 ? '' : `icons ${icons.join(' ')}`,
    ...formatFinish(output.finish),
    output.overlay === undefined ? '' : `overlay ${hashOverlay(output.overlay)}`,
  ]
  return [...always, ...used.filter((text) => text !== '')].join('\n')
}

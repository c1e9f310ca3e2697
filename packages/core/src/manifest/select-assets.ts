import { didYouMean } from '../did-you-mean.ts'
import { LimnError } from '../errors.ts'
import type { Manifest } from './manifest.ts'

/**
 * Returns the names of the selected assets: each name selects itself, or all assets below it.
 *
 * @throws LimnError `asset/unknown`
 */
export function selectAssets(manifest: Manifest, names: readonly string[]): Set<string> {
  const selected = new Set<string>()
  for (const name of names) {
    const found = manifest.assets.filter(
      (asset) => asset.name === name || asset.name.startsWith(`${name.replace(/\/$/, '')}/`),
    )
    if (found.length === 0) throw unknownAsset(name, manifest)
    for (const asset of found) selected.add(asset.name)
  }
  return selected
}

/** Creates the error for a name that no asset has. */
export function unknownAsset(name: string, manifest: Manifest): LimnError {
  const names = manifest.assets.map((asset) => asset.name)
  const below = names.filter((candidate) => candidate.startsWith(`${name}/`))
  if (below.length > 0) {
    return new LimnError('asset/unknown', `"${name}" is the name of several pictures.`, {
      hint: `Name one of them: ${below.slice(0, 6).join(', ')}${below.length > 6 ? ', …' : ''}.`,
    })
  }
  return new LimnError('asset/unknown', `There is no asset "${name}" in the manifest.`, {
    hint: didYouMean(name, names) ?? 'Run `limn list` to list the names.',
  })
}

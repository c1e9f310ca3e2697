import type { Asset } from '../manifest/manifest.ts'

/**
 * Sorts assets so that each follows the assets that it is made from; keeps the given order
 * otherwise. The manifest's checks have rejected cycles before.
 */
export function sortInputsFirst(assets: readonly Asset[]): readonly Asset[] {
  if (assets.every(({ inputs }) => inputs.length === 0)) return assets
  const assetByName = new Map(assets.map((asset) => [asset.name, asset]))
  const sorted = new Set<Asset>()
  const add = (asset: Asset): void => {
    if (sorted.has(asset)) return
    for (const { kind, target } of asset.inputs) {
      if (kind === 'asset' && assetByName.has(target)) add(assetByName.get(target)!)
    }
    sorted.add(asset)
  }
  for (const asset of assets) add(asset)
  return [...sorted]
}

/** The named assets and all assets that they are made from, directly or indirectly. */
export function addInputs(
  names: ReadonlySet<string>,
  assets: readonly Asset[],
): ReadonlySet<string> {
  const assetByName = new Map(assets.map((asset) => [asset.name, asset]))
  const selected = new Set(names)
  for (const name of selected) {
    for (const { kind, target } of assetByName.get(name)?.inputs ?? []) {
      if (kind === 'asset') selected.add(target)
    }
  }
  return selected
}

import { comparedAssets } from '../manifest/compared-assets.ts'
import type { Asset } from '../manifest/manifest.ts'

/**
 * Sorts assets so that each follows the assets that it is made from, and those that it must be
 * like; keeps the given order otherwise. The manifest's checks have rejected cycles before.
 */
export function sortInputsFirst(assets: readonly Asset[]): readonly Asset[] {
  if (assets.every(({ inputs, expect }) => inputs.length === 0 && expect?.like === undefined)) {
    return assets
  }
  const assetByName = new Map(assets.map((asset) => [asset.name, asset]))
  const sorted = new Set<Asset>()
  const add = (asset: Asset): void => {
    if (sorted.has(asset)) return
    const inputs = asset.inputs.flatMap(({ kind, target }) => (kind === 'asset' ? [target] : []))
    for (const target of [...inputs, ...(asset.expect?.like ?? [])]) {
      if (assetByName.has(target)) add(assetByName.get(target)!)
    }
    sorted.add(asset)
  }
  for (const asset of assets) add(asset)
  return [...sorted]
}

/**
 * Lists, for each asset that is compared with others, which of them to make before it: those that
 * it must be like, and those that it must be unlike and that do not depend on it.
 */
export function comparedBefore(assets: readonly Asset[]): ReadonlyMap<string, readonly string[]> {
  if (assets.every(({ expect }) => comparedAssets(expect).length === 0)) return new Map()
  const order = new Map(sortInputsFirst(assets).map(({ name }, index) => [name, index]))
  return new Map(
    assets.map(({ name, expect }) => [
      name,
      comparedAssets(expect).filter((other) => (order.get(other) ?? Infinity) < order.get(name)!),
    ]),
  )
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

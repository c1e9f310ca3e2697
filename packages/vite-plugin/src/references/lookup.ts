import { type Asset, LimnError } from '@limn/core'
import { didYouMean, type LockEntry } from '@limn/core/for-vite'
import type { State } from '../context.ts'
import { selectorsOf } from './picture.ts'

/**
 * An asset by name. Where several shapes are one picture, the one that has what is selected, else
 * the first.
 *
 * @throws LimnError `asset/unknown`
 */
export function findAsset(state: State, name: string, selector?: string): Asset {
  const asset = state.assetByName.get(name)
  if (asset !== undefined) return asset
  const shapes = [...state.assetByName.values()].filter(({ family }) => family === name)
  const [shape] = [
    ...shapes.filter(
      (candidate) => selector !== undefined && selectorsOf(candidate).includes(selector),
    ),
    ...shapes,
  ]
  if (shape !== undefined) return shape
  throw new LimnError('asset/unknown', `There is no asset "${name}" in the manifest.`, {
    hint: didYouMean(name, state.assetByName.keys()) ?? 'Write it below `assets:` in images.yaml.',
  })
}

/**
 * The lock entry of the picture that an asset has; `undefined` where it has none, or one of another
 * request. A master that a person edited counts as it stands on the disk.
 */
export function currentEntry(
  { snapshot, stepByAsset }: State,
  asset: Asset,
): LockEntry | undefined {
  const kind = stepByAsset.get(asset.name)?.kind
  if (kind === 'generate' || kind === 'recover') return undefined
  const entry = snapshot.lock.assets.get(asset.name)
  if (entry === undefined) return undefined
  if (asset.source !== null && entry.request.operation !== 'source') return undefined
  const { masters, sources } = snapshot.inventory
  const onDisk =
    asset.source === null ? masters.get(entry.master.path) : sources.get(asset.source.path)
  if (onDisk === undefined) return undefined
  if (onDisk.sha256 === entry.master.sha256) return entry
  return {
    ...entry,
    master: {
      ...entry.master,
      path: asset.source?.path ?? entry.master.path,
      sha256: onDisk.sha256,
    },
  }
}

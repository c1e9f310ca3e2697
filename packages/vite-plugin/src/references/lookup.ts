import { type Asset, LimnError, type Output } from '@limn/core'
import { didYouMean, hasContent, type LockEntry, selectorsOf } from '@limn/core/for-vite'
import type { ProjectState } from '../context.ts'
import type { Reference } from './module-id.ts'

/**
 * An output as the manifest defines it, which determines its recipe. Outputs of a
 * `ResolvedReference` have their actual size instead, and would be encoded a second time.
 */
export type AssetOutput = { asset: Asset; output: Output }

/** The names of an output: `product/mug` and `square.webp`. */
export type OutputName = { asset: string; file: string }

/** Finds an output by name. */
export function findOutput(
  state: ProjectState,
  { asset: name, file }: OutputName,
): AssetOutput | undefined {
  const asset = atPlannedSize(state, state.assetByName.get(name))
  const output = asset?.outputs.find((candidate) => candidate.file === file)
  return asset === undefined || output === undefined ? undefined : { asset, output }
}

/** Returns an output by name. @throws LimnError `output/unknown` */
export function getOutput(state: ProjectState, { asset, file }: OutputName): AssetOutput {
  const found = findOutput(state, { asset, file })
  if (found === undefined) {
    throw new LimnError('output/unknown', `"${asset}" no longer has an output "${file}".`, {
      hint: 'Build again.',
    })
  }
  return found
}

/**
 * Returns the asset of a reference. For a family of shapes, returns the first shape that has the
 * selected output, else the first shape.
 *
 * @throws LimnError `asset/unknown`
 */
export function findAsset(state: ProjectState, { asset: name, selector }: Reference): Asset {
  const { assetByName } = state
  const asset = atPlannedSize(state, assetByName.get(name))
  if (asset !== undefined) return asset
  const shapes = [...assetByName.values()].filter(({ family }) => family === name)
  const shape =
    shapes.find(
      (candidate) => selector !== undefined && selectorsOf(candidate).includes(selector),
    ) ?? shapes[0]
  if (shape !== undefined) return atPlannedSize(state, shape)
  throw new LimnError('asset/unknown', `There is no asset "${name}" in the manifest.`, {
    hint: didYouMean(name, assetByName.keys()) ?? 'Add it under `assets:` in images.yaml.',
  })
}

/**
 * Returns the lock entry of an asset's current image; `undefined` if there is none or if it belongs
 * to another request. For a master that a person edited, the entry has the digest of the edited
 * file.
 */
export function currentEntry(
  { snapshot, stepByAsset }: ProjectState,
  asset: Asset,
): LockEntry | undefined {
  const kind = stepByAsset.get(asset.name)?.kind
  if (kind === 'generate' || kind === 'recover') return undefined
  const entry = snapshot.lock.assets.get(asset.name)
  if (entry === undefined) return undefined
  if (asset.source !== null && entry.request.operation !== 'source') return undefined
  const { masters, sources } = snapshot.inventory
  const path = asset.source?.path ?? entry.master.path
  const onDisk = asset.source === null ? masters.get(path) : sources.get(path)
  if (onDisk === undefined) return undefined
  if (hasContent(onDisk, entry.master.sha256)) return entry
  return { ...entry, master: { ...entry.master, path, sha256: onDisk.sha256 } }
}

/**
 * Returns an asset with the size that is about to be requested, which may depend on its input. A
 * draft has that size, so that the page keeps its layout.
 */
function atPlannedSize<T extends Asset | undefined>({ stepByAsset }: ProjectState, asset: T): T {
  if (asset === undefined) return asset
  const step = stepByAsset.get(asset.name)
  const isRequested = step?.kind === 'generate' || step?.kind === 'recover'
  return isRequested && step.request.size !== asset.size
    ? { ...asset, size: step.request.size }
    : asset
}

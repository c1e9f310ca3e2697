import type { Asset } from '../manifest/manifest.ts'
import { unknownAsset } from '../manifest/select-assets.ts'
import type { Snapshot } from './snapshot.ts'

/** Returns the asset with this name. @throws LimnError `asset/unknown` */
export function findAsset({ manifest }: Pick<Snapshot, 'manifest'>, name: string): Asset {
  const asset = manifest.assets.find((candidate) => candidate.name === name)
  if (asset === undefined) throw unknownAsset(name, manifest)
  return asset
}

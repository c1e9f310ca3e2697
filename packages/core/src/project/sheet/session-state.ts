import type { Asset } from '../../manifest/manifest.ts'
import type { NumberedPicture } from '../earlier.ts'
import type { PlannedSnapshot } from '../project.ts'

/** The last valid read of a project, indexed by asset. */
export type SheetState = PlannedSnapshot & {
  assetByName: ReadonlyMap<string, Asset>
  /** The earlier pictures that were listed last, by asset: to list them reads the history of git. */
  earlierByAsset: Map<string, Promise<NumberedPicture[]>>
}

/** Indexes a read. */
export function indexState(read: PlannedSnapshot): SheetState {
  return {
    ...read,
    assetByName: new Map(read.snapshot.manifest.assets.map((asset) => [asset.name, asset])),
    earlierByAsset: new Map(),
  }
}

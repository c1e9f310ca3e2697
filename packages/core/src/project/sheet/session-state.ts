import type { Asset } from '../../manifest/manifest.ts'
import type { PlannedSnapshot } from '../project.ts'

/** The last valid read of a project, indexed by asset. */
export type SheetState = PlannedSnapshot & { assetByName: ReadonlyMap<string, Asset> }

/** Indexes a read. */
export function indexState(read: PlannedSnapshot): SheetState {
  return {
    ...read,
    assetByName: new Map(read.snapshot.manifest.assets.map((asset) => [asset.name, asset])),
  }
}

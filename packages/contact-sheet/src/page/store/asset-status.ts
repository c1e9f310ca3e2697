import type { RunAsset, SheetAsset } from '../../protocol.ts'

/** How the grid sorts, colours and filters assets: coarser than the states of the command line. */
export const assetStatuses = [
  'generating',
  'failed',
  'stale',
  'draft',
  'edited',
  'blocked',
  'waiting',
  'pinned',
  'fresh',
] as const
export type AssetStatus = (typeof assetStatuses)[number]

/** States in which a person has changed the file of the picture and not said so. */
const editedStates: ReadonlySet<string> = new Set(['edited', 'untracked'])

/** Returns the status of an asset. `run` is what the current run does for it. */
export function statusOf(asset: SheetAsset, run?: RunAsset): AssetStatus {
  if (run?.stage === 'failed') return 'failed'
  if (run !== undefined && run.stage !== 'done') return 'generating'
  if (asset.failure !== null) return 'failed'
  if (editedStates.has(asset.state)) return 'edited'
  if (asset.need === 'person') return 'blocked'
  if (asset.need === 'wait') return 'waiting'
  if (asset.isDraft) return 'draft'
  if (asset.need === 'run') return 'stale'
  return asset.isPinned ? 'pinned' : 'fresh'
}

/** Returns the folder in an asset's name: `product` of `product/mug`; empty without one. */
export function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')))
}

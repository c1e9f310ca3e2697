import type { FileFact } from '../../cache/file-digests.ts'
import { hashRequest } from '../../identity/request.ts'
import { masterPaths } from '../../lock/lock.ts'
import type { Asset } from '../../manifest/manifest.ts'
import { draftRequest } from '../draft-pictures.ts'
import type { Snapshot } from '../snapshot.ts'

/** The picture that a contact sheet shows of an asset: a file on disk, or a draft. */
export type ShownPicture =
  /** `path` is relative to the root. */
  | { kind: 'file'; path: string; sha256: string; version: string }
  | { kind: 'draft'; version: string }
  /** The source is missing, or another tool has not downloaded the file. */
  | { kind: 'none'; version: string }

/** Number of digits of a digest that make a version. */
const DIGITS = 16

/**
 * Finds the picture that a contact sheet shows of an asset: its master or its source as it is on
 * disk now, whatever the lockfile says, else a draft. Never follows a link.
 */
export function shownPicture(
  asset: Asset,
  { lock, inventory }: Pick<Snapshot, 'lock' | 'inventory'>,
): ShownPicture {
  if (asset.source !== null) {
    return ofFile(asset.source.path, inventory.sources.get(asset.source.path))
  }
  const { masters, mastersFolder } = inventory
  const locked = lock.assets.get(asset.name)?.master.path
  const candidates = masterPaths(mastersFolder, asset.name)
  const paths =
    locked !== undefined && candidates.includes(locked) ? [locked, ...candidates] : candidates
  const path = paths.find((each) => masters.has(each))
  if (path !== undefined) return ofFile(path, masters.get(path))
  return { kind: 'draft', version: `draft-${hashRequest(draftRequest(asset)).slice(0, DIGITS)}` }
}

function ofFile(path: string, fact: FileFact | undefined): ShownPicture {
  if (fact === undefined || fact.pointer !== undefined) return { kind: 'none', version: 'none' }
  return { kind: 'file', path, sha256: fact.sha256, version: fact.sha256.slice(0, DIGITS) }
}

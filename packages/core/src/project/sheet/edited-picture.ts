import type { AssetView } from '@limn/contact-sheet'
import type { Asset } from '../../manifest/manifest.ts'
import { findEditedPicture } from '../set-mask.ts'
import type { SheetState } from './session-state.ts'

/** The picture that an asset edits, as a file. `path` is relative to the root. */
export type EditedPicture = NonNullable<AssetView['edits']> & { path: string }

/**
 * Finds the picture that an asset edits, over which the page draws a mask; `undefined` if it edits
 * none, or if that one does not exist yet.
 */
export async function readEditedPicture(
  { name, operation }: Asset,
  { snapshot, root }: Pick<SheetState, 'snapshot'> & { root: string },
): Promise<EditedPicture | undefined> {
  if (operation !== 'edit') return undefined
  const found = await findEditedPicture(snapshot, { name, root })
  if (found === undefined) return undefined
  const { masters, sources } = snapshot.inventory
  const fact = masters.get(found.path) ?? sources.get(found.path)
  if (fact === undefined || fact.pointer !== undefined) return undefined
  return { ...found.size, path: found.path, version: fact.sha256.slice(0, 16) }
}

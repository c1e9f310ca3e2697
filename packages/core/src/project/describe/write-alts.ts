import { sha256 } from '../../digest.ts'
import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { type AssetEdit, editAsset } from '../../manifest/edit/edit-asset.ts'
import type { Asset } from '../../manifest/manifest.ts'
import type { ProjectContext } from '../context.ts'
import { type EditedFile, writeFileEdit } from '../edit-asset.ts'
import { findAsset } from '../find-asset.ts'

/**
 * Edits assets in the manifest as the single writer: each file once, whatever the number of assets
 * in it.
 *
 * @returns the assets whose file could not be written, with the error
 * @throws ManifestError; LimnError `asset/unknown`
 */
export async function writeAlts(
  context: ProjectContext,
  editByAsset: ReadonlyMap<string, AssetEdit>,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>()
  if (editByAsset.size === 0) return failed
  const snapshot = await context.read()
  const edits = [...editByAsset].map(([name, edit]) => ({ asset: findAsset(snapshot, name), edit }))
  for (const file of new Set(edits.map(({ asset }) => asset.place.file))) {
    const own = edits.filter(({ asset }) => asset.place.file === file)
    try {
      await writeFileEdit(context, editFile(context.paths.root, file, own), undefined)
    } catch (error) {
      for (const { asset } of own) failed.set(asset.name, error)
    }
  }
  return failed
}

/** Returns a file with all of its edits. From the last line to the first, so that lines stay. */
function editFile(
  root: string,
  path: string,
  edits: readonly { asset: Asset; edit: AssetEdit }[],
): EditedFile {
  const before = readTextInside(root, path, maxBytes.text)
  const after = edits
    .toSorted((a, b) => b.asset.place.line - a.asset.place.line)
    .reduce(
      (text, { asset: { key, place }, edit }) => editAsset(text, { key, line: place.line }, edit),
      before,
    )
  return { path, before, after, digest: sha256(before) }
}

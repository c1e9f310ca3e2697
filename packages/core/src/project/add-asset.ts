import { relative, sep } from 'node:path'
import { sha256 } from '../digest.ts'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import type { NewAsset } from '../manifest/edit/add-asset.ts'
import type { ProjectContext } from './context.ts'
import {
  type EditedFile,
  type PreviewedEdit,
  previewFileEdit,
  writeFileEdit,
} from './edit-asset.ts'
import { runAsWriter } from './run-as-writer.ts'

/** An asset to add to the manifest, with its name. */
export type NamedAsset = NewAsset & { name: string }

/**
 * Returns what a new asset would do. Writes only the cache.
 *
 * @throws LimnError `asset/exists`, `manifest/not-editable`; ManifestError
 */
export async function previewAdd(
  context: ProjectContext,
  asset: NamedAsset,
): Promise<PreviewedEdit> {
  const before = await context.read()
  requireNew(before.manifest.assets, asset.name)
  return previewFileEdit(context, before, { name: asset.name, file: await addTo(context, asset) })
}

/**
 * Adds an asset to the main file of the manifest, if the manifest is valid afterwards.
 *
 * @param digest the file as it was shown: if it has changed since, nothing is written
 * @returns the path of the file, relative to the root
 * @throws LimnError `manifest/changed`, and as `previewAdd`; ManifestError
 */
export async function writeAdd(
  context: ProjectContext,
  asset: NamedAsset,
  digest: string,
): Promise<string> {
  return runAsWriter(context, {}, async () => {
    requireNew((await context.read()).manifest.assets, asset.name)
    return writeFileEdit(context, await addTo(context, asset), digest)
  })
}

async function addTo(
  { paths: { root, manifest } }: ProjectContext,
  { name, ...asset }: NamedAsset,
): Promise<EditedFile> {
  const path = relative(root, manifest).split(sep).join('/')
  const before = readTextInside(root, path, maxBytes.text)
  const { addAsset } = await import('../manifest/edit/add-asset.ts')
  return { path, before, after: addAsset(before, name, asset), digest: sha256(before) }
}

function requireNew(assets: readonly { name: string; key: string }[], name: string): void {
  if (!assets.some((asset) => asset.name === name || asset.key === name)) return
  throw new LimnError('asset/exists', `There is an asset "${name}" already.`, {
    hint: 'Edit it, or choose another name.',
  })
}

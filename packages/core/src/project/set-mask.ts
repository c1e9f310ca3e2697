import { basename, dirname, extname, join } from 'node:path'
import { sha256 } from '../digest.ts'
import { removeInside } from '../disk/project-files.ts'
import { existsInside, maxBytes, readInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import type { Asset, Input, Manifest } from '../manifest/manifest.ts'
import { findModel } from '../models/models.ts'
import type { ProjectContext } from './context.ts'
import { writeEditAsWriter } from './edit-asset.ts'
import { findAsset } from './find-asset.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { FullSnapshot } from './snapshot.ts'

type Size = { width: number; height: number }

/** Returns why no mask can be drawn for an asset, as a sentence; `null` if one can. */
export function whyNoMask(
  { operation, inputs, source, model }: Asset,
  { models }: Pick<Manifest, 'models'>,
): string | null {
  if (source !== null) return 'The picture is a file of yours: nothing of it is generated.'
  if (operation !== 'edit' || inputs[0]?.role !== 'image') {
    return 'A mask marks the part of another picture that may change: add `edit: { image: … }` to the asset first.'
  }
  return findModel(model, models)?.masks === false ? `${model} does not accept masks.` : null
}

/**
 * Writes a mask beside the manifest file that defines an asset, and names it in the asset's `edit`.
 * The file's name contains its digest, so that no other file is replaced.
 *
 * @param options.png a PNG: transparent where the picture may change, or white if it is opaque
 * @returns the path of the mask, relative to the root
 * @throws LimnError `asset/unknown`, `asset/no-master` if a mask is impossible,
 *   `picture/unreadable`, `manifest/not-editable`; ManifestError
 */
export async function setMask(
  context: ProjectContext,
  { name, png }: { name: string; png: Uint8Array },
): Promise<string> {
  const { paths, read } = context
  const { root } = paths
  const seen = await read()
  requireMaskable(findAsset(seen, name), seen.manifest)
  const { fitMask } = await import('../pictures/draw-mask.ts')
  const mask = await fitMask(png, await findEditedPicture(seen, { name, root }))
  return runAsWriter(context, {}, async () => {
    const snapshot = await read()
    const asset = findAsset(snapshot, name)
    requireMaskable(asset, snapshot.manifest)
    const path = pathOfMask(asset, mask)
    const isNew = !existsInside(root, join(root, path))
    if (isNew) await writeFileAtomic(root, join(root, path), mask)
    else requireSame(root, path, mask)
    const folder = dirname(asset.place.file)
    const relative = folder === '.' ? path : path.slice(folder.length + 1)
    try {
      await writeEditAsWriter(context, { name, edit: { mask: `./${relative}` } })
    } catch (error) {
      if (isNew) await removeInside(root, join(root, path)).catch(() => {})
      throw error
    }
    await removeFormerMask(context, { asset, path })
    return path
  })
}

function requireMaskable(asset: Asset, manifest: Manifest): void {
  const why = whyNoMask(asset, manifest)
  if (why === null) return
  throw new LimnError('asset/no-master', `"${asset.name}" can have no mask. ${why}`, {
    hint: 'See `edit` in docs/manifest.md.',
  })
}

/** Returns `images.masks/hero-0123abcd.png`, beside the file that defines the asset. */
function pathOfMask({ key, place: { file } }: Asset, mask: Uint8Array): string {
  const folder = `${basename(file, extname(file))}.masks`
  const path = `${folder}/${key}-${sha256(mask).slice(0, 8)}.png`
  return dirname(file) === '.' ? path : `${dirname(file)}/${path}`
}

/** Checks that an existing file is the mask: a person may have put another one there. */
function requireSame(root: string, path: string, mask: Uint8Array): void {
  if (Buffer.from(mask).equals(readInside(root, join(root, path), maxBytes.picture))) return
  throw new LimnError('output/taken', `${path} has a file that Limn did not write.`, {
    hint: 'Move it, then save the mask again.',
  })
}

/** Finds the picture that an asset edits, with its size; `undefined` if there is none yet. */
export async function findEditedPicture(
  { manifest, lock }: Pick<FullSnapshot, 'manifest' | 'lock'>,
  { name, root }: { name: string; root: string },
): Promise<{ size: Size; path: string } | undefined> {
  const input = manifest.assets.find((asset) => asset.name === name)!.inputs[0]!
  const master = input.kind === 'asset' ? lock.assets.get(input.target)?.master : undefined
  if (master !== undefined) return { size: master, path: master.path }
  const path = fileOf(input, manifest)
  if (path === undefined || !existsInside(root, join(root, path))) return undefined
  const { readSize } = await import('../pictures/read-size.ts')
  const size = await readSize(readInside(root, join(root, path), maxBytes.picture))
  return size && { size, path }
}

function fileOf({ kind, target }: Input, { assets }: Manifest): string | undefined {
  return kind === 'file' ? target : assets.find(({ name }) => name === target)?.source?.path
}

/** Removes the mask that another replaced, if Limn wrote it and nothing else uses it. */
async function removeFormerMask(
  { paths: { root }, read }: ProjectContext,
  { asset, path }: { asset: Asset; path: string },
): Promise<void> {
  const former = asset.inputs.find(({ role }) => role === 'mask')
  if (former?.kind !== 'file' || former.target === path) return
  const digits = /-([0-9a-f]{8})\.png$/.exec(former.target)?.[1]
  if (digits === undefined || dirname(former.target) !== dirname(path)) return
  const file = join(root, former.target)
  const { manifest } = await read()
  const isUsed = manifest.assets.some(({ inputs }) =>
    inputs.some(({ target }) => target === former.target),
  )
  const isOurs = sha256(readInside(root, file, maxBytes.picture)).startsWith(digits)
  if (!isUsed && isOurs) await removeInside(root, file)
}

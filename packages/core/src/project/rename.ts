import { join } from 'node:path'
import { formatPlace } from '../diagnostic.ts'
import { sha256 } from '../digest.ts'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { entriesBelow, renameAsset } from '../manifest/rename-asset.ts'
import { unknownAsset } from '../manifest/select-assets.ts'
import { removeIntent, writeIntent } from '../store/intents.ts'
import { moveEntries } from './complete-intents.ts'
import type { ProjectContext } from './context.ts'
import { runAsWriter } from './run-as-writer.ts'

type Names = { from: string; to: string }

/**
 * Renames an asset in the manifest file that defines it, in the lockfile and on disk. Keeps the
 * manifest's comments and order.
 *
 * @throws LimnError `asset/unknown`, `asset/exists`; ManifestError if the new name is invalid
 */
export async function rename(
  context: ProjectContext,
  { from, to, onEvent = () => {} }: Names & { onEvent?: OnEvent | undefined },
): Promise<void> {
  const { manifest } = await context.read()
  requireRenamable(manifest, { from, to })
  await runAsWriter(context, { onWait: () => onEvent({ type: 'waiting' }) }, async () => {
    const { files, kept } = renamedFiles(context, (await context.read()).manifest.files, {
      from,
      to,
    })
    const intent = await writeIntent(context.paths, {
      kind: 'rename',
      from,
      to,
      kept,
      files: files.map(({ path, before, after }) => ({
        path,
        before: sha256(before),
        after: sha256(after),
      })),
    })
    await renameInManifest(context, files).catch(async (error: unknown) => {
      // If the old text can't be restored either, the intent stays and the next command completes it.
      await restoreManifest(context, files)
      await removeIntent(context.paths, intent)
      throw error
    })
    await moveEntries(context, { from, to }, onEvent)
    await removeIntent(context.paths, intent)
  })
}

/** @throws LimnError `asset/unknown`, `asset/exists` */
function requireRenamable(manifest: Manifest, { from, to }: Names): void {
  const variant = manifest.assets.find(({ name, key }) => name === from && key !== from)
  if (variant?.row != null) {
    throw new LimnError(
      'asset/unknown',
      `"${from}" comes from a row of data, at ${formatPlace(variant.row)}, and is named after it.`,
      { hint: 'Change the name there: the picture moves along at no cost.' },
    )
  }
  if (variant !== undefined) {
    throw new LimnError(
      'asset/unknown',
      `"${from}" is one of the pictures of "${variant.key}" and is named after its values.`,
      { hint: `Rename "${variant.key}", or change the value in the manifest.` },
    )
  }
  if (!manifest.assets.some(({ key }) => key === from)) throw unknownAsset(from, manifest)
  if (manifest.assets.some(({ name }) => name === to)) {
    throw new LimnError('asset/exists', `An asset named "${to}" already exists.`, {
      hint: 'Choose another name.',
    })
  }
}

/** A manifest file that the rename changes, with its text before and after. */
type ChangedFile = { path: string; before: string; after: string }

/**
 * Returns the manifest files that name the asset, and the assets below its name that keep theirs.
 * Paths are relative to the root.
 *
 * @throws LimnError `asset/unknown` if no entry of `assets` defines it
 */
function renamedFiles(
  { paths: { root } }: ProjectContext,
  manifestFiles: readonly string[],
  { from, to }: Names,
): { files: ChangedFile[]; kept: string[] } {
  const texts = manifestFiles.map((path) => ({
    path,
    before: readTextInside(root, path, maxBytes.text),
  }))
  const kept = texts.flatMap(({ before }) => entriesBelow(before, from))
  const files = texts.map(({ path, before }) => {
    const { text: after, found } = renameAsset(before, { from, to, kept })
    return { path, before, after, found }
  })
  if (!files.some(({ found }) => found)) {
    throw new LimnError('asset/unknown', `"${from}" is no entry of \`assets\` of its own.`, {
      hint: 'Rename it in the manifest where it is defined: in `characters` or in a `sheet`.',
    })
  }
  return { files: files.filter(({ before, after }) => before !== after), kept }
}

/** Renames the asset in every file. @throws ManifestError if the new name is invalid; LimnError */
async function renameInManifest(
  { paths: { root }, read }: ProjectContext,
  files: readonly ChangedFile[],
): Promise<void> {
  for (const { path, after } of files) await writeFileAtomic(root, join(root, path), after)
  await read()
}

/** Writes the old text of those files that have the new one. @throws LimnError */
async function restoreManifest(
  { paths: { root } }: ProjectContext,
  files: readonly ChangedFile[],
): Promise<void> {
  for (const { path, before, after } of files) {
    if (readTextInside(root, path, maxBytes.text) !== after) continue
    await writeFileAtomic(root, join(root, path), before)
  }
}

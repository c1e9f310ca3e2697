import { join } from 'node:path'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { writeLock } from '../lock/file.ts'
import { type LockEntry, withEntries } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { renameAsset } from '../manifest/rename-asset.ts'
import { unknownAsset } from '../manifest/select-assets.ts'
import { moveAsset } from '../store/masters.ts'
import { runAsSingleWriter } from '../store/single-writer.ts'
import type { ProjectContext } from './context.ts'
import type { FullSnapshot, Snapshot } from './snapshot.ts'

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
  await runAsSingleWriter(
    { paths: context.paths, onWait: () => onEvent({ type: 'waiting' }) },
    async () => {
      const renamed = await renameInManifest(context, manifest.files, { from, to })
      await moveEntries(context, renamed, { from, to, onEvent })
    },
  )
}

/** @throws LimnError `asset/unknown`, `asset/exists` */
function requireRenamable(manifest: Manifest, { from, to }: Names): void {
  const variant = manifest.assets.find(({ name, key }) => name === from && key !== from)
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

/** Renames the asset in every file and reads the project again. An invalid name changes no file. */
async function renameInManifest(
  { paths: { root }, read }: ProjectContext,
  manifestFiles: readonly string[],
  { from, to }: Names,
): Promise<FullSnapshot> {
  const files = manifestFiles.map((file) => ({
    path: join(root, file),
    before: readTextInside(root, file, maxBytes.text),
  }))
  for (const { path, before } of files) {
    const { text } = renameAsset(before, from, to)
    if (text !== before) await writeFileAtomic(root, path, text)
  }
  try {
    return await read()
  } catch (error) {
    for (const { path, before } of files) await writeFileAtomic(root, path, before)
    throw error
  }
}

/** Moves the lock entries and files of an asset, and of everything below it, to the new name. */
async function moveEntries(
  { paths }: ProjectContext,
  { manifest, lock, inventory: { ownDigests } }: Snapshot,
  { from, to, onEvent }: Names & { onEvent: OnEvent },
): Promise<void> {
  const inManifest = new Set(manifest.assets.map(({ name }) => name))
  const changes: [string, LockEntry | undefined][] = []
  for (const [name, entry] of lock.assets) {
    const next = `${to}${name.slice(from.length)}`
    const isRenamed = name === from || name.startsWith(`${from}/`)
    const mayMove = !inManifest.has(name) && inManifest.has(next) && !lock.assets.has(next)
    if (!isRenamed || !mayMove) continue
    const moved = await moveAsset({
      paths,
      out: manifest.out,
      ownDigests,
      from: name,
      to: next,
      entry,
    })
    changes.push([name, undefined], [next, moved])
    onEvent({ type: 'moved', asset: next, from: name, path: moved.master.path })
  }
  if (changes.length > 0) await writeLock(paths.lock, withEntries(lock, changes))
}

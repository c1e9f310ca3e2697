import { dirname, extname, join } from 'node:path'
import { createDebug } from '../debug.ts'
import { hasDigest, sha256 } from '../digest.ts'
import { removeEmptyFolders } from '../disk/project-files.ts'
import { maxBytes, readInside, statInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import type { OnEvent } from '../events.ts'
import { readLock, writeLock } from '../lock/file.ts'
import { type Lock, type LockEntry, withEntries } from '../lock/lock.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import { type AssetRename, renameAsset } from '../manifest/rename-asset.ts'
import { removeInstalledPictures } from '../store/clean-up-after-crash.ts'
import {
  type InstallIntent,
  type Intent,
  type MoveIntent,
  type PruneIntent,
  type RecordedIntent,
  removeIntent,
  type RenamedFile,
  type RenameIntent,
} from '../store/intents.ts'
import {
  backUpFile,
  isUnchangedMaster,
  isUnchangedOutput,
  moveAsset,
  removeFile,
  writeMaster,
} from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { shelveMaster } from '../store/shelf.ts'
import type { ProjectContext } from './context.ts'

const debug = createDebug('store')

/**
 * Completes the operations that a crashed writer left unfinished, the oldest first. Drops those
 * that had changed nothing yet, those whose record is damaged, and those whose lockfile entry has
 * changed since. Then removes the pictures from the journal that the lockfile names now.
 *
 * @throws ManifestError if a rename or a prune cannot be completed without a valid manifest;
 *   LimnError
 */
export async function completeIntents(
  context: ProjectContext,
  intents: readonly RecordedIntent[],
): Promise<void> {
  for (const { id, intent } of intents) {
    debug('intent %s: completing %s', id, intent?.kind ?? 'nothing')
    if (intent !== null) await complete(intent, context)
    await removeIntent(context.paths, id)
  }
  if (!intents.some(({ intent }) => intent?.kind === 'install')) return
  const { paths } = context
  await removeInstalledPictures(paths, readLock(paths.lock, paths.masters))
}

async function complete(intent: Intent, context: ProjectContext): Promise<void> {
  switch (intent.kind) {
    case 'install':
      return completeInstall(intent, context)
    case 'move':
      return completeMove(intent, context)
    case 'rename':
      return completeRename(intent, context)
    case 'prune':
      return completePrune(intent, context)
  }
}

/** Completes an install if its picture is in place; otherwise nothing has changed. */
async function completeInstall(
  { asset, before, entry, encoder }: InstallIntent,
  { paths }: ProjectContext,
): Promise<void> {
  const lock = readLock(paths.lock, paths.masters)
  const { path, sha256: digest } = entry.master
  if (digestOf(lock, asset) !== before) return
  const bytes = readRegular(paths.root, path)
  if (bytes === undefined || !hasDigest(bytes, digest)) return
  // Removes masters with another extension.
  await writeMaster(paths, { asset, bytes, extension: extname(path).slice(1) })
  const changed = withEntries(lock, [[asset, entry]])
  await writeChanged(paths, { ...changed, encoder: lock.encoder ?? encoder })
}

async function completeMove(
  { from, to }: MoveIntent,
  { paths, read }: ProjectContext,
): Promise<void> {
  const { lock, manifest, digests } = await read()
  const entry = lock.assets.get(from)
  const isUndone = manifest.assets.some(({ name }) => name === from)
  if (entry === undefined || lock.assets.has(to) || isUndone) return
  const moved = await moveAsset({
    paths,
    out: manifest.out,
    ownDigests: digests.own,
    from,
    to,
    entry,
  })
  const changes = [[from, undefined] as const, [to, moved] as const]
  await writeChanged(paths, withEntries(lock, changes))
}

/** Completes a rename, or takes it back if the manifest is invalid with the new name. */
async function completeRename(intent: RenameIntent, context: ProjectContext): Promise<void> {
  const { root } = context.paths
  for (const file of intent.files) await renameIn(root, file, intent)
  try {
    await moveEntries(context, intent)
  } catch (error) {
    const isOurs = intent.files.every(({ path, after }) => digestAt(root, path) === after)
    if (!(error instanceof ManifestError && isOurs)) throw error
    const { from, to, kept } = intent
    for (const { path, before, after } of intent.files) {
      await renameIn(root, { path, before: after, after: before }, { from: to, to: from, kept })
    }
  }
}

/** Renames the asset in a manifest file, unless the file has changed in another way. */
async function renameIn(
  root: string,
  { path, before, after }: RenamedFile,
  names: AssetRename,
): Promise<void> {
  const text = readRegular(root, path)?.toString('utf8')
  if (text === undefined || sha256(text) !== before) return
  const renamed = renameAsset(text, names).text
  if (sha256(renamed) !== after) return
  await writeFileAtomic(root, join(root, path), renamed)
}

/**
 * Moves the lock entries and files of an asset, and of everything below it, to the name that it has
 * in the manifest now. Does nothing where that is done.
 */
export async function moveEntries(
  { paths, read }: ProjectContext,
  { from, to }: { from: string; to: string },
  onEvent: OnEvent = () => {},
): Promise<void> {
  const { manifest, lock, digests } = await read()
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
      ownDigests: digests.own,
      from: name,
      to: next,
      entry,
    })
    changes.push([name, undefined], [next, moved])
    onEvent({ type: 'moved', asset: next, from: name, path: moved.master.path })
  }
  if (changes.length > 0) await writeChanged(paths, withEntries(lock, changes))
}

async function completePrune(
  { assets }: PruneIntent,
  { paths, read }: ProjectContext,
): Promise<void> {
  const { manifest, lock, digests } = await read()
  const inManifest = new Set(manifest.assets.map(({ name }) => name))
  const changes: [string, LockEntry | undefined][] = []
  for (const { asset, before, entry } of assets) {
    const isRequested = entry === null && inManifest.has(asset)
    if (digestOf(lock, asset) !== before || isRequested) continue
    const locked = lock.assets.get(asset)!
    await removeUnused(paths, {
      asset,
      locked,
      next: entry,
      out: manifest.out,
      ownDigests: digests.own,
    })
    changes.push([asset, entry ?? undefined])
  }
  if (changes.length > 0) await writeChanged(paths, withEntries(lock, changes))
}

type Unused = {
  asset: string
  locked: LockEntry
  next: LockEntry | null
  out: string | null
  /** Digests of this machine's encoder that differ from those in the lockfile, by recipe hash. */
  ownDigests: ReadonlyMap<string, string>
}

/**
 * Removes the files that an entry lists and the next one does not, unless a person changed them.
 * Keeps its master on the shelf and where replaced ones are kept.
 */
async function removeUnused(
  paths: ProjectPaths,
  { asset, locked, next, out, ownDigests }: Unused,
): Promise<void> {
  const { root, masters } = paths
  const { request, master, outputs } = locked
  for (const [name, output] of Object.entries(outputs)) {
    if (out === null || next?.outputs[name] !== undefined) continue
    const path = `${out}/${asset}/${name}`
    if (!isUnchangedOutput(root, { path, output, ownDigests })) continue
    await removeFile(root, join(root, path))
    await removeEmptyFolders(root, join(root, out), dirname(join(root, path)))
  }
  if (next !== null || request.operation === 'source') return
  const file = join(root, master.path)
  if (!isUnchangedMaster(root, master)) return
  await shelveMaster(paths, { asset, entry: locked })
  await backUpFile(paths, { asset, file })
  await removeFile(root, file)
  await removeEmptyFolders(root, join(root, masters), dirname(file))
}

async function writeChanged(paths: ProjectPaths, lock: Lock): Promise<void> {
  await writeLock(paths.lock, lock, { mastersFolder: paths.masters })
}

function digestOf(lock: Lock, asset: string): string | null {
  return lock.assets.get(asset)?.master.sha256 ?? null
}

function digestAt(root: string, path: string): string | undefined {
  const bytes = readRegular(root, path)
  return bytes && sha256(bytes)
}

/** Reads a regular file, relative to the root, that is no link; `undefined` if there is none. */
function readRegular(root: string, path: string): Buffer | undefined {
  if (statInside(root, join(root, path))?.isFile() !== true) return undefined
  return readInside(root, path, maxBytes.picture)
}

import { dirname, join } from 'node:path'
import { removeEmptyFolders } from '../disk/project-files.ts'
import { existsInside } from '../disk/read-inside.ts'
import { writeLock } from '../lock/file.ts'
import { type Lock, type LockEntry, withEntries } from '../lock/lock.ts'
import { unrequestedOutputs } from '../plan/plan-outputs.ts'
import { withIntent } from '../store/intents.ts'
import { backUpFile, isUnchangedMaster, isUnchangedOutput, removeFile } from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { shelveMaster } from '../store/shelf.ts'
import type { ProjectContext } from './context.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { Snapshot } from './snapshot.ts'

/** What `prune` removes. */
export type Pruned = {
  /** Names of the assets whose lock entries are removed. */
  assets: string[]
  /** Files that exist and are removed, relative to the root. */
  files: string[]
  /** Files that exist and are kept, relative to the root: Limn did not write their content. */
  kept: string[]
}

/** What the manifest no longer requests. */
type Unused = { assets: string[]; files: UnusedFile[]; changes: LockChange[] }

/** `isOwn` returns whether the file has the content that Limn wrote. */
type UnusedFile = { path: string; isOwn: () => boolean }

/** A change of the lockfile: the new entry of an asset, or `undefined` to remove it. */
type LockChange = [name: string, entry: LockEntry | undefined]

/**
 * Removes masters, outputs and lock entries that the manifest no longer requests. Keeps files whose
 * content is not the one in the lockfile. With `dryRun` it only returns them.
 *
 * @throws ManifestError, LimnError
 */
export async function prune(
  context: ProjectContext,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<Pruned> {
  const { paths, read } = context
  const before = await read()
  if (dryRun) {
    const { assets, files } = findUnused(before, paths.root)
    return { assets, ...splitByOwner(files, paths.root) }
  }
  return runAsWriter(context, {}, async () => {
    const snapshot = await read()
    const { changes, assets, files: unused } = findUnused(snapshot, paths.root)
    if (changes.length === 0) return { assets: [], files: [], kept: [] }
    const { lock, manifest } = snapshot
    const pruned = changes.map(([asset, entry]) => {
      const { sha256 } = lock.assets.get(asset)!.master
      return { asset, before: sha256, entry: entry ?? null }
    })
    return withIntent(paths, { kind: 'prune', assets: pruned }, async () => {
      await keepRemovedMasters(paths, lock, changes)
      const { files, kept } = splitByOwner(unused, paths.root)
      await removeFiles(paths, files, manifest.out)
      const options = { mastersFolder: paths.masters }
      await writeLock(paths.lock, withEntries(lock, changes), options)
      return { assets, files, kept }
    })
  })
}

function splitByOwner(unused: readonly UnusedFile[], root: string): Pick<Pruned, 'files' | 'kept'> {
  const existing = unused.filter(({ path }) => existsInside(root, path))
  const files = existing.filter(({ isOwn }) => isOwn())
  const kept = existing.filter((file) => !files.includes(file))
  return { files: files.map(({ path }) => path), kept: kept.map(({ path }) => path) }
}

/** Finds what the lockfile has and the manifest no longer requests. */
function findUnused(snapshot: Snapshot, root: string): Unused {
  const {
    manifest,
    lock,
    inventory: { ownDigests },
  } = snapshot
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  // A renamed asset gets the entry of its old name.
  const renamed = new Set(
    planSnapshot(snapshot).steps.flatMap((step) => (step.kind === 'move' ? [step.from] : [])),
  )
  const changes: LockChange[] = []
  const files: UnusedFile[] = []
  for (const [name, entry] of lock.assets) {
    if (renamed.has(name)) continue
    const asset = assetByName.get(name)
    const unused =
      asset === undefined ? Object.keys(entry.outputs) : unrequestedOutputs(asset, entry)
    if (asset !== undefined && unused.length === 0) continue
    // A source is the user's own file and stays.
    if (asset === undefined && entry.request.operation !== 'source') {
      const { master } = entry
      files.push({ path: master.path, isOwn: () => isUnchangedMaster(root, master) })
    }
    if (manifest.out !== null) {
      for (const file of unused) {
        const path = `${manifest.out}/${name}/${file}`
        const output = entry.outputs[file]!
        files.push({ path, isOwn: () => isUnchangedOutput(root, { path, output, ownDigests }) })
      }
    }
    changes.push([name, asset === undefined ? undefined : withoutOutputs(entry, unused)])
  }
  const assets = changes.flatMap(([name, entry]) => (entry === undefined ? [name] : []))
  return { changes, assets, files }
}

function withoutOutputs(entry: LockEntry, files: readonly string[]): LockEntry {
  const outputs = Object.fromEntries(
    Object.entries(entry.outputs).filter(([file]) => !files.includes(file)),
  )
  return { ...entry, outputs }
}

/** Keeps the masters that are about to be removed where replaced ones are kept, and on the shelf. */
async function keepRemovedMasters(
  paths: ProjectPaths,
  lock: Lock,
  changes: readonly LockChange[],
): Promise<void> {
  for (const [name, changed] of changes) {
    const entry = lock.assets.get(name)!
    const { request, master } = entry
    if (changed !== undefined || request.operation === 'source') continue
    await shelveMaster(paths, { asset: name, entry })
    await backUpFile(paths, { asset: name, file: join(paths.root, master.path) })
  }
}

async function removeFiles(
  { root, masters }: ProjectPaths,
  files: readonly string[],
  out: string | null,
): Promise<void> {
  for (const path of files) {
    const file = join(root, path)
    await removeFile(root, file)
    for (const top of [masters, out ?? masters]) {
      await removeEmptyFolders(root, join(root, top), dirname(file))
    }
  }
}

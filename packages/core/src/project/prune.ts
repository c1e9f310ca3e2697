import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { removeEmptyFolders } from '../disk/remove-empty-folders.ts'
import { writeLock } from '../lock/file.ts'
import { type Lock, type LockEntry, withEntries } from '../lock/lock.ts'
import { unrequestedOutputs } from '../plan/plan-outputs.ts'
import { withIntent } from '../store/intents.ts'
import { backUpMaster, removeFile } from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
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
}

/** A change of the lockfile: the new entry of an asset, or `undefined` to remove it. */
type LockChange = [name: string, entry: LockEntry | undefined]

/**
 * Removes masters, outputs and lock entries that the manifest no longer requests. With `dryRun` it
 * only returns them.
 *
 * @throws ManifestError, LimnError
 */
export async function prune(
  context: ProjectContext,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<Pruned> {
  const { paths, read } = context
  const exists = (path: string): boolean => existsSync(join(paths.root, path))
  const before = await read()
  if (dryRun) {
    const { assets, files } = findUnused(before)
    return { assets, files: files.filter(exists) }
  }
  return runAsWriter(context, {}, async ({ requireWriter }) => {
    const snapshot = await read()
    const { changes, assets, files: unused } = findUnused(snapshot)
    if (changes.length === 0) return { assets: [], files: [] }
    const { lock, manifest } = snapshot
    const pruned = changes.map(([asset, entry]) => {
      const before = lock.assets.get(asset)!.master.sha256
      return { asset, before, entry: entry ?? null }
    })
    return withIntent(paths, { kind: 'prune', assets: pruned }, async () => {
      await requireWriter()
      await keepRemovedMasters(paths, lock, changes)
      const files = unused.filter(exists)
      await removeFiles(paths, files, manifest.out)
      const options = { mastersFolder: paths.masters, requireWriter }
      await writeLock(paths.lock, withEntries(lock, changes), options)
      return { assets, files }
    })
  })
}

/** Finds what the lockfile has and the manifest no longer requests. */
function findUnused(snapshot: Snapshot): Pruned & { changes: LockChange[] } {
  const { manifest, lock } = snapshot
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  // A renamed asset gets the entry of its old name.
  const renamed = new Set(
    planSnapshot(snapshot).steps.flatMap((step) => (step.kind === 'move' ? [step.from] : [])),
  )
  const changes: LockChange[] = []
  const files: string[] = []
  for (const [name, entry] of lock.assets) {
    if (renamed.has(name)) continue
    const asset = assetByName.get(name)
    const unused =
      asset === undefined ? Object.keys(entry.outputs) : unrequestedOutputs(asset, entry)
    if (asset !== undefined && unused.length === 0) continue
    // A source is the user's own file and stays.
    if (asset === undefined && entry.request.operation !== 'source') files.push(entry.master.path)
    if (manifest.out !== null) {
      files.push(...unused.map((file) => `${manifest.out}/${name}/${file}`))
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

/** Keeps the masters that are about to be removed where replaced ones are kept. */
async function keepRemovedMasters(
  paths: ProjectPaths,
  lock: Lock,
  changes: readonly LockChange[],
): Promise<void> {
  for (const [name, changed] of changes) {
    const { request, master } = lock.assets.get(name)!
    if (changed !== undefined || request.operation === 'source') continue
    await backUpMaster(paths, { asset: name, file: join(paths.root, master.path) })
  }
}

async function removeFiles(
  { root, masters }: ProjectPaths,
  files: readonly string[],
  out: string | null,
): Promise<void> {
  for (const path of files) {
    const file = join(root, path)
    await removeFile(file)
    for (const top of [masters, out ?? masters]) {
      await removeEmptyFolders(join(root, top), dirname(file))
    }
  }
}

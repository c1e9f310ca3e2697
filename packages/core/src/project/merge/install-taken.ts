import { extname, join } from 'node:path'
import { canonicalJson, digestsOf, hasDigest, pictureDigest } from '../../digest.ts'
import { LimnError } from '../../errors.ts'
import type { LockEntry } from '../../lock/lock.ts'
import { writeIntent } from '../../store/intents.ts'
import { isUnchangedMaster, moveAsset, writeMaster } from '../../store/masters.ts'
import { writeOutFile } from '../../store/out-folder.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { shelvePicture, shelveReplaced } from '../../store/shelf.ts'
import { openWrittenFiles } from '../../store/written-files.ts'
import type { FullSnapshot } from '../snapshot.ts'
import type { CombinedLocks, LockConflict, TakenEntry } from './combine-locks.ts'
import { writeIfNew } from './kept-files.ts'
import { type Part, readMaster } from './read-part.ts'
import type { MergeProblem } from './result.ts'

/** The project that is merged into, and the parts by their label. */
export type Target = {
  paths: ProjectPaths
  snapshot: FullSnapshot
  partByLabel: ReadonlyMap<string, Part>
}

/**
 * Keeps the pictures that do not become a master as earlier pictures of their asset.
 *
 * @throws LimnError `store/…`
 */
export async function keepOthers(
  conflicts: readonly LockConflict[],
  { paths, partByLabel }: Target,
): Promise<void> {
  for (const { asset, kept, other } of conflicts) {
    const { request, master, made } = other.entry
    const bytes = readMaster(partByLabel.get(other.part)!.paths.root, master.path)
    if (bytes === undefined || request.operation === 'source') continue
    if (!hasDigest(bytes, master.sha256) || master.sha256 === kept.entry.master.sha256) continue
    const name = `${pictureDigest(bytes).slice(0, 16)}${extname(master.path)}`
    await writeIfNew(paths.root, join(paths.replaced, asset, name), bytes)
    if (canonicalJson(kept.entry.request) === canonicalJson(request)) continue
    // If the manifest returns to this request, its picture does too.
    await shelvePicture(paths, { asset, request, made, bytes, digest: master.sha256 })
  }
}

/**
 * Moves the files of assets that a shard has renamed.
 *
 * @returns the renamed assets that were still there
 * @throws LimnError `store/…`
 */
export async function moveRenamed(
  { taken, newNameByOld }: CombinedLocks,
  { paths, snapshot: { lock, manifest, inventory } }: Target,
): Promise<{ from: string; to: string }[]> {
  const wanted = new Set(manifest.assets.map(({ name }) => name))
  const moved: { from: string; to: string }[] = []
  for (const [from, to] of newNameByOld) {
    const entry = lock.assets.get(from)
    if (entry === undefined || wanted.has(from) || !taken.has(to)) continue
    const { ownDigests } = inventory
    await moveAsset({ paths, out: manifest.out, ownDigests, from, to, entry })
    moved.push({ from, to })
  }
  return moved
}

/**
 * Writes masters and files in `out` of the entries that are taken. Each master has an intent, which
 * the caller removes once the lockfile names it.
 *
 * @throws LimnError `store/…`
 */
export async function installTaken(
  { taken }: CombinedLocks,
  target: Target,
): Promise<{ intents: string[]; problems: MergeProblem[] }> {
  const intents: string[] = []
  const problems: MergeProblem[] = []
  for (const each of taken.values()) {
    const intent = await installMaster(each, target)
    if (intent !== undefined) intents.push(intent)
    problems.push(...(await copyOutputs(each, target)))
  }
  return { intents, problems }
}

/** @returns the id of its intent; `undefined` if the master is in place, or is no file of Limn's */
async function installMaster(
  { asset, part, entry }: TakenEntry,
  { paths, snapshot: { lock, digests }, partByLabel }: Target,
): Promise<string | undefined> {
  const { master, request } = entry
  if (part === null || request.operation === 'source') return undefined
  const bytes = readMaster(partByLabel.get(part)!.paths.root, master.path)
  if (bytes === undefined || !hasDigest(bytes, master.sha256)) return undefined
  if (isUnchangedMaster(paths.root, master)) return undefined
  const before = lock.assets.get(asset)
  await shelveReplaced(paths, { asset, entry: before, next: request })
  const intent = await writeIntent(
    paths,
    { kind: 'install', asset, before: before?.master.sha256 ?? null, entry, encoder: lock.encoder },
    // The part still has the picture, and merging again completes it.
    { synced: false },
  )
  const path = await writeMaster(paths, { asset, bytes, extension: extname(master.path).slice(1) })
  digests.record(path, digestsOf(bytes))
  return intent
}

/** Copies the files of an entry that the part has in its `out` folder, if they are whole. */
async function copyOutputs(
  { asset, part, entry }: TakenEntry,
  { paths, snapshot: { manifest, lock, digests }, partByLabel }: Target,
): Promise<MergeProblem[]> {
  const { out } = manifest
  if (out === null || part === null) return []
  const { root } = partByLabel.get(part)!.paths
  const written = openWrittenFiles(paths)
  const locked: LockEntry['outputs'] = lock.assets.get(asset)?.outputs ?? {}
  const problems: MergeProblem[] = []
  for (const [file, { sha256 }] of Object.entries(entry.outputs)) {
    const bytes = readMaster(root, `${out}/${asset}/${file}`)
    if (bytes === undefined || !hasDigest(bytes, sha256)) continue
    const known = Object.hasOwn(locked, file) ? [locked[file]!.sha256] : undefined
    try {
      await writeOutFile({ out, asset, file, bytes, sha256, known }, { paths, digests, written })
    } catch (error) {
      if (!(error instanceof LimnError) || error.code !== 'output/taken') throw error
      problems.push({ message: error.message, hint: error.hint ?? '' })
    }
  }
  return problems
}

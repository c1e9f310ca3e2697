import { canonicalJson } from '../../digest.ts'
import { writeLock } from '../../lock/file.ts'
import { type Lock, withEntries } from '../../lock/lock.ts'
import { removeIntent } from '../../store/intents.ts'
import { isUnchangedMaster } from '../../store/masters.ts'
import { ensureStateFolder } from '../../store/state-folder.ts'
import {
  readUnfinishedMerge,
  recordUnfinishedMerge,
  removeUnfinishedMerge,
} from '../../store/unfinished-merge.ts'
import type { ProjectContext } from '../context.ts'
import { runAsWriter } from '../run-as-writer.ts'
import type { FullSnapshot } from '../snapshot.ts'
import { combineLocks, type CombinedLocks, listChanged } from './combine-locks.ts'
import { copyKept } from './copy-kept.ts'
import { findMismatches } from './find-mismatches.ts'
import { installTaken, keepOthers, moveRenamed } from './install-taken.ts'
import { type Part, readPart, whyUnusable } from './read-part.ts'
import type { MergeConflict, MergeProblem, MergeResult } from './result.ts'

/**
 * Combines what the shards of a run left with the project: the lockfile, masters, files in `out`,
 * and what they keep in `.limn`. The result is what one run would have produced. May be repeated.
 * Pays for nothing and loses nothing: of two pictures of an asset, the second one becomes an
 * earlier picture.
 *
 * @param folders relative to `cwd`
 * @throws ManifestError, LimnError
 */
export async function merge(
  context: ProjectContext,
  folders: readonly string[],
): Promise<MergeResult> {
  // Reports mistakes before anything is written.
  const { lock } = await context.read()
  readParts(folders, { context, here: lock })
  return runAsWriter(context, {}, async () => {
    const snapshot = await context.read()
    return mergeParts(readParts(folders, { context, here: snapshot.lock }), { context, snapshot })
  })
}

function readParts(
  folders: readonly string[],
  { context: { cwd, paths }, here }: { context: ProjectContext; here: Lock },
): Part[] {
  return [...new Set(folders)].map((folder) => readPart({ folder, cwd, paths, here }))
}

async function mergeParts(
  parts: readonly Part[],
  { context: { paths }, snapshot }: { context: ProjectContext; snapshot: FullSnapshot },
): Promise<MergeResult> {
  await ensureStateFolder(paths.state)
  const folders = parts.map((part) => part.paths.root)
  const earlier = (readUnfinishedMerge(paths) ?? []).filter((folder) => !folders.includes(folder))
  await recordUnfinishedMerge(paths, [...earlier, ...folders])
  let received = 0
  for (const part of parts) received += await copyKept({ from: part.paths, to: paths })
  const { combined, problems } = combine(parts, { root: paths.root, snapshot })
  const target = { paths, snapshot, partByLabel: new Map(parts.map((part) => [part.label, part])) }
  await keepOthers(combined.conflicts, target)
  const moved = await moveRenamed(combined, target)
  const installed = await installTaken(combined, target)
  const entries = [...combined.taken].map(([name, { entry }]) => [name, entry] as const)
  const removed = moved.map(({ from }) => [from, undefined] as const)
  const merged: Lock = {
    ...withEntries(snapshot.lock, [...removed, ...entries]),
    encoder: snapshot.lock.encoder ?? encoderOf(parts),
    extra: parts.reduce((extra, { lock }) => ({ ...lock.extra, ...extra }), snapshot.lock.extra),
  }
  snapshot.digests.save()
  await writeLock(paths.lock, merged, { mastersFolder: paths.masters })
  for (const id of installed.intents) await removeIntent(paths, id)
  if (earlier.length > 0) await recordUnfinishedMerge(paths, earlier)
  else await removeUnfinishedMerge(paths)
  return {
    parts: parts.map((part) => describePart(part)),
    merged: [...combined.taken.keys()],
    moved,
    received,
    conflicts: combined.conflicts.map(describeConflict),
    problems: [...findMismatches(parts), ...problems, ...installed.problems],
  }
}

/** Combines the lockfiles, and reports entries whose picture is missing. */
function combine(
  parts: readonly Part[],
  { root, snapshot }: { root: string; snapshot: FullSnapshot },
): { combined: CombinedLocks; problems: MergeProblem[] } {
  const problems: MergeProblem[] = []
  const partByLabel = new Map(parts.map((part) => [part.label, part]))
  const combined = combineLocks(snapshot.lock, parts, (changed) => {
    const why = whyUnusable(partByLabel.get(changed.part)!, changed, {
      isHere: ({ master }) => isUnchangedMaster(root, master),
      isRemote: snapshot.manifest.masters === 'remote',
    })
    if (why === undefined) return true
    problems.push({
      message: `${changed.part} has no usable picture of ${changed.asset}, so its entry is left out: ${why}.`,
      hint: 'Download the whole artifact of the shard, with its masters, and merge again.',
    })
    return false
  })
  return { combined, problems }
}

function encoderOf(parts: readonly Part[]): string | null {
  return parts.find(({ lock }) => lock.encoder !== null)?.lock.encoder ?? null
}

function describePart(part: Part): MergeResult['parts'][number] {
  const { label, record } = part
  const shard = record === undefined ? null : `${record.shard.index}/${record.shard.count}`
  return { folder: label, shard, changed: listChanged(part).length }
}

function describeConflict({
  asset,
  kept,
  other,
}: CombinedLocks['conflicts'][number]): MergeConflict {
  return {
    asset,
    kept: kept.part,
    other: other.part,
    keptUsd: kept.entry.made.usd ?? null,
    otherUsd: other.entry.made.usd ?? null,
    isSameRequest: canonicalJson(kept.entry.request) === canonicalJson(other.entry.request),
  }
}

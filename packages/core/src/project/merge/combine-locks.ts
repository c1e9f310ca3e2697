import { isDeepStrictEqual } from 'node:util'
import { canonicalJson, compareText } from '../../digest.ts'
import type { Lock, LockEntry } from '../../lock/lock.ts'

/** The lockfile of one shard, and the one that it started from. */
export type PartLock = { label: string; lock: Lock; base: Lock }

/** An entry that a part has changed. */
export type ChangedEntry = { part: string; asset: string; entry: LockEntry }

/** An entry that is taken. `part` is where its picture is; `null` if the project has it. */
export type TakenEntry = { part: string | null; asset: string; entry: LockEntry }

/** Two different pictures of one asset. */
export type LockConflict = {
  asset: string
  /** What stays, and where it comes from: `null` for the project that is merged into. */
  kept: Pick<TakenEntry, 'part' | 'entry'>
  /** What does not become the master. */
  other: { part: string; entry: LockEntry }
}

/** What merging changes. */
export type CombinedLocks = {
  /** The new entries, by asset. Sorted by name. */
  taken: ReadonlyMap<string, TakenEntry>
  /** Assets that a part has renamed, by their old name. */
  newNameByOld: ReadonlyMap<string, string>
  conflicts: readonly LockConflict[]
}

/** Lists the entries that a part has changed since it started. */
export function listChanged({ label, lock, base }: PartLock): ChangedEntry[] {
  return [...lock.assets].flatMap(([asset, entry]) =>
    isDeepStrictEqual(entry, base.assets.get(asset)) ? [] : [{ part: label, asset, entry }],
  )
}

/**
 * Combines the lockfiles of shards with the one of the project. An entry that only one of them has
 * changed is taken. If several have, their pictures must be the same: otherwise the first one stays
 * (that of the project, then that of the first part), and the others are conflicts.
 *
 * @param isUsable Returns whether a changed entry can be taken: its picture exists
 */
export function combineLocks(
  here: Lock,
  parts: readonly PartLock[],
  isUsable: (changed: ChangedEntry) => boolean,
): CombinedLocks {
  const taken = new Map<string, TakenEntry>()
  const newNameByOld = new Map<string, string>()
  const conflicts: LockConflict[] = []
  for (const part of parts) {
    for (const changed of listChanged(part)) {
      const { asset, entry } = changed
      const first = taken.get(asset) ?? ownChange(asset, { here, base: part.base })
      if (first !== undefined && isDeepStrictEqual(first.entry, entry)) continue
      if (!isUsable(changed)) continue
      if (first === undefined) taken.set(asset, changed)
      else if (isSamePicture(first.entry, entry)) {
        taken.set(asset, { asset, part: first.part, entry: joinOutputs(first.entry, entry) })
      } else conflicts.push({ asset, kept: first, other: changed })
    }
    for (const [from, to] of listRenamed(part)) newNameByOld.set(from, to)
  }
  const sorted = [...taken].sort(([a], [b]) => compareText(a, b))
  return { taken: new Map(sorted), newNameByOld, conflicts }
}

/** Returns the entry of the project if it has changed since the part started. */
function ownChange(
  asset: string,
  { here, base }: { here: Lock; base: Lock },
): { part: null; entry: LockEntry } | undefined {
  const entry = here.assets.get(asset)
  if (entry === undefined || isDeepStrictEqual(entry, base.assets.get(asset))) return undefined
  return { part: null, entry }
}

/** Returns whether two entries record the same payment for the same picture. */
function isSamePicture(a: LockEntry, b: LockEntry): boolean {
  return (
    a.master.sha256 === b.master.sha256 &&
    isDeepStrictEqual([a.request, a.made], [b.request, b.made])
  )
}

/** Both sides have the same picture: the outputs of both were derived from it. */
function joinOutputs(first: LockEntry, second: LockEntry): LockEntry {
  return { ...first, outputs: { ...second.outputs, ...first.outputs } }
}

/** Finds the assets whose entry a part has moved to a new name. */
function listRenamed({ lock, base }: PartLock): [from: string, to: string][] {
  const keyOf = ({ made, master }: LockEntry): string => canonicalJson([master.sha256, made])
  const gone = [...base.assets].filter(([name]) => !lock.assets.has(name))
  if (gone.length === 0) return []
  const added = [...lock.assets].filter(([name]) => !base.assets.has(name))
  const nameByKey = new Map(added.map(([name, entry]) => [keyOf(entry), name]))
  return gone.flatMap(([from, entry]): [from: string, to: string][] => {
    const to = nameByKey.get(keyOf(entry))
    return to === undefined ? [] : [[from, to]]
  })
}

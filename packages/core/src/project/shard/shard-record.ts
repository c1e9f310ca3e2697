import { basename, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { isObject } from '../../is-object.ts'
import { formatLock, parseLock } from '../../lock/codec.ts'
import type { Lock } from '../../lock/lock.ts'
import type { Shard } from '../../plan/shards.ts'
import type { ProjectPaths } from '../../store/paths.ts'

/** What a shard started from. `limn merge` reads it too, from other machines. */
export type ShardRecord = {
  shard: Shard
  /** SHA-256 of everything that the manifest was read from. */
  manifest: string
  /** The commit that was checked out; `null` outside a repository. */
  commit: string | null
  /** The lockfile before the first run of the shard. */
  base: Lock
}

type Paths = Pick<ProjectPaths, 'root' | 'state' | 'lock' | 'masters'>

/** Several manifests share `.limn`, but each has its own lockfile. */
function fileOf({ state, lock }: Pick<Paths, 'state' | 'lock'>): string {
  return join(state, `shard-${basename(lock)}.json`)
}

/** Reads the record of a project; `undefined` if there is none that can be used. */
export function readShardRecord(paths: Paths): ShardRecord | undefined {
  try {
    const record: unknown = JSON.parse(readTextInside(paths.root, fileOf(paths), maxBytes.data))
    return parseRecord(record, paths)
  } catch {
    return undefined
  }
}

function parseRecord(record: unknown, { lock, masters }: Paths): ShardRecord | undefined {
  if (!isObject(record)) return undefined
  const { version, shard, manifest, commit, base } = record as Record<string, unknown>
  const parsed = typeof shard === 'string' ? parseShard(shard) : undefined
  const isValid =
    version === 1 &&
    typeof manifest === 'string' &&
    (commit === null || typeof commit === 'string') &&
    typeof base === 'string'
  if (!isValid || parsed === undefined) return undefined
  return { shard: parsed, manifest, commit, base: parseLock(base, basename(lock), masters) }
}

/** Writes the record of a shard, in place of an earlier one. @throws LimnError `store/…` */
export async function writeShardRecord(
  paths: Paths,
  { shard: { index, count }, manifest, commit, base }: ShardRecord,
): Promise<void> {
  const record = {
    version: 1,
    shard: `${index}/${count}`,
    manifest,
    commit,
    base: formatLock(base),
  }
  await writeFileAtomic(paths.root, fileOf(paths), `${JSON.stringify(record)}\n`)
}

/** The most shards of a run: a matrix of GitHub Actions has at most 256 jobs. */
export const MAX_SHARDS = 256

/** Parses `2/4`; `undefined` if it names no shard. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = (/^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? []).map(Number)
  if (index === undefined || count === undefined) return undefined
  return index <= count && count <= MAX_SHARDS ? { index, count } : undefined
}

/**
 * Returns whether a shard that started from `base` may have made the lockfile: it has changed
 * nothing but its own assets, and entries of assets that are no longer in the manifest.
 */
export function isContinued(
  { base, lock }: { base: Lock; lock: Lock },
  isForeign: (asset: string) => boolean,
): boolean {
  const names = new Set([...base.assets.keys(), ...lock.assets.keys()])
  return [...names].every(
    (name) => !isForeign(name) || isDeepStrictEqual(base.assets.get(name), lock.assets.get(name)),
  )
}

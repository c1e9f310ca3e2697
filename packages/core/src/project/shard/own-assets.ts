import { LimnError } from '../../errors.ts'
import { openRepository, resolveCommit } from '../../git/repository.ts'
import type { Lock } from '../../lock/lock.ts'
import { DRAFT_PROFILE } from '../../manifest/resolve/profiles.ts'
import { addInputs } from '../../plan/input-order.ts'
import { assetsOfShard, type Shard } from '../../plan/shards.ts'
import type { ProjectContext } from '../context.ts'
import type { PlanSelection } from '../options.ts'
import { planInputs } from '../plan-inputs.ts'
import type { FullSnapshot } from '../snapshot.ts'
import { isContinued, readShardRecord, type ShardRecord, writeShardRecord } from './shard-record.ts'

/** A selection of a shard. */
type ShardSelection = PlanSelection & { shard: Shard }

/**
 * Returns the assets of a shard that a run covers. They stay the same if an interrupted run of the
 * shard is repeated: the lockfile from before its first run decides, which `.limn` records.
 *
 * @param isRun whether pictures are about to be requested: only then the record is written
 * @throws ManifestError, LimnError `usage` for drafts, `store/…`
 */
export async function ownAssets(
  context: ProjectContext,
  selection: ShardSelection,
  { isRun }: { isRun: boolean },
): Promise<ReadonlySet<string>> {
  if (context.profile === DRAFT_PROFILE) throw draftsAreNotMerged()
  const snapshot = await context.read()
  const commit = await readHead(context)
  const { shard } = selection
  const record = readShardRecord(context.paths)
  if (record !== undefined && isSameRun(record, { shard, snapshot, commit })) {
    const own = split(snapshot, record.base, selection)
    const all = new Set(snapshot.manifest.assets.map(({ name }) => name))
    const isForeign = (name: string): boolean => all.has(name) && !own.all.has(name)
    if (isContinued({ base: record.base, lock: snapshot.lock }, isForeign)) return own.covered
  }
  if (isRun) {
    const { digest: manifest, lock: base } = snapshot
    await writeShardRecord(context.paths, { shard, manifest, commit, base })
  }
  return split(snapshot, snapshot.lock, selection).covered
}

function isSameRun(
  record: ShardRecord,
  { shard, snapshot, commit }: { shard: Shard; snapshot: FullSnapshot; commit: string | null },
): boolean {
  return (
    record.shard.index === shard.index &&
    record.shard.count === shard.count &&
    record.manifest === snapshot.digest &&
    record.commit === commit
  )
}

/** Returns all assets of the shard, and those of them that the selection covers. */
function split(
  snapshot: FullSnapshot,
  lock: Lock,
  { shard, ...selection }: ShardSelection,
): { all: ReadonlySet<string>; covered: ReadonlySet<string> } {
  const options = planInputs({ ...snapshot, lock }, selection)
  const all = assetsOfShard(options, shard)
  if (options.only === undefined) return { all, covered: all }
  const selected = addInputs(options.only, snapshot.manifest.assets)
  return { all, covered: new Set([...all].filter((name) => selected.has(name))) }
}

/** Returns the commit that is checked out; `null` if there is none. */
async function readHead({ paths }: Pick<ProjectContext, 'paths'>): Promise<string | null> {
  try {
    const repository = await openRepository(paths.root)
    try {
      return (await resolveCommit(repository, 'HEAD')).id
    } finally {
      repository.objects.close()
    }
  } catch {
    return null
  }
}

function draftsAreNotMerged(): LimnError {
  return new LimnError(
    'usage',
    '--shard does not split drafts: they have a lockfile of their own.',
    { hint: 'Run it without --shard.' },
  )
}

import { join, relative } from 'node:path'
import { createDebug } from '../../debug.ts'
import { formatStamps } from '../../disk/stamp-file.ts'
import { readStamp, type Stamps } from '../../disk/stamps.ts'
import { tryWriteFile } from '../../disk/write-atomic.ts'
import { DRAFT_PROFILE } from '../../manifest/resolve/profiles.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { groupPlan } from '../group-plan.ts'
import type { PlanResult } from '../options.ts'
import { planSnapshot } from '../plan-snapshot.ts'
import { type FullSnapshot, readSnapshot } from '../snapshot.ts'
import { type CachedPlanOptions, memoryFiles } from './memory.ts'
import { areCertain, writeMemory } from './write-memory.ts'

const debug = createDebug('plan-cache')

/**
 * Plans a whole project from its files and caches the plan.
 *
 * @throws ManifestError, LimnError
 */
export async function planAndRemember(options: CachedPlanOptions): Promise<PlanResult> {
  const { paths, provider, profile } = options
  const time = Date.now()
  const stamps: Stamps = new Map()
  let folders: string[] = []
  const snapshot = await readSnapshot({
    paths,
    provider,
    profile,
    onFollow: (followed) => ({ folders } = followed),
    onDependency: (path, stamp) => stamps.set(path, stamp),
  })
  const { manifest, warnings } = snapshot
  for (const path of await dataPathsOf(snapshot, paths)) {
    stamps.set(path, readStamp(join(paths.root, path)))
  }
  const plan = planSnapshot(snapshot)
  const groups = await groupPlan(plan, snapshot)
  const result: PlanResult = { plan, warnings, currency: manifest.currency, groups }
  const texts = textsOf(snapshot, { paths, folders, stamps })
  for (const path of texts.slice(1)) stamps.set(path, readStamp(join(paths.root, path)))
  if (profile === DRAFT_PROFILE) {
    debug('not cached: drafts are planned each time')
  } else if (!isSettled(snapshot)) {
    debug('not cached: the journal or a batch has pictures that are not installed')
  } else if (!areCertain(stamps, time)) {
    debug('not cached: a file changed a moment ago')
  } else {
    remember(result, { options, snapshot, stamps, texts })
    debug('cached, with stamps: %d', stamps.size)
  }
  return result
}

/** Returns the data files, and the folders in which globs find more, relative to the root. */
async function dataPathsOf(
  { data }: Pick<FullSnapshot, 'data'>,
  { root }: ProjectPaths,
): Promise<string[]> {
  if (data === undefined) return []
  if (!data.isDeep) return [...data.files, ...data.folders]
  // A new file changes the stamp of its folder only.
  const { findFolders } = await import('../../manifest/files-on-disk.ts')
  const below = await Promise.all(data.folders.map((folder) => findFolders(root, folder)))
  return [...data.files, ...data.folders, ...below.flat()]
}

/** Returns what only the manifest was read from, the root manifest first. */
function textsOf(
  { manifest }: FullSnapshot,
  { paths, folders, stamps }: { paths: ProjectPaths; folders: string[]; stamps: Stamps },
): string[] {
  const files = [
    ...manifest.files.slice(1),
    ...folders.map((folder) => relative(paths.root, folder)),
  ]
  return [
    relative(paths.root, paths.manifest),
    ...new Set(files.filter((path) => !stamps.has(path))),
  ]
}

/** Returns whether no request is in the journal or in a batch: other processes change those. */
function isSettled({ inventory }: FullSnapshot): boolean {
  return inventory.journal.size === 0 && inventory.inBatch.size === 0 && inventory.linked.size === 0
}

function remember(
  result: PlanResult,
  {
    options: { paths, key },
    snapshot: { inventory, digest, include },
    stamps,
    texts,
  }: { options: CachedPlanOptions; snapshot: FullSnapshot; stamps: Stamps; texts: string[] },
): void {
  const mark = Math.random()
  const own = new Set(texts)
  const ofOthers: Stamps = new Map([...stamps].filter(([path]) => !own.has(path)))
  // The stamps are written first: a plan whose mark differs from theirs is ignored.
  tryWriteFile(paths.root, memoryFiles(paths).stamps, formatStamps(mark, ofOthers))
  writeMemory(paths, {
    ...result,
    key,
    mark,
    stamps: Object.fromEntries(texts.map((path) => [path, stamps.get(path)!])),
    texts,
    digest,
    own: Object.fromEntries(inventory.ownDigests),
    include: include?.isDeep === true ? include : undefined,
  })
}

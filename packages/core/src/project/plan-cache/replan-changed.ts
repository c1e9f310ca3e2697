import { join } from 'node:path'
import { readFileFact } from '../../cache/file-digests.ts'
import { createDebug } from '../../debug.ts'
import { readStamp, type Stamps } from '../../disk/stamps.ts'
import { readLockEntries } from '../../lock/file.ts'
import type { LockEntry } from '../../lock/lock.ts'
import { masterPaths } from '../../lock/lock.ts'
import { assetAt, fieldOfAll, type PackedManifest } from '../../manifest/cache/columns.ts'
import { comparedAssets } from '../../manifest/compared-assets.ts'
import type { Asset, Input } from '../../manifest/manifest.ts'
import { rereadManifest } from '../../manifest/read.ts'
import type { Inventory } from '../../plan/inventory.ts'
import { type Step } from '../../plan/plan.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { takeInventory } from '../../store/take-inventory.ts'
import { groupPlan } from '../group-plan.ts'
import { withInputSizes } from '../input-sizes.ts'
import type { PlanResult } from '../options.ts'
import { planSnapshot } from '../plan-snapshot.ts'
import { haveOverlays, needsJudge, outFilesOf, sourcesOf } from '../snapshot.ts'
import type { CachedPlanOptions, Memory } from './memory.ts'
import { areCertain, writeMemory } from './write-memory.ts'

const debug = createDebug('plan-cache')

/** Above this number of assets, reading everything is faster than looking each one up. */
const MAX_ASSETS = 200

/** Which assets are planned again after a change of the manifest. */
type Scope = {
  /** Assets that have changed or had a step, and everything that is made from them. */
  affected: ReadonlySet<string>
  /** The affected assets and their direct inputs: what has to be read from disk and lockfile. */
  read: ReadonlySet<string>
}

/**
 * Updates a cached plan after a change of the manifest's text. Reads only the assets that changed,
 * those that had a step, and what they are made from or used in: the plan of the others is
 * unaffected.
 *
 * @returns `undefined` if the whole project has to be planned again
 * @throws LimnError
 */
export async function replanChanged(
  { paths, provider, profile, key }: CachedPlanOptions,
  memory: Memory,
): Promise<PlanResult | undefined> {
  const time = Date.now()
  const stamps: Stamps = new Map(
    memory.texts.map((path) => [path, readStamp(join(paths.root, path))]),
  )
  const reread = await rereadManifest(memory.digest, {
    path: paths.manifest,
    shownPath: paths.shownManifest,
    cacheDir: paths.cache,
    provider,
    profile,
  })
  const { steps } = memory.plan
  if (reread === undefined || steps.some(({ kind }) => kind === 'move')) return undefined
  const { manifest: packed, changed } = reread
  const scope = findScope(packed, changed, steps)
  if (scope.read.size > MAX_ASSETS) return undefined
  const names = fieldOfAll(packed, 'name')
  const read = names.flatMap((name, row) => (scope.read.has(name) ? [assetAt(packed, row)] : []))
  const state = readAssets(read, { paths, memory, out: packed.out, stamps })
  if (state === undefined) return undefined
  const assets = await withOverlays(read, { root: paths.root, stamps, inventory: state.inventory })
  const previous = {
    unchanged: new Set(assets.flatMap(({ name }) => (scope.affected.has(name) ? [] : [name]))),
    omitted: names.length - assets.length,
    steps: steps.filter(isRemovedAsset),
  }
  const lock = { encoder: null, assets: state.entries, extra: {} }
  const inventory = await withInputSizes(state.inventory, { assets, lock }, paths)
  const plan = planSnapshot(
    { manifest: { ...packed, assets: [...assets] }, lock, inventory },
    { previous },
  )
  debug('planned again: %d, unaffected: %d', assets.length, previous.omitted)
  const groups = await groupPlan(plan, { manifest: { assets }, lock })
  const { warnings, currency } = packed
  const result: PlanResult = { plan, warnings, currency, groups }
  if (!areCertain(stamps, time)) {
    debug('not cached: a file changed a moment ago')
  } else {
    writeMemory(paths, {
      ...memory,
      ...result,
      key,
      digest: reread.digest,
      include: memory.include && reread.include,
      stamps: { ...memory.stamps, ...Object.fromEntries(stamps) },
    })
  }
  return result
}

function findScope(
  packed: PackedManifest,
  changed: Iterable<string>,
  steps: readonly Step[],
): Scope {
  const names = fieldOfAll(packed, 'name')
  const inputs = fieldOfAll(packed, 'inputs').map(assetsOf)
  const compared = fieldOfAll(packed, 'expect').map(comparedAssets)
  const others = inputs.map((own, row) => [...own, ...compared[row]!])
  const affected = withDependants(names, others, [
    ...changed,
    ...steps.filter((step) => !isRemovedAsset(step)).map(({ asset }) => asset),
  ])
  const readBy = others.flatMap((own, row) => (affected.has(names[row]!) ? own : []))
  return { affected, read: new Set([...affected, ...readBy]) }
}

/** Returns whether a step only reports that an asset is no longer in the manifest. */
function isRemovedAsset({ kind, reasons }: Step): boolean {
  return kind === 'prune' && reasons.every(({ code }) => code === 'not-in-manifest')
}

/**
 * Reads the lock entries and the files of some assets, and adds the files' stamps to `stamps`.
 *
 * @returns `undefined` if an asset is not in the lockfile (it may be a renamed one) or a source
 *   file is missing
 */
function readAssets(
  assets: readonly Asset[],
  {
    paths,
    memory,
    out,
    stamps,
  }: { paths: ProjectPaths; memory: Memory; out: string | null; stamps: Stamps },
): { entries: Map<string, LockEntry>; inventory: Inventory } | undefined {
  const names = assets.map(({ name }) => name)
  const entries = readLockEntries(paths.lock, names, paths.masters)
  if (entries === undefined) return undefined
  const masters = new Set(names.flatMap((name) => masterPaths(paths.masters, name)))
  for (const { request, master } of entries.values()) {
    if (request.operation !== 'source') masters.add(master.path)
  }
  const sources = sourcesOf(assets).map(({ path }) => path)
  const inventory = takeInventory({
    paths,
    digests: {
      fact: (path) => readFileFact(paths.root, path),
      own: new Map(Object.entries(memory.own)),
    },
    masters,
    out,
    outFiles: outFilesOf(assets, out),
    sources,
    isJudged: needsJudge(assets),
    onDependency: (path, stamp) => stamps.set(path, stamp),
  })
  return sources.every((path) => inventory.sources.has(path)) ? { entries, inventory } : undefined
}

/** Reads what the overlays of assets are made from, and adds its stamps. */
async function withOverlays(
  assets: readonly Asset[],
  { root, stamps, inventory }: { root: string; stamps: Stamps; inventory: Inventory },
): Promise<readonly Asset[]> {
  if (!haveOverlays(assets)) return assets
  const { withOverlayFiles } = await import('../overlay-files.ts')
  return withOverlayFiles(assets, {
    root,
    sources: inventory.sources,
    onDependency: (path, stamp) => stamps.set(path, stamp),
  })
}

/** Returns some assets and every asset that depends on them, directly or not. */
function withDependants(
  names: readonly string[],
  others: readonly (readonly string[])[],
  some: readonly string[],
): ReadonlySet<string> {
  const found = new Set(some)
  const derived = names.flatMap((name, row) =>
    others[row]!.length > 0 ? [{ name, from: others[row]! }] : [],
  )
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const { name, from } of derived) {
      if (from.some((asset) => found.has(asset))) found.add(name)
    }
  }
  return found
}

/** Returns the names of the assets among an asset's inputs. */
function assetsOf(inputs: readonly Input[]): string[] {
  return inputs.flatMap(({ kind, target }) => (kind === 'asset' ? [target] : []))
}

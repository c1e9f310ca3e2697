import { canonicalJson, compareText } from '../../digest.ts'
import { requestOf } from '../../identity/request.ts'
import type { Asset } from '../../manifest/manifest.ts'
import type { Side } from './side.ts'

/** The names of one asset on both sides; `null` where it does not exist. */
export type Pair = { before: string | null; after: string | null }

/**
 * Pairs the assets of two sides: by name, then by what shows that one was renamed: the plan, the
 * same picture, or the same request if no other asset has it. Sorted by name.
 */
export function matchAssets(base: Side, head: Side): Pair[] {
  const [before, after] = [namesOf(base), namesOf(head)]
  const removed = new Set([...before].filter((name) => !after.has(name)))
  const added = new Set([...after].filter((name) => !before.has(name)))
  const pairs: Pair[] = [...after].flatMap((name) =>
    before.has(name) ? [{ before: name, after: name }] : [],
  )
  for (const find of [byPlan, byPicture, byRequest]) {
    for (const [from, to] of find({ base, head, removed: [...removed], added: [...added] })) {
      if (!removed.has(from) || !added.has(to)) continue
      removed.delete(from)
      added.delete(to)
      pairs.push({ before: from, after: to })
    }
  }
  pairs.push(...[...removed].map((name) => ({ before: name, after: null })))
  pairs.push(...[...added].map((name) => ({ before: null, after: name })))
  return pairs.sort((a, b) => compareText(a.after ?? a.before!, b.after ?? b.before!))
}

/** The assets that the manifest of a side has. Without a manifest: those in the lockfile. */
function namesOf({ manifest, lock }: Side): Set<string> {
  return new Set(manifest?.assets.map(({ name }) => name) ?? lock.assets.keys())
}

type Candidates = { base: Side; head: Side; removed: string[]; added: string[] }
type Renames = Iterable<readonly [from: string, to: string]>

function byPlan({ head, added }: Candidates): Renames {
  return added.flatMap((name) => {
    const reasons = head.stepByAsset.get(name)?.reasons ?? []
    return reasons.flatMap((reason) =>
      reason.code === 'renamed' ? [[reason.from, name] as const] : [],
    )
  })
}

function byPicture({ base, head, removed, added }: Candidates): Renames {
  const digestOf = (side: Side, name: string): string | undefined =>
    side.lock.assets.get(name)?.master.sha256
  return pairByKey(
    removed.map((name) => [digestOf(base, name), name]),
    added.map((name) => [digestOf(head, name), name]),
  )
}

function byRequest({ base, head, removed, added }: Candidates): Renames {
  const keysOf = (side: Side, names: readonly string[]): [string | undefined, string][] => {
    const assetByName = new Map(side.manifest?.assets.map((asset) => [asset.name, asset]))
    return withoutRepeats(
      names.map((name) => [keyOf(side, name, assetByName.get(name)), name] as const),
    )
  }
  return pairByKey(keysOf(base, removed), keysOf(head, added))
}

/** Identifies the request of an asset; without a prompt, nothing does. */
function keyOf({ lock }: Side, name: string, asset: Asset | undefined): string | undefined {
  if (asset !== undefined) return asset.prompt === '' ? undefined : canonicalJson(requestOf(asset))
  const request = lock.assets.get(name)?.request
  return request === undefined || request.operation === 'source'
    ? undefined
    : canonicalJson(request)
}

function withoutRepeats(
  rows: readonly (readonly [key: string | undefined, name: string])[],
): [string | undefined, string][] {
  const counts = new Map<string | undefined, number>()
  for (const [key] of rows) counts.set(key, (counts.get(key) ?? 0) + 1)
  return rows.map(([key, name]) => [counts.get(key) === 1 ? key : undefined, name])
}

/** Pairs names that have the same key, in order. */
function pairByKey(
  before: readonly (readonly [key: string | undefined, name: string])[],
  after: readonly (readonly [key: string | undefined, name: string])[],
): Renames {
  const namesByKey = new Map<string, string[]>()
  for (const [key, name] of before) {
    if (key !== undefined) namesByKey.set(key, [...(namesByKey.get(key) ?? []), name])
  }
  return after.flatMap(([key, name]) => {
    const from = key === undefined ? undefined : namesByKey.get(key)?.shift()
    return from === undefined ? [] : [[from, name] as const]
  })
}

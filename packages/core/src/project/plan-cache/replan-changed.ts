import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../digest.ts'
import { wrapReadErrors } from '../../disk/read-errors.ts'
import { readStamp, type Stamps } from '../../disk/stamps.ts'
import { readLockEntries } from '../../lock/file.ts'
import { masterPaths } from '../../lock/lock.ts'
import { assetAt, fieldOfAll } from '../../manifest/cache/columns.ts'
import type { Input } from '../../manifest/manifest.ts'
import { rereadManifest } from '../../manifest/read.ts'
import { createPlan } from '../../plan/create-plan.ts'
import type { Step } from '../../plan/plan.ts'
import { takeInventory } from '../../store/take-inventory.ts'
import { outFilesOf, sourcesOf } from '../snapshot.ts'
import { areCertain, type PlanOptions, writeMemory } from './plan-and-remember.ts'
import type { Memory, WholePlan } from './plan-cache.ts'

/** More assets than this are not looked up one by one. */
const MOST = 200

/**
 * Works out a plan from one that is remembered, where only the text of the manifest has changed
 * since. Looks at the assets that changed and at those that had something to do, and at what they
 * are made from or go into; for all others nothing can have become of it.
 *
 * @returns `undefined` where everything has to be looked at
 * @throws LimnError
 */
export async function planChanged(
  { paths, provider, profile, key }: PlanOptions,
  memory: Memory,
): Promise<WholePlan | undefined> {
  const { root } = paths
  const time = Date.now()
  const stamps: Stamps = new Map(memory.texts.map((path) => [path, readStamp(join(root, path))]))
  const reread = await rereadManifest(memory.digest, {
    path: paths.manifest,
    shownPath: paths.shownManifest,
    cacheDir: paths.cache,
    provider,
    profile,
  })
  const { steps } = memory.plan
  if (reread === undefined || steps.some(({ kind }) => kind === 'move')) return undefined
  const { manifest: packed, changed, digest, include } = reread
  const names = fieldOfAll(packed, 'name')
  const inputs = fieldOfAll(packed, 'inputs')
  const isGone = ({ kind, reasons }: Step): boolean =>
    kind === 'prune' && reasons.every(({ code }) => code === 'not-in-manifest')
  const unsettled = withDependants(names, inputs, [
    ...changed,
    ...steps.filter((step) => !isGone(step)).map(({ asset }) => asset),
  ])
  const looked = new Set([
    ...unsettled,
    ...inputs.flatMap((own, row) =>
      own.length > 0 && unsettled.has(names[row]!) ? assetsOf(own) : [],
    ),
  ])
  if (looked.size > MOST) return undefined

  const assets = names.flatMap((name, row) => (looked.has(name) ? [assetAt(packed, row)] : []))
  const manifest = { ...packed, assets }
  // An asset that is not in the lock may be another one renamed.
  const entries = readLockEntries(
    paths.lock,
    assets.map(({ name }) => name),
    paths.masters,
  )
  if (entries === undefined) return undefined
  const masters = new Set(assets.flatMap(({ name }) => masterPaths(paths.masters, name)))
  for (const { request, master } of entries.values()) {
    if (request.operation !== 'source') masters.add(master.path)
  }
  const sources = sourcesOf(assets).map(({ path }) => path)
  const index = {
    digest: (path: string) => sha256(wrapReadErrors(path, () => readFileSync(join(root, path)))),
    own: new Map(Object.entries(memory.own)),
  }
  const inventory = takeInventory({
    paths,
    digests: index,
    masters,
    out: packed.out,
    outFiles: outFilesOf(assets, packed.out),
    sources,
    onDependency: (path, stamp) => stamps.set(path, stamp),
  })
  if (sources.some((path) => !inventory.sources.has(path))) return undefined
  const settled = new Set(assets.flatMap(({ name }) => (unsettled.has(name) ? [] : [name])))
  const omitted = names.length - assets.length
  const previous = { unchanged: settled, omitted, steps: steps.filter(isGone) }
  const plan = createPlan({
    manifest,
    lock: { encoder: null, assets: entries, extra: {} },
    inventory,
    previous,
  })
  const whole: WholePlan = { plan, warnings: packed.warnings, currency: packed.currency }
  if (areCertain(stamps, time)) {
    writeMemory(paths, {
      ...memory,
      key,
      digest,
      include: memory.include && include,
      stamps: { ...memory.stamps, ...Object.fromEntries(stamps) },
      ...whole,
    })
  }
  return whole
}

/** Some assets, and all that are made from them. */
function withDependants(
  names: readonly string[],
  inputs: readonly (readonly Input[])[],
  some: readonly string[],
): ReadonlySet<string> {
  const found = new Set(some)
  const made = names.flatMap((name, row) =>
    inputs[row]!.length > 0 ? [{ name, from: assetsOf(inputs[row]!) }] : [],
  )
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const { name, from } of made) if (from.some((asset) => found.has(asset))) found.add(name)
  }
  return found
}

/** The assets among the pictures that one is made from. */
function assetsOf(inputs: readonly Input[]): string[] {
  return inputs.flatMap(({ kind, target }) => (kind === 'asset' ? [target] : []))
}

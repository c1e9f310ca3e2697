import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { sha256 } from './digest.ts'
import { readLockEntries } from './lock/file.ts'
import type { Lock } from './lock/lock.ts'
import type { Asset } from './manifest/manifest.ts'
import { ManifestError } from './manifest/manifest-error.ts'
import { readManifest } from './manifest/read.ts'
import { areCertain, type PlanOptions, writeMemory } from './plan-anew.ts'
import { createPlan, masterPaths, type Step } from './plan/plan.ts'
import { outFilesOf, sourcesOf } from './snapshot.ts'
import { takeInventory } from './store/inventory.ts'
import { readStamp, type Stamps } from './store/stamps.ts'
import type { Memory, WholePlan } from './whole-plan.ts'

/** More assets than this are not looked up one by one. */
const MOST = 200

/**
 * Works out a plan from one that is remembered, where only the text of the manifest has
 * changed since. Looks at the assets that changed and at those that had something to do,
 * and at what they are made from or go into; for all others nothing can have become of it.
 *
 * @returns `undefined` where everything has to be looked at
 * @throws ManifestError, LimnError
 */
export async function planAgain({ paths, provider, profile, key }: PlanOptions, memory: Memory): Promise<WholePlan | undefined> {
  const { root } = paths
  const time = Date.now()
  const manifestPath = relative(root, paths.manifest)
  const stamps: Stamps = new Map([[manifestPath, readStamp(paths.manifest)]])
  const { manifest, changed, diagnostics } = await readManifest({ path: paths.manifest, shownPath: paths.shownManifest, cacheDir: paths.cache, provider, profile })
  if (manifest === undefined) throw new ManifestError(diagnostics)
  const isGone = ({ kind, reasons }: Step): boolean => kind === 'prune' && reasons.every(({ code }) => code === 'not-in-manifest')
  const { steps } = memory.plan
  if (changed === undefined || steps.some(({ kind }) => kind === 'move')) return undefined

  const unsettled = withDependants(manifest.assets, [...changed, ...steps.filter((step) => !isGone(step)).map(({ asset }) => asset)])
  const assets = manifest.assets.filter(({ name }) => unsettled.has(name))
  const looked = new Set([...unsettled, ...assets.flatMap(({ inputs }) => inputs.flatMap(({ kind, target }) => (kind === 'asset' ? [target] : [])))])
  if (looked.size > MOST) return undefined
  const lookedAssets = manifest.assets.filter(({ name }) => looked.has(name))
  // An asset that is not in the lock may be another one renamed.
  const entries = readLockEntries(paths.lock, [...looked], paths.masters)
  if (entries === undefined) return undefined
  const lock: Lock = { encoder: null, assets: entries, extra: {} }
  const masters = new Set([...looked].flatMap((name) => masterPaths(paths.masters, name)))
  for (const { request, master } of entries.values()) if (request.operation !== 'source') masters.add(master.path)
  const inventory = takeInventory({
    paths,
    index: { digest: (path) => sha256(readFileSync(join(root, path))), own: new Map(Object.entries(memory.own)) },
    masters,
    out: manifest.out,
    outFiles: outFilesOf(lookedAssets, manifest.out),
    sources: sourcesOf(lookedAssets).map(({ path }) => path),
    onSee: (path, stamp) => stamps.set(path, stamp),
  })
  if (sourcesOf(lookedAssets).some(({ path }) => !inventory.sources.has(path))) return undefined
  const settled = new Set(manifest.assets.flatMap(({ name }) => (unsettled.has(name) ? [] : [name])))
  const plan = createPlan({ manifest, lock, inventory, known: { settled, steps: steps.filter(isGone) } })
  const whole: WholePlan = { plan, warnings: manifest.warnings, currency: manifest.currency }
  if (areCertain(stamps, time)) writeMemory(paths, { ...memory, key, stamps: { ...memory.stamps, ...Object.fromEntries(stamps) }, ...whole })
  return whole
}

/** Some assets, and all that are made from them. */
function withDependants(assets: readonly Asset[], names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names)
  const made = assets.filter(({ inputs }) => inputs.some(({ kind }) => kind === 'asset'))
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const { name, inputs } of made) if (inputs.some(({ kind, target }) => kind === 'asset' && found.has(target))) found.add(name)
  }
  return found
}

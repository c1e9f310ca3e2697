import type { FileFact } from '../cache/file-digests.ts'
import { sha256 } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import { requestOf } from '../identity/request.ts'
import type { Lock, LockEntry } from '../lock/lock.ts'
import type { Asset, Manifest } from '../manifest/manifest.ts'
import { resolveText } from '../manifest/testing.ts'
import { createPlan } from './create-plan.ts'
import type { Inventory } from './inventory.ts'
import { cacheName } from './plan-outputs.ts'
import type { Plan, PlanOptions } from './plan.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A project in memory: the options of a plan, in maps that a test may change. */
export type World = {
  manifest: Manifest
  lock: Lock & { assets: Map<string, LockEntry> }
  inventory: Mutable<Inventory> & {
    masters: Map<string, FileFact>
    cached: Set<string>
    journal: Map<string, string>
    ownDigests: Map<string, string>
  }
  /** Replaces the manifest. */
  rewrite(text: string): void
  plan(selection?: Pick<PlanOptions, 'only' | 'force' | 'batch' | 'failedInBatch'>): Plan
}

/** Creates a project in which every asset of the manifest is up to date. */
export function createWorld(text: string): World {
  const manifest = read(text)
  const assets = new Map(manifest.assets.map((asset) => [asset.name, entryOf(asset)]))
  const out = new Map<string, FileFact>()
  const cached = new Set<string>()
  for (const asset of manifest.assets) {
    for (const output of asset.outputs) {
      const { recipe, sha256: digest } = assets.get(asset.name)!.outputs[output.file]!
      cached.add(cacheName(recipe!, output))
      out.set(`${asset.name}/${output.file}`, { bytes: 10, sha256: digest })
    }
  }
  const world: World = {
    manifest,
    lock: { encoder: null, extra: {}, assets },
    inventory: {
      masters: new Map(
        [...assets.values()].map(({ master }) => [
          master.path,
          { bytes: master.bytes, sha256: master.sha256 },
        ]),
      ),
      sources: new Map(),
      sourceSizes: new Map(),
      cached,
      out: manifest.out === null ? null : out,
      ownDigests: new Map(),
      written: new Set(),
      journal: new Map(),
      shelf: new Map(),
      links: new Set(),
      inBatch: new Map(),
      linked: new Map(),
      mastersFolder: 'images',
    },
    rewrite: (next) => {
      world.manifest = read(next)
    },
    plan: (selection = {}) => createPlan({ ...world, ...selection }),
  }
  return world
}

/** Creates the lock entry that a run over the asset writes. */
export function entryOf(asset: Asset): LockEntry {
  const digest = sha256(`master of ${asset.name}`)
  const [width, height] = asset.size.split('x').map(Number) as [number, number]
  return {
    request: requestOf(asset),
    master: {
      path: `images/${asset.name}.png`,
      sha256: digest,
      bytes: 1000,
      width,
      height,
      thumbhash: 'AAAA',
      state: 'generated',
    },
    made: { provider: 'openai', at: '2026-11-22T00:00:00.000Z' },
    outputs: Object.fromEntries(
      asset.outputs.map((output) => {
        const recipe = hashRecipe({ sha256: digest, path: `images/${asset.name}.png` }, output)
        return [
          output.file,
          { recipe, sha256: sha256(recipe), bytes: 10, width: output.width, height: output.height },
        ]
      }),
    ),
  }
}

function read(text: string): Manifest {
  const { manifest, diagnostics } = resolveText(text)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (manifest === undefined || errors.length > 0) {
    throw new Error(errors.map(({ message }) => message).join('\n'))
  }
  return manifest
}

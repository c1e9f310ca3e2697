import { type ImageRequest, requestOf } from '../identity/request.ts'
import { parseShelfKey } from '../identity/shelf-key.ts'
import type { Asset, Input } from '../manifest/manifest.ts'
import { comesInBatch } from './batch-eligibility.ts'
import { withInputShape } from './input-shape.ts'
import type { PlanOptions, Step } from './plan.ts'

/** What the digest of an input picture depends on. */
export type InputContext = {
  options: PlanOptions
  /** The steps planned so far; an asset without a step maps to `undefined`. */
  stepByAsset: ReadonlyMap<string, Step | undefined>
  /** The `source` file of an asset, relative to the root; `undefined` for generated assets. */
  sourceOf: (asset: string) => string | undefined
}

/**
 * Builds the request of an asset from the manifest and its input pictures.
 *
 * @param steps a plan's steps, whose effects on the input pictures are expected. Default none
 */
export function currentRequest(
  asset: Asset,
  options: PlanOptions,
  steps: readonly Step[] = [],
): ImageRequest {
  const context: InputContext = {
    options,
    stepByAsset: new Map(steps.map((step) => [step.asset, step])),
    sourceOf: createSourceLookup(options.manifest.assets),
  }
  const digestOf = (input: Input): string | null => digestOfInput(input, context)
  return requestOf(withInputShape(asset, { ...context, digestOf }), digestOf)
}

/**
 * The digest that an input picture will have once the plan is executed; `null` if that is unknown,
 * or if there is no such picture. A master counts as the lockfile records it: an edit that nobody
 * has adopted, and a missing file, make no dependant stale.
 */
export function digestOfInput({ kind, target }: Input, context: InputContext): string | null {
  const { lock, inventory } = context.options
  if (kind === 'file') return inventory.sources.get(target)?.sha256 ?? null
  const step = context.stepByAsset.get(target)
  if (step?.kind === 'recover') {
    return step.from === 'journal'
      ? (inventory.journal.get(step.key) ?? null)
      : parseShelfKey(step.key).sha256
  }
  if (step?.kind === 'generate' || comesInBatch(step)) return null
  const source = context.sourceOf(target)
  if (source !== undefined) return inventory.sources.get(source)?.sha256 ?? null
  return lock.assets.get(step?.kind === 'move' ? step.from : target)?.master.sha256 ?? null
}

/** Looks up the `source` files of assets. The map is built on the first call. */
export function createSourceLookup(assets: readonly Asset[]): InputContext['sourceOf'] {
  let sourceByAsset: Map<string, string> | undefined
  return (name) => {
    sourceByAsset ??= new Map(
      assets.flatMap((asset) =>
        asset.source === null ? [] : [[asset.name, asset.source.path] as const],
      ),
    )
    return sourceByAsset.get(name)
  }
}

import type { FileFact } from '../cache/file-digests.ts'
import { hashRequest, type ImageRequest, requestOf } from '../identity/request.ts'
import { parseShelfKey } from '../identity/shelf-key.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Asset, Input } from '../manifest/manifest.ts'
import { comesInBatch } from './batch-eligibility.ts'
import { withInputShape } from './input-shape.ts'
import type { PlanOptions, Step } from './plan.ts'
import { mainSteps } from './steps.ts'

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
    stepByAsset: mainSteps(steps),
    sourceOf: createSourceLookup(options.manifest.assets),
  }
  const digestOf = (input: Input): string | null => digestOfInput(input, context)
  const shaped = withInputShape(asset, { ...context, digestOf })
  return findRequest(shaped, options.lock.assets.get(asset.name), context)
}

/**
 * Returns the request that the manifest describes. An input that is a text has several digests: the
 * request has the one that the lockfile, the journal, the shelf or a batch has, so that other line
 * endings make no picture stale.
 */
export function findRequest(
  asset: Asset,
  entry: LockEntry | undefined,
  context: InputContext,
): ImageRequest {
  if (asset.inputs.length === 0) return requestOf(asset)
  const digests = asset.inputs.map((input) => digestsOfInput(input, context))
  const withDigests = (choose: (own: readonly string[], index: number) => string | undefined) =>
    requestOf(asset, (input) => {
      const index = asset.inputs.indexOf(input)
      return choose(digests[index]!, index) ?? digests[index]![0] ?? null
    })
  const lockedInputs = entry?.request.operation === 'source' ? undefined : entry?.request.inputs
  const request = withDigests((own, index) =>
    own.find((digest) => digest === lockedInputs?.[index]?.sha256),
  )
  const count = Math.max(...digests.map((own) => own.length))
  if (count < 2) return request
  const { journal, shelf, inBatch } = context.options.inventory
  const variants = Array.from({ length: count }, (_, at) => withDigests((own) => own[at]))
  return (
    [request, ...variants].find((variant) => {
      const hash = hashRequest(variant)
      return journal.has(hash) || shelf.has(hash) || inBatch.has(hash)
    }) ?? request
  )
}

/** The first of the digests that an input picture will have; `null` if there is none. */
export function digestOfInput(input: Input, context: InputContext): string | null {
  return digestsOfInput(input, context)[0] ?? null
}

/**
 * The digests that an input picture will have once the plan is executed; none if that is unknown,
 * or if there is no such picture. A master counts as the lockfile records it: an edit that nobody
 * has adopted, and a missing file, make no dependant stale.
 */
function digestsOfInput({ kind, target }: Input, context: InputContext): readonly string[] {
  const { lock, inventory } = context.options
  if (kind === 'file') return digestsIn(inventory.sources.get(target))
  const step = context.stepByAsset.get(target)
  if (step?.kind === 'recover') {
    const digest =
      step.from === 'journal' ? inventory.journal.get(step.key) : parseShelfKey(step.key).sha256
    return digest == null ? [] : [digest]
  }
  if (step?.kind === 'generate' || comesInBatch(step)) return []
  const source = context.sourceOf(target)
  if (source !== undefined) return digestsIn(inventory.sources.get(source))
  const entry = lock.assets.get(step?.kind === 'move' ? step.from : target)
  return entry === undefined ? [] : [entry.master.sha256]
}

function digestsIn(file: FileFact | undefined): readonly string[] {
  return file === undefined ? [] : [file.sha256, ...(file.others ?? [])]
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

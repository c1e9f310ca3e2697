import { hashRequest, requestOf } from '../identity/request.ts'
import type { Asset, Input } from '../manifest/manifest.ts'
import { hasMasterShape } from '../manifest/presets.ts'
import { findModel } from '../models/models.ts'
import { chooseShape, formatSize, parseSize, type Size, sizeRuleOf } from '../models/size.ts'
import type { PlanOptions, Step } from './plan.ts'

/** What the shape of an input picture depends on. */
type ShapeContext = {
  options: Pick<PlanOptions, 'manifest' | 'lock' | 'inventory'>
  /** The steps planned so far. */
  stepByAsset: ReadonlyMap<string, Step | undefined>
  /** The `source` file of an asset, relative to the root. */
  sourceOf: (asset: string) => string | undefined
  /** The digest of an input picture; `null` if it is not known yet. */
  digestOf: (input: Input) => string | null
}

/**
 * Returns the input picture whose shape an asset has: the one that it edits, unless the manifest
 * sets a size, or an output has a shape of its own.
 */
export function shapingInput(asset: Asset): Input | undefined {
  const { isSizeAuto, source, operation, inputs, outputs } = asset
  if (!isSizeAuto || source !== null || inputs.length === 0 || operation === 'cut') return undefined
  return outputs.every(hasMasterShape) ? inputs.find(({ role }) => role === 'image') : undefined
}

/**
 * Returns an asset with the size that its request has: an edit is as wide as its outputs and has
 * the shape of the picture that it changes, as far as the model supports it. A request that was
 * already sent with another size is not sent again.
 */
export function withInputShape(asset: Asset, context: ShapeContext): Asset {
  const input = shapingInput(asset)
  if (input === undefined) return asset
  const shapes = shapesOf(input, context)
  if (shapes.length === 0) return asset
  const { models } = context.options.manifest
  const rule = sizeRuleOf(
    findModel(asset.model, models),
    asset.format,
    asset.settings.frames?.count,
  )
  const width = Math.max(...asset.outputs.map((output) => output.width))
  const sizes = shapes.map((shape) =>
    formatSize(
      chooseShape(
        { width, height: Math.max(1, Math.round((width * shape.height) / shape.width)) },
        rule,
      ),
    ),
  )
  const size = findSent(asset, [...sizes, asset.size], context) ?? sizes[0]!
  return size === asset.size ? asset : { ...asset, size }
}

/**
 * Returns the size of an input picture, as far as it is known, and then the sizes that an earlier
 * plan may have expected.
 */
function shapesOf({ kind, target }: Input, context: ShapeContext): Size[] {
  const { lock, inventory } = context.options
  if (kind === 'file') return known([inventory.sourceSizes?.get(target)])
  const step = context.stepByAsset.get(target)
  if (step?.kind === 'generate' || step?.kind === 'recover') {
    // A server may return other sizes than the requested ones, as it did for the master before.
    return known([parseSize(step.request.size), lock.assets.get(target)?.master])
  }
  const entry = lock.assets.get(step?.kind === 'move' ? step.from : target)
  const source = context.sourceOf(target)
  if (source !== undefined) {
    const isLocked = inventory.sources.get(source)?.sha256 === entry?.master.sha256
    return known([isLocked ? entry?.master : inventory.sourceSizes?.get(source)])
  }
  if (entry === undefined) return []
  const { request, master } = entry
  return known([master, request.operation === 'source' ? undefined : parseSize(request.size)])
}

function known(sizes: readonly (Size | undefined)[]): Size[] {
  return sizes.filter((size) => size !== undefined)
}

/** Finds the first size with which the request was sent and its picture was not installed. */
function findSent(
  asset: Asset,
  sizes: readonly string[],
  context: ShapeContext,
): string | undefined {
  const { journal, inBatch, shelf } = context.options.inventory
  if (journal.size === 0 && inBatch.size === 0 && shelf.size === 0) return undefined
  return sizes.find((size) => {
    const hash = hashRequest(requestOf({ ...asset, size }, context.digestOf))
    return journal.has(hash) || inBatch.has(hash) || shelf.has(hash)
  })
}

import type { Asset } from '../manifest/manifest.ts'
import { isVectorPath } from '../manifest/output-size.ts'
import { parseSize } from '../models/size.ts'
import { whyNotInBatch } from './batch-eligibility.ts'
import type { PlanOptions, Step } from './plan.ts'
import { sizeNotes } from './size-notes.ts'
import { takenNotes } from './taken-notes.ts'

/** Sentences about what a step costs in quality or in money, for steps that generate a picture. */
export function notesFor(asset: Asset, step: Step, options: PlanOptions): string[] {
  const all = asset.outputs.map(({ file }) => file)
  switch (step.kind) {
    case 'generate':
      return [
        ...batchNotes(asset, step, options),
        ...generatedSizeNotes(asset, step),
        ...takenNotes(asset, all, options),
      ]
    case 'recover':
      return takenNotes(asset, all, options)
    case 'derive':
      return [
        ...cutSizeNotes(asset, { files: step.outputs, lockedAs: asset.name }, options),
        ...takenNotes(asset, step.outputs, options),
      ]
    case 'move':
      return cutSizeNotes(asset, { files: step.outputs, lockedAs: step.from }, options)
    default:
      return []
  }
}

type GenerateStep = Extract<Step, { kind: 'generate' }>

function batchNotes(asset: Asset, step: GenerateStep, { manifest, batch }: PlanOptions): string[] {
  if (batch !== true || step.usd === 0) return []
  const why = whyNotInBatch(asset, manifest, step.waitsFor ?? [])
  return why === undefined ? [] : [`full price, not in a batch: ${why}`]
}

function generatedSizeNotes({ size, outputs }: Asset, { request }: GenerateStep): string[] {
  // A vector drawing is sharp at any size.
  return request.format === 'svg'
    ? []
    : sizeNotes(outputs, { ...parseSize(size)!, isGenerated: true })
}

function cutSizeNotes(
  { outputs, source }: Asset,
  { files, lockedAs }: { files: readonly string[]; lockedAs: string },
  { lock, inventory }: PlanOptions,
): string[] {
  const master = lock.assets.get(lockedAs)?.master
  // The lockfile has no size of a source that is new, and an old one of a source that has changed.
  const size = (source && inventory.sourceSizes.get(source.path)) ?? master
  if (size === undefined || isVectorPath(source?.path ?? master?.path ?? '')) return []
  const isGenerated = source === null && master?.state === 'generated'
  return sizeNotes(
    outputs.filter(({ file }) => files.includes(file)),
    { width: size.width, height: size.height, isGenerated },
  )
}

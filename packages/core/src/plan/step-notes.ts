import type { Asset } from '../manifest/manifest.ts'
import { isVectorPath } from '../manifest/output-size.ts'
import { parseSize } from '../models/size.ts'
import { whyNotInBatch } from './batch-eligibility.ts'
import { edgeNotes } from './edge-notes.ts'
import { motionNotes } from './motion-notes.ts'
import type { PlanOptions, Step } from './plan.ts'
import { masterShapeOf, sizeNotes } from './size-notes.ts'
import { takenNotes } from './taken-notes.ts'

/** Sentences about what a step costs in quality or in money, for steps that generate a picture. */
export function notesFor(asset: Asset, step: Step, options: PlanOptions): string[] {
  const all = asset.outputs.map(({ file }) => file)
  switch (step.kind) {
    case 'generate':
      return [
        ...replacementNotes(asset, options),
        ...batchNotes(asset, step, options),
        ...generatedSizeNotes(asset, step),
        ...motionNotes(asset.outputs, step.request.format === 'gif'),
        ...takenNotes(asset, all, options),
      ]
    case 'recover':
      return [
        ...replacementNotes(asset, options),
        ...motionNotes(asset.outputs, step.request.format === 'gif'),
        ...takenNotes(asset, all, options),
      ]
    case 'derive':
      return [
        ...cutSizeNotes(asset, { files: step.outputs, lockedAs: asset.name }, options),
        ...motionNotes(asset.outputs, isAnimated(asset, options)),
        ...takenNotes(asset, step.outputs, options),
      ]
    case 'move':
      return cutSizeNotes(asset, { files: step.outputs, lockedAs: step.from }, options)
    default:
      return []
  }
}

/** A person's picture is about to be replaced. */
function replacementNotes({ name }: Asset, { lock }: PlanOptions): string[] {
  if (lock.assets.get(name)?.master.state !== 'adopted') return []
  return [`replaces the picture that a person supplied: \`limn pin ${name}\` keeps it.`]
}

type GenerateStep = Extract<Step, { kind: 'generate' }>

function batchNotes(asset: Asset, step: GenerateStep, { manifest, batch }: PlanOptions): string[] {
  if (batch !== true || step.usd === 0) return []
  const why = whyNotInBatch(asset, manifest, step.waitsFor ?? [])
  return why === undefined ? [] : [`full price, not in a batch: ${why}`]
}

function generatedSizeNotes(asset: Asset, { request }: GenerateStep): string[] {
  // A vector drawing is sharp at any size.
  return request.format === 'svg'
    ? []
    : sizeNotes(asset.outputs, masterShapeOf(asset, parseSize(request.size)!))
}

/** Whether the file that outputs are derived from has several frames. */
function isAnimated({ name, source }: Asset, { lock, inventory }: PlanOptions): boolean {
  const facts = source === null ? undefined : inventory.sourceSizes?.get(source.path)
  return (facts?.frames ?? lock.assets.get(name)?.master.frames ?? 1) > 1
}

function cutSizeNotes(
  asset: Asset,
  { files, lockedAs }: { files: readonly string[]; lockedAs: string },
  { lock, inventory }: PlanOptions,
): string[] {
  const { outputs, source } = asset
  const sourceSize = source === null ? undefined : inventory.sourceSizes?.get(source.path)
  const master = lock.assets.get(lockedAs)?.master
  // The lockfile has no size of a source that is new, and an old one of a source that has changed.
  const size = sourceSize ?? master
  if (size === undefined || isVectorPath(source?.path ?? master?.path ?? '')) return []
  const cut = outputs.filter(({ file }) => files.includes(file))
  const shape = masterShapeOf(asset, size, master?.state)
  return [...edgeNotes(cut, shape), ...sizeNotes(cut, shape)]
}

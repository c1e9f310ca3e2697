import type { Asset } from '../manifest/manifest.ts'
import { parseSize } from '../models/size.ts'
import { whyNotInBatch } from './batch-eligibility.ts'
import { edgeNotes } from './edge-notes.ts'
import type { PlanOptions, Step } from './plan.ts'
import { sizeNotes } from './size-notes.ts'

/** Sentences about what a step costs in quality or in money, for steps that generate a picture. */
export function notesFor(asset: Asset, step: Step, options: PlanOptions): string[] {
  switch (step.kind) {
    case 'generate':
      return [
        ...replacementNotes(asset, options),
        ...batchNotes(asset, step, options),
        ...generatedSizeNotes(asset, step),
      ]
    case 'recover':
      return replacementNotes(asset, options)
    case 'derive':
      return cutSizeNotes(asset, { files: step.outputs, lockedAs: asset.name }, options)
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

function generatedSizeNotes({ outputs }: Asset, { request }: GenerateStep): string[] {
  // A vector drawing is sharp at any size.
  return request.format === 'svg' ? [] : sizeNotes(outputs, parseSize(request.size)!)
}

function cutSizeNotes(
  { outputs, source }: Asset,
  { files, lockedAs }: { files: readonly string[]; lockedAs: string },
  { lock, inventory }: PlanOptions,
): string[] {
  // The lockfile does not have the size of a new source.
  const sourceSize = source === null ? undefined : inventory.sourceSizes?.get(source.path)
  if (sourceSize !== undefined) return edgeNotes(outputs, sourceSize)
  const master = lock.assets.get(lockedAs)?.master
  if (master === undefined || master.path.endsWith('.svg')) return []
  const cut = outputs.filter(({ file }) => files.includes(file))
  return [...edgeNotes(cut, master), ...sizeNotes(cut, master)]
}

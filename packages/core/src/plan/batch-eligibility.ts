import type { Asset, Manifest } from '../manifest/manifest.ts'
import { findModel } from '../models/models.ts'
import type { Step } from './plan.ts'

/** Why an asset can't be asked for in a batch, as the end of a sentence; `undefined` where it can. */
export function whyNotInBatch(
  { model, format, operation, inputs, partials, candidates }: Asset,
  { providers: [provider], models }: Pick<Manifest, 'providers' | 'models'>,
  waitsFor: readonly string[],
): string | undefined {
  if (provider?.server !== 'openai') return `${provider?.name ?? 'local'} has no Batch API`
  const row = findModel(model, models)
  if (row === undefined) return `nobody knows whether the Batch API takes ${model}`
  if (!row.batch) return `the Batch API does not take ${model}`
  if (waitsFor.length > 0) {
    return `it is made from ${waitsFor.join(', ')}, which this run makes first`
  }
  if (partials !== null) return 'it is streamed'
  if (operation === 'variation' && inputs.length > 0 && row.operations.includes('variation')) {
    return 'variations are not taken'
  }
  if (candidates > (format === 'svg' ? 1 : row.maxImages)) {
    return `${model} can't be asked for ${candidates} pictures at once`
  }
  return undefined
}

/** Whether the picture of a step comes with a batch, and not in the run that the plan is for. */
export function comesInBatch(step: Step | undefined): boolean {
  if (step?.kind === 'generate') return step.batch === true
  return step?.kind === 'keep' && isInBatch(step)
}

/** Whether a step tells of a batch: that it waits for one, or that one brought nothing. */
export function isInBatch({ reasons }: Step): boolean {
  return reasons.some(
    ({ code }) => code === 'in-batch' || code === 'waits-for-batch' || code === 'failed-in-batch',
  )
}

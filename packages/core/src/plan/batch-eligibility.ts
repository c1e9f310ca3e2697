import type { Asset, Manifest } from '../manifest/manifest.ts'
import { findModel } from '../models/models.ts'
import type { Step } from './plan.ts'

/** Explains why an asset cannot be sent in a batch, as a clause; `undefined` if it can. */
export function whyNotInBatch(
  { model, format, operation, inputs, partials, candidates }: Asset,
  { providers: [provider], models }: Pick<Manifest, 'providers' | 'models'>,
  waitsFor: readonly string[],
): string | undefined {
  if (provider?.server !== 'openai') return `${provider?.name ?? 'local'} has no Batch API`
  const row = findModel(model, models)
  if (row === undefined) return `it is unknown whether the Batch API accepts ${model}`
  if (!row.batch) return `the Batch API does not accept ${model}`
  if (waitsFor.length > 0) {
    return `it depends on ${waitsFor.join(', ')}, which this run generates first`
  }
  if (partials !== null) return 'its partial pictures are streamed'
  if (operation === 'variation' && inputs.length > 0 && row.operations.includes('variation')) {
    return 'the Batch API does not accept variations'
  }
  if (candidates > (format === 'svg' ? 1 : row.maxImages)) {
    return `${model} does not return ${candidates} pictures in one answer`
  }
  return undefined
}

/** Whether the picture of a step comes in a batch, after the run that executes the plan. */
export function comesInBatch(step: Step | undefined): boolean {
  if (step?.kind === 'generate') return step.batch === true
  return step?.kind === 'keep' && isInBatch(step)
}

/** Whether a step reports that an asset waits for a batch, or that its batch failed. */
function isInBatch({ reasons }: Step): boolean {
  return reasons.some(
    ({ code }) => code === 'in-batch' || code === 'waits-for-batch' || code === 'failed-in-batch',
  )
}

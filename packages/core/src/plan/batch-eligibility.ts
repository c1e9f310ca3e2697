import type { Asset, Manifest } from '../manifest/manifest.ts'
import { findModel } from '../models/models.ts'
import { hasBatches } from '../models/servers.ts'
import type { Step } from './plan.ts'

/** Explains why an asset cannot be sent in a batch, as a clause; `undefined` if it can. */
export function whyNotInBatch(
  { model, format, operation, inputs, partials, candidates }: Asset,
  { providers: [provider], models }: Pick<Manifest, 'providers' | 'models'>,
  waitsFor: readonly string[],
): string | undefined {
  if (operation === 'cut') return 'Limn splits it from a sheet'
  const { name, server } = provider ?? { name: 'local', server: 'local' }
  if (!hasBatches(server)) return whyNoBatches(name, server)
  const row = findModel(model, models)
  if (server === 'ai-sdk' && row?.batchUsd === undefined) {
    return `${name} has no \`batchPrice\` for ${model}`
  }
  if (row === undefined) return `it is unknown whether the Batch API accepts ${model}`
  if (!row.batch) return `the Batch API does not accept ${model}`
  if (waitsFor.length > 0) {
    return `it depends on ${waitsFor.join(', ')}, which this run generates first`
  }
  if (inputs.some(({ role }) => role === 'markup')) return 'the Batch API does not accept markup'
  if (partials !== null) return 'its partial pictures are streamed'
  if (operation === 'variation' && inputs.length > 0 && row.operations.includes('variation')) {
    return 'the Batch API does not accept variations'
  }
  if (candidates > (format === 'svg' ? 1 : row.maxImages)) {
    return `${model} does not return ${candidates} pictures in one answer`
  }
  return undefined
}

/** Explains why a server gets no batches. Google and xAI have batches, in APIs of their own. */
function whyNoBatches(name: string, server: string): string {
  return server === 'gemini' || server === 'xai'
    ? `batches of ${name} require \`server: ai-sdk\``
    : `${name} has no Batch API`
}

/** Whether the picture of a step arrives only after the run that executes the plan. */
export function comesInBatch(step: Step | undefined): boolean {
  if (step?.kind === 'generate') return step.batch === true
  return step?.kind === 'keep' && (isInBatch(step) || isLinked(step))
}

/** Whether a step reports a picture that is paid for and still to be fetched. */
function isLinked({ reasons }: Step): boolean {
  return reasons.some(({ code }) => code === 'linked')
}

/** Whether a step reports that an asset waits for a batch, or that its batch failed. */
function isInBatch({ reasons }: Step): boolean {
  return reasons.some(
    ({ code }) => code === 'in-batch' || code === 'waits-for-batch' || code === 'failed-in-batch',
  )
}

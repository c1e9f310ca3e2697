import type { RequestEntry } from '../history/entry.ts'
import type { BatchLine, BatchRecord } from '../store/batch-records.ts'

/** A request of a batch as the history has it: the same `id` when it is sent and when it comes back. */
export function entryOfLine(
  { uuid, run, profile, at, provider, model }: BatchRecord,
  { id, asset, request, images }: BatchLine,
  outcome: Pick<RequestEntry, 'outcome' | 'usd' | 'estimated'>,
): RequestEntry {
  const { operation, size, quality } = request
  return {
    kind: 'request',
    id: `${uuid} ${id}`,
    run,
    at,
    ...(profile === undefined ? {} : { profile }),
    provider,
    asset,
    model,
    operation,
    size,
    quality,
    pictures: images,
    retries: 0,
    ms: 0,
    batch: true,
    ...outcome,
  }
}

import type { Batch } from 'openai/resources/batches'
import type { BatchState } from '../batch-client.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { ProviderError } from '../provider.ts'

/** Key of the metadata that holds Limn's own name for a batch. */
export const NAME_KEY = 'limn'

const FINISHED = ['completed', 'failed', 'expired', 'cancelled']

/**
 * Reads a batch as the server reports it.
 *
 * @throws ProviderError `provider/bad-answer` for anything that is not a batch
 */
export function readBatchState(batch: Batch, apiKey: string): BatchState {
  const { id, status, metadata, request_counts: counts, errors } = batch
  if (typeof id !== 'string' || typeof status !== 'string') throw notABatch()
  return {
    id: redactKeys(id, apiKey),
    uuid: metadata?.[NAME_KEY],
    status: redactKeys(status, apiKey),
    isFinished: FINISHED.includes(status),
    counts: {
      total: readCount(counts?.total),
      completed: readCount(counts?.completed),
      failed: readCount(counts?.failed),
    },
    expiresAt: typeof batch.expires_at === 'number' ? batch.expires_at * 1000 : undefined,
    files: [...fileOf(batch.output_file_id, 'completed'), ...fileOf(batch.error_file_id, 'failed')],
    errors: (errors?.data ?? [])
      .map(({ message, code }) => redactKeys(message ?? code ?? '', apiKey))
      .filter((text) => text !== ''),
  }
}

function fileOf(id: unknown, kind: BatchState['files'][number]['kind']): BatchState['files'] {
  return typeof id === 'string' && id !== '' ? [{ id, kind }] : []
}

function readCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}

/** Creates the error for an answer that is not a batch. */
export function notABatch(): ProviderError {
  return new ProviderError(
    'provider/bad-answer',
    "The server's answer is not in the format of the Batch API.",
    { hint: 'Check the base URL.' },
  )
}

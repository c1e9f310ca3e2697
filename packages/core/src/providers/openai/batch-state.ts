import type { Batch } from 'openai/resources/batches'
import { redactKeys } from '../http/redact-keys.ts'
import { ProviderError } from '../provider.ts'

/** Progress of a batch, as the server reports it. */
export type BatchState = {
  id: string
  /** Limn's own name for the batch, from its metadata. */
  uuid: string | undefined
  /** The server's name for the status: `in_progress`, `completed`, … */
  status: string
  /** Whether the status is final. */
  isFinished: boolean
  counts: { total: number; completed: number; failed: number }
  /** When the batch was created and when it expires, ms since 1970. */
  createdAt: number
  expiresAt: number | undefined
  /** Ids of the files with answers, at most two. */
  files: string[]
  /** Why the server rejected the whole batch. */
  errors: string[]
}

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
      total: counts?.total ?? 0,
      completed: counts?.completed ?? 0,
      failed: counts?.failed ?? 0,
    },
    createdAt: batch.created_at * 1000,
    expiresAt: typeof batch.expires_at === 'number' ? batch.expires_at * 1000 : undefined,
    files: [batch.output_file_id, batch.error_file_id].flatMap((file) =>
      typeof file === 'string' && file !== '' ? [file] : [],
    ),
    errors: (errors?.data ?? [])
      .map(({ message, code }) => redactKeys(message ?? code ?? '', apiKey))
      .filter((text) => text !== ''),
  }
}

/** Creates the error for an answer that is not a batch. */
export function notABatch(): ProviderError {
  return new ProviderError(
    'provider/bad-answer',
    "The server's answer is not in the format of the Batch API.",
    { hint: 'Check the base URL.' },
  )
}

import type { Experimental_BatchStatus as SdkBatchStatus } from 'ai'
import type { BatchState } from '../batch-client.ts'
import { redactKeys } from '../http/redact-keys.ts'

/** Reads the progress of a batch as the SDK reports it. */
export function readBatchState(id: string, status: SdkBatchStatus): BatchState {
  const isFinished = status.status !== 'pending'
  const { total = 0, completed = 0, failed = 0 } = status.requestCounts ?? {}
  const expiresAt = Date.parse(status.expiresAt ?? '')
  const message = status.error?.message
  return {
    id: redactKeys(id, ''),
    uuid: undefined,
    status: statusOf(status),
    isFinished,
    counts: { total, completed, failed },
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
    files: isFinished ? [{ id, kind: 'completed' }] : [],
    errors: message === undefined ? [] : [redactKeys(message, '')],
  }
}

/**
 * Returns the name of a status as OpenAI has it: Google's own names are `BATCH_STATE_EXPIRED` and
 * the like, and xAI's are in the code of the error.
 */
function statusOf({ status, rawStatus, error }: SdkBatchStatus): string {
  if (status === 'pending') return 'in_progress'
  const name = `${rawStatus ?? ''} ${error?.code ?? ''}`.toLowerCase()
  return ['expired', 'cancelled'].find((each) => name.includes(each)) ?? status
}

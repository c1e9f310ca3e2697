import { LimnError } from '../errors.ts'
import type { BatchState } from './batch-client.ts'

/** Returns why a finished batch has no answer to a request. */
export function explainUnanswered({
  status,
  errors,
}: Pick<BatchState, 'status' | 'errors'>): LimnError {
  switch (status) {
    case 'failed': {
      const reason = errors[0] === undefined ? '.' : `: ${errors[0].replace(/[.]?$/, '.')}`
      return new LimnError(
        'batch/failed',
        `The server rejected the batch${reason} Nothing was billed.`,
        { hint: 'Run the command again without --batch, or with another model.' },
      )
    }
    case 'expired':
      return new LimnError(
        'batch/expired',
        'The batch expired before the server processed this request. The request was not billed.',
        { hint: 'Run the command again, with --batch to send the request in a new batch.' },
      )
    case 'cancelled':
      return new LimnError(
        'batch/cancelled',
        'The batch was cancelled before the server processed this request.',
        { hint: 'Run the command again to request the picture.' },
      )
    default:
      return new LimnError('batch/failed', 'The batch contains no answer to this request.', {
        hint: 'Run the command again to request the picture.',
      })
  }
}

import { isObject } from '../../is-object.ts'
import { explainUnanswered } from '../explain-unanswered.ts'

/** One answer in an output or error file of a batch. */
export type BatchLine = {
  /** The `custom_id` of the request. */
  id: string
  requestId: string | undefined
  body: unknown
  /** Why the request failed; `undefined` if it succeeded. */
  failure: Error | undefined
}

/**
 * Parses one line of an output or error file.
 *
 * @returns `undefined` if it is no answer; `damaged` if it is not even JSON
 */
export function readBatchLine(line: Buffer): BatchLine | 'damaged' | undefined {
  const row = parse(line)
  if (row === undefined) return 'damaged'
  const id = isObject(row) ? row['custom_id'] : undefined
  if (!isObject(row) || typeof id !== 'string') return undefined
  const { response, error } = row
  if (isObject(error)) {
    return { id, requestId: undefined, body: undefined, failure: unprocessed(error) }
  }
  const { status_code: status, request_id: requestId, body } = isObject(response) ? response : {}
  const isGood = status === 200 || status === undefined
  // Use the form of the `openai` package's errors, so that the same table explains the failure.
  const failure = isGood
    ? undefined
    : Object.assign(new Error(''), {
        status,
        error: isObject(body) ? (body['error'] ?? body) : body,
      })
  return { id, requestId: typeof requestId === 'string' ? requestId : undefined, body, failure }
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Creates the error of a request that the batch did not process. */
function unprocessed(error: Record<string, unknown>): Error {
  switch (error['code']) {
    case 'batch_expired':
      return explainUnanswered({ status: 'expired', errors: [] })
    case 'batch_cancelled':
      return explainUnanswered({ status: 'cancelled', errors: [] })
    default:
      return Object.assign(new Error(''), { error })
  }
}

import { LimnError } from '../../errors.ts'
import { isObject } from '../is-object.ts'

/** One answer in an output or error file of a batch. */
export type BatchLine = {
  /** The `custom_id` of the request. */
  id: string
  requestId: string | undefined
  body: unknown
  /** Why the request failed; `undefined` if it succeeded. */
  failure: Error | undefined
}

/** Parses one line of an output or error file; `undefined` if it is not an answer. */
export function readBatchLine(line: Buffer): BatchLine | undefined {
  const row = parseObject(line)
  const id = row?.['custom_id']
  if (row === undefined || typeof id !== 'string') return undefined
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

function parseObject(line: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Creates the error of a request that the batch did not process. */
function unprocessed(error: Record<string, unknown>): Error {
  if (error['code'] === 'batch_expired') {
    return new LimnError(
      'batch/expired',
      'The batch expired before it reached this request. Nothing was billed for the request.',
      { hint: 'Run the command again, with --batch to send the request in a new batch.' },
    )
  }
  if (error['code'] === 'batch_cancelled') {
    return new LimnError(
      'batch/cancelled',
      'The batch was cancelled before it reached this request.',
      { hint: 'Run the command again to request the picture.' },
    )
  }
  return Object.assign(new Error(''), { error })
}

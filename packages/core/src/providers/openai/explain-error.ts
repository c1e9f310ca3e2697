import { LimnError } from '../../errors.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { ProviderError } from '../provider.ts'
import { connectionCodes, explainConnection } from './explain-connection.ts'
import { type FailedRequest, type FailureContext, failureTable, wantedOf } from './failure-table.ts'
import { type Failure, type RawFailure, readFailure } from './read-failure.ts'

/**
 * Explains an error that the `openai` package threw, without repeating keys. Returns anything else
 * unchanged: LimnErrors are explained already, and the rest are bugs.
 */
export function explainOpenAIError(error: unknown, context: FailureContext): unknown {
  if (error instanceof LimnError || !(error instanceof Error)) return error
  // The SDK wraps what `fetch` threw, such as the failure of a proxy.
  if (error.cause instanceof LimnError) return error.cause
  // Compare by name: importing the classes would load the package on every path.
  const kind = error.constructor.name
  const isTimeout = kind === 'APIConnectionTimeoutError'
  // A connection that breaks within the answer throws fetch's own TypeError, or Node's Error.
  const isBroken =
    (kind === 'TypeError' || kind === 'Error') &&
    !('error' in error) &&
    connectionCodes(error).length > 0
  if (kind === 'APIConnectionError' || isTimeout || isBroken) {
    return explainConnection(error, {
      isTimeout,
      baseURL: context.baseURL,
      wanted: wantedOf(context.endpoint),
    })
  }
  if (kind === 'APIUserAbortError') {
    return new LimnError('aborted', 'The run was stopped before the picture arrived.')
  }
  const {
    status,
    error: body,
    headers,
  } = error as { status?: number; error?: unknown; headers?: Headers }
  if (status === undefined && body === undefined) {
    return unknownFormat({
      cause: redactKeys(error.message, context.apiKey),
      isBegun: context.isBegun,
    })
  }
  return explainStatus({ status, body, headers, message: error.message }, context)
}

/** Explains an answer with an error status, whichever client received it. */
export function explainStatus(raw: RawFailure, context: FailureContext): ProviderError {
  return explainFailure(readFailure(raw, context.apiKey), context)
}

/** Explains a failure by the first row of the table that describes it. */
export function explainFailure(failure: Failure, context: FailureContext): ProviderError {
  const failed: FailedRequest = { ...failure, ...context }
  const row = failureTable.find(({ when }) => when(failed))
  if (row === undefined) {
    return new ProviderError(
      'provider/bad-answer',
      'The server returned an error without a message.',
      {
        hint: 'Run the command again; if the error persists, check the base URL.',
        isBegun: context.isBegun,
      },
    )
  }
  const { afterMs, shouldRetry, moderation } = failure
  // A picture that was begun may be billed, so Limn does not request it again by itself.
  const canRetry = row.retry !== 'never' && !context.isBegun && (shouldRetry ?? row.retry === 'yes')
  const retry = afterMs === undefined ? {} : { afterMs }
  return new ProviderError(row.code, row.message(failed), {
    hint: typeof row.hint === 'string' ? row.hint : row.hint(failed),
    retry: canRetry ? retry : undefined,
    isBegun: context.isBegun || moderation.stage === 'output',
    isUncertain: row.isUncertain ?? false,
  })
}

/** Creates the error for an answer that is nothing that Limn knows. */
export function unknownFormat(options: { cause?: string; isBegun?: boolean } = {}): ProviderError {
  return new ProviderError(
    'provider/bad-answer',
    "The server's answer is not in the format of the Images API.",
    { hint: 'Check the base URL.', ...options },
  )
}

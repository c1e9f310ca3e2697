import { ProviderError } from './provider.ts'

/** Replaces errors that warn about billing: calls of a Batch API generate nothing themselves. */
export function withoutBilling(error: unknown): unknown {
  if (
    !(error instanceof ProviderError) ||
    (error.code !== 'provider/network' && error.code !== 'provider/timeout') ||
    error.retry !== undefined ||
    error.isUnsent
  ) {
    return error
  }
  return new ProviderError(
    error.code,
    error.code === 'provider/timeout'
      ? 'The Batch API did not answer in time.'
      : 'The connection to the Batch API broke.',
    { hint: 'Run the command again; Limn finds a batch that was created.', cause: error.cause },
  )
}

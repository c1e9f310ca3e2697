import { ProviderError } from '../provider.ts'

/** Creates the error for a response that Limn cannot use. */
export function badAnswer(message: string, cause?: unknown): ProviderError {
  return new ProviderError('provider/bad-answer', message, {
    hint: 'Run the command again; if the error persists, check the base URL.',
    cause,
  })
}

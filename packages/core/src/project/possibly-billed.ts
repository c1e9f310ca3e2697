import { mayBeBilled, ProviderError } from '../providers/provider.ts'

/** Returns whether a failure left no picture, but may have been billed. */
export function isPossiblyBilled(error: unknown): boolean {
  return error instanceof ProviderError && mayBeBilled(error)
}

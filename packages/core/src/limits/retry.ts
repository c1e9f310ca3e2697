import { ProviderError } from '../providers/provider.ts'
import { abortedError, type Clock, sleepUnlessAborted } from './clock.ts'

type RetryOptions = {
  clock: Pick<Clock, 'sleep'>
  signal?: AbortSignal | undefined
  /** Whether to retry requests of unknown outcome too, which may be billed twice. Default false. */
  retryUncertain?: boolean
  /** Called before each wait; `ms` is its length. */
  onRetry?: ((wait: { attempt: number; ms: number; error: ProviderError }) => void) | undefined
}

/** Maximum number of calls, the first one included. */
export const MAX_ATTEMPTS = 4
/** Longest wait that a server may ask for, ms. */
const MAX_WAIT = 10 * 60_000

/**
 * Calls until it succeeds, fails for good, or has been tried four times. Waits as long as the
 * server asks, up to ten minutes; otherwise one second, doubled each time, with up to a quarter
 * taken off so that several clients spread out. Rate limits are not retried here: they concern all
 * requests, see `Limiter`. A request of unknown outcome is retried only with `retryUncertain`.
 *
 * @throws ProviderError the last failure; LimnError `aborted`
 */
export async function withRetry<T>(
  call: () => Promise<T>,
  { clock, signal, retryUncertain = false, onRetry }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      // Report a final failure even if the run was stopped: the request may have been billed.
      if (!canRetry(error, retryUncertain) || attempt >= MAX_ATTEMPTS) throw error
      if (signal?.aborted === true) throw abortedError(error)
      const ms = error.retry?.afterMs ?? 1000 * 2 ** (attempt - 1) * (1 - Math.random() / 4)
      if (ms > MAX_WAIT) throw error
      onRetry?.({ attempt, ms, error })
      await sleepUnlessAborted(ms, { clock, signal })
    }
  }
}

function canRetry(error: unknown, retryUncertain: boolean): error is ProviderError {
  return (
    error instanceof ProviderError &&
    (error.retry !== undefined || (retryUncertain && error.isUncertain)) &&
    error.code !== 'provider/rate-limit'
  )
}

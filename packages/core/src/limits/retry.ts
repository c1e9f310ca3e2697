import { LimnError } from '../errors.ts'
import { ProviderError } from '../providers/provider.ts'
import type { Clock } from './clock.ts'

export type RetryOptions = {
  clock: Pick<Clock, 'sleep'>
  signal?: AbortSignal | undefined
  /** Told before each wait. */
  onRetry?: ((wait: { attempt: number; ms: number; error: ProviderError }) => void) | undefined
}

/** Tries in all. */
const MAX_TRIES = 4
/** The longest wait that a server may ask for, ms. */
const MAX_WAIT = 10 * 60_000

/**
 * Calls until it succeeds, fails for good, or has been tried often enough. A server's own wait is
 * obeyed, however long up to ten minutes; else the wait doubles from one second, with up to a
 * quarter taken off so that several clients part. Rate limits are not its business: they concern
 * all requests, see `Limiter`.
 *
 * @throws ProviderError the last one
 */
export async function withRetry<T>(
  call: () => Promise<T>,
  { clock, signal, onRetry }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      // A failure that is final is told whether this is being stopped or not: it may have been billed.
      if (
        !(error instanceof ProviderError) ||
        error.retry === undefined ||
        error.code === 'provider/rate-limit' ||
        attempt >= MAX_TRIES
      ) {
        throw error
      }
      if (signal?.aborted === true) {
        throw new LimnError('aborted', 'Stopped before it was done.', { cause: error })
      }
      const ms = error.retry.afterMs ?? 1000 * 2 ** (attempt - 1) * (1 - Math.random() / 4)
      if (ms > MAX_WAIT) throw error
      onRetry?.({ attempt, ms, error })
      await clock.sleep(ms, signal).catch((cause: unknown) => {
        throw signal?.aborted === true
          ? new LimnError('aborted', 'Stopped before it was done.', { cause })
          : cause
      })
    }
  }
}

import { LimnError } from '../errors.ts'
import { ProviderError } from '../providers/provider.ts'

export type RetryOptions = {
  signal?: AbortSignal | undefined
  /** Waits `ms`; rejects when the signal fires. Given, so that tests need not wait. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Told before each wait. */
  onRetry?: ((wait: { attempt: number; ms: number; error: ProviderError }) => void) | undefined
}

/** Tries in all where the server or the network failed. */
const MAX_TRIES = 4
/** Tries in all where the server only asked to wait. */
const MAX_RATE_LIMIT_TRIES = 12
/** The longest wait that a server may ask for, ms. */
const MAX_WAIT = 10 * 60_000

/**
 * Calls until it succeeds, fails for good, or has been tried often enough. A server's own
 * wait is obeyed, however long up to ten minutes; else the wait doubles from one second,
 * with up to a quarter taken off so that several clients part.
 *
 * @throws ProviderError the last one
 */
export async function withRetry<T>(call: () => Promise<T>, { signal, sleep, onRetry }: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (signal?.aborted === true) throw new LimnError('aborted', 'Stopped before it was done.', { cause: error })
      if (!(error instanceof ProviderError) || error.retry === undefined) throw error
      if (attempt >= (error.code === 'provider/rate-limit' ? MAX_RATE_LIMIT_TRIES : MAX_TRIES)) throw error
      const ms = error.retry.afterMs ?? Math.min(1000 * 2 ** (attempt - 1), 60_000) * (1 - Math.random() / 4)
      if (ms > MAX_WAIT) throw error
      onRetry?.({ attempt, ms, error })
      await sleep(ms, signal).catch((cause: unknown) => {
        throw signal?.aborted === true ? new LimnError('aborted', 'Stopped before it was done.', { cause }) : cause
      })
    }
  }
}

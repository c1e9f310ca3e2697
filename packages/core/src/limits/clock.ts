import { setTimeout as wait } from 'node:timers/promises'
import { LimnError } from '../errors.ts'

/** A source of time, passed in so that tests need not wait. */
export type Clock = {
  /** Returns ms since an arbitrary moment; never goes back. */
  now(): number
  /** Waits `ms`. Rejects when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
}

/**
 * Waits `ms` by a clock.
 *
 * @throws LimnError `aborted` when the signal fires
 */
export async function sleepUnlessAborted(
  ms: number,
  { clock, signal }: { clock: Pick<Clock, 'sleep'>; signal?: AbortSignal | undefined },
): Promise<void> {
  try {
    await clock.sleep(ms, signal)
  } catch (error) {
    throw signal?.aborted === true ? abortedError(error) : error
  }
}

/** Creates the error for a request that was not finished because the run was stopped. */
export function abortedError(cause?: unknown): LimnError {
  return new LimnError('aborted', 'The run was stopped before the request was finished.', { cause })
}

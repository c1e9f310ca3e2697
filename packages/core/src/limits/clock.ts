import { setTimeout as wait } from 'node:timers/promises'

/** The time that waits go by. Given, so that tests need not wait. */
export type Clock = {
  /** ms since any moment; never goes back. */
  now(): number
  /** Waits `ms`. Rejects when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
}

import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/**
 * Lets the waits of `node:timers/promises` in this process take no time: `performance.now()` moves
 * on instead. Timers that call back, such as a heartbeat, run in real time.
 *
 * @returns how to undo that
 */
export function skipWaits(): () => void {
  const real = { now: performance.now, wait: timers.setTimeout }
  let skipped = 0
  performance.now = () => real.now.call(performance) + skipped
  timers.setTimeout = (async (ms = 0, value: unknown, options?: { signal?: AbortSignal }) => {
    options?.signal?.throwIfAborted()
    skipped += ms
    await new Promise((resolve) => setImmediate(resolve))
    return value
  }) as typeof timers.setTimeout
  syncBuiltinESMExports()
  return () => {
    performance.now = real.now
    timers.setTimeout = real.wait
    syncBuiltinESMExports()
  }
}

/** Skips waits until the end of the test. */
export function skipWaitsInTest(): void {
  onTestFinished(skipWaits())
}

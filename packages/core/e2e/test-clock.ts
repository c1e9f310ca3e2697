import type { Clock } from '../src/limits/clock.ts'

/** A clock that is paused while work is in progress, and otherwise jumps to the next wake-up. */
export type TestClock = Clock & {
  /** ms since the start. */
  now(): number
  /** Requested durations of all sleeps, ms. */
  readonly sleeps: readonly number[]
  stop(): void
}

const TICK_MS = 3
/** Idle ticks before the clock jumps: work that is about to start needs a moment to show. */
const IDLE_TICKS = 8

export type Work = {
  /** Returns whether work is in progress. */
  isInProgress: () => boolean
  /** Returns how much work has ever been started: a woken sleeper starts some, or sleeps again. */
  startedCount: () => number
}

export function startTestClock({ isInProgress, startedCount }: Work): TestClock {
  let time = 0
  const sleeps: number[] = []
  const sleepers = new Set<{ until: number; wake: () => void }>()
  let idleTicks = 0
  /** Counts at the last jump, until a woken sleeper has reacted. */
  let lastJump: { started: number; sleeps: number } | undefined
  const timer = setInterval(() => {
    if (
      lastJump !== undefined &&
      (startedCount() > lastJump.started || sleeps.length > lastJump.sleeps)
    ) {
      lastJump = undefined
    }
    const isIdle = sleepers.size > 0 && lastJump === undefined && !isInProgress()
    idleTicks = isIdle ? idleTicks + 1 : 0
    if (idleTicks < IDLE_TICKS) return
    idleTicks = 0
    lastJump = { started: startedCount(), sleeps: sleeps.length }
    time = Math.max(time, Math.min(...[...sleepers].map(({ until }) => until)))
    for (const sleeper of sleepers) if (sleeper.until <= time) sleeper.wake()
  }, TICK_MS)
  return {
    now: () => time,
    sleeps,
    stop: () => clearInterval(timer),
    sleep(ms, signal) {
      sleeps.push(ms)
      return new Promise((resolve, reject) => {
        const sleeper = { until: time + ms, wake: () => end(resolve) }
        const onAbort = (): void =>
          end(() => reject(new DOMException('The operation was aborted', 'AbortError')))
        const end = (finish: () => void): void => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', onAbort)
          finish()
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', onAbort)
        if (signal?.aborted === true) onAbort()
      })
    },
  }
}

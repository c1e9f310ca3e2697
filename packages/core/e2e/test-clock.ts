import type { Clock } from '../src/limits/clock.ts'

/** A clock that goes on only while nobody is at work, and then to where the first one sleeps until. */
export type TestClock = Clock & {
  /** ms since the start. */
  now(): number
  /** How long it was slept each time, ms. */
  readonly sleeps: readonly number[]
  stop(): void
}

const TICK_MS = 3
/** Who is about to begin may need a moment to be seen at work. */
const QUIET_TICKS = 8

export type Work = {
  /** Whether somebody is at work. */
  isUnderWay: () => boolean
  /** How much work was ever begun: whoever is woken begins some, or sleeps again. */
  begun: () => number
}

export function startTestClock({ isUnderWay, begun }: Work): TestClock {
  let time = 0
  const sleeps: number[] = []
  const sleepers = new Set<{ until: number; wake: () => void }>()
  let quietTicks = 0
  let woken: { begun: number; sleeps: number } | undefined
  const timer = setInterval(() => {
    if (woken !== undefined && (begun() > woken.begun || sleeps.length > woken.sleeps)) {
      woken = undefined
    }
    quietTicks = sleepers.size > 0 && woken === undefined && !isUnderWay() ? quietTicks + 1 : 0
    if (quietTicks < QUIET_TICKS) return
    quietTicks = 0
    woken = { begun: begun(), sleeps: sleeps.length }
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
        const sleeper = { until: time + ms, wake: () => done(resolve) }
        const onAbort = (): void =>
          done(() => reject(new DOMException('The operation was aborted', 'AbortError')))
        const done = (end: () => void): void => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', onAbort)
          end()
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', onAbort)
        if (signal?.aborted === true) onAbort()
      })
    },
  }
}

import type { LimnEvent } from '@limn/core'

/** What one run of a dev server may still spend. */
export type RunSpending = {
  /** Sets what the run may spend, USD. Default 0. */
  start(maxUsd: number): void
  /** Counts the cost of an event. Call it before the event is reported. */
  follow(event: LimnEvent): void
  /** Returns what is left, USD. */
  leftUsd(): number
}

/** Tracks the spending of one run. */
export function createRunSpending(): RunSpending {
  let maxUsd = 0
  let billed = 0
  let generated = 0
  return {
    start: (usd) => (maxUsd = usd),
    follow(event) {
      if (event.type === 'progress') billed = event.progress.usd
      if (event.type === 'generated' && !event.recovered) generated += event.usd ?? 0
    },
    // A picture is reported before the progress that includes it.
    leftUsd: () => Math.max(0, maxUsd - Math.max(billed, generated)),
  }
}

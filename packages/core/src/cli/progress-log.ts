import type { Progress } from '../events.ts'
import type { Currency } from '../models/cost.ts'
import { progressText, statusText } from './event-text.ts'
import type { Output } from './output.ts'

/** Time until the first line, and the least time between two, ms. */
const MIN_MS = 10_000
/** The most time between two lines, ms. */
const MAX_MS = 300_000

/** Shows the progress of a run: as a status line, or as a line now and then without a terminal. */
export type ProgressLog = {
  /** Starts to count the time of a run. `pictures` is the number of pictures to generate. */
  start(pictures: number, currency: Currency | null): void
  show(progress: Progress): void
  /** Prints no further lines. */
  stop(): void
}

/** Creates the log of a run's progress. @param failed returns how many assets and files failed */
export function createProgressLog(output: Output, failed: () => number): ProgressLog {
  let timer: NodeJS.Timeout | undefined
  let started = performance.now()
  let latest: Progress | undefined
  let currency: Currency | null = null
  const describe = (progress: Progress, format: typeof progressText): string =>
    format({ progress, failed: failed() }, performance.now() - started, currency)

  /** The lines come further apart the longer the run takes. */
  function schedule(): void {
    const elapsed = performance.now() - started
    timer = setTimeout(
      () => {
        if (latest !== undefined) output.note(describe(latest, progressText))
        schedule()
      },
      Math.min(MAX_MS, Math.max(MIN_MS, elapsed / 5)),
    ).unref()
  }
  const stop = (): void => clearTimeout(timer)

  return {
    start(pictures, shownCurrency) {
      stop()
      started = performance.now()
      currency = shownCurrency
      latest = {
        generate: { done: 0, total: pictures, inFlight: 0 },
        derive: { done: 0, total: 0 },
        usd: 0,
      }
      schedule()
    },
    show(progress) {
      latest = progress
      output.status(describe(progress, statusText))
    },
    stop,
  }
}

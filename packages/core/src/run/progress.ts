import type { OnEvent } from '../events.ts'
import type { Budget } from '../limits/budget.ts'

/** Counts what a run has done, and reports it as `progress` events. */
export type ProgressReporter = {
  /** Assets whose pictures are being requested. */
  readonly inFlight: number
  requestStarted(): void
  requestEnded(): void
  /** Counts assets whose pictures need nothing more, whether they succeeded or failed. */
  picturesDone(assets: number): void
  outputsQueued(files: number): void
  outputDone(): void
  /** Sends a `progress` event. */
  report(): void
}

/** Creates the progress of a run. `total` is the number of assets to generate. */
export function createProgress(
  total: number,
  budget: Pick<Budget, 'spent'>,
  onEvent: OnEvent,
): ProgressReporter {
  const generate = { done: 0, total, inFlight: 0 }
  const derive = { done: 0, total: 0 }
  return {
    get inFlight() {
      return generate.inFlight
    },
    requestStarted: () => void generate.inFlight++,
    requestEnded: () => void generate.inFlight--,
    picturesDone: (assets) => void (generate.done += assets),
    outputsQueued: (files) => void (derive.total += files),
    outputDone: () => void derive.done++,
    report: () =>
      onEvent({
        type: 'progress',
        progress: { generate: { ...generate }, derive: { ...derive }, usd: budget.spent },
      }),
  }
}

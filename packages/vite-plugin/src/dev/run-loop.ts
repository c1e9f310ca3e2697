import { waitForGit } from './wait-for-files.ts'

/**
 * Delay between the last change and the run that follows it, ms: one action, such as a git
 * checkout, often causes several changes.
 */
const SETTLE_MS = 100

/** Runs work after changes, once at a time. */
export type RunLoop = {
  /** Requests a run. Requests that arrive before a run starts share that run. */
  request(): void
  /** Resolves when all requested runs have ended; `undefined` while idle. */
  readonly running: Promise<void> | undefined
  /** When the current run started, ms on the clock of `performance.now()`. */
  readonly startedAt: number
}

export type RunLoopOptions = {
  /** The project's root; a run waits while git writes to it. Absolute path. */
  root: string
  run(): Promise<void>
  /** Stops the loop after the current run. */
  signal: AbortSignal
}

/** Creates an idle loop. */
export function createRunLoop({ root, run, signal }: RunLoopOptions): RunLoop {
  let isRequested = false
  let running: Promise<void> | undefined
  let startedAt = 0

  function request(): void {
    isRequested = true
    if (running === undefined) startedAt = performance.now()
    running ??= runAll().finally(() => {
      running = undefined
      if (isRequested && !signal.aborted) request()
    })
  }

  async function runAll(): Promise<void> {
    while (isRequested && !signal.aborted) {
      await waitForQuiet()
      startedAt = performance.now()
      await run()
    }
  }

  /** Waits until no further change arrives. */
  async function waitForQuiet(): Promise<void> {
    do {
      isRequested = false
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      await waitForGit(root, signal)
    } while (isRequested && !signal.aborted)
  }

  return {
    request,
    get running() {
      return running
    },
    get startedAt() {
      return startedAt
    },
  }
}

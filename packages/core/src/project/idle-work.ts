/** Work that is done in advance, one job at a time, while nothing is requested. */
export type IdleWork = {
  /** Adds a job, unless one with the same key waits already. Its failure is ignored. */
  add(key: string, job: () => Promise<unknown>): void
  /** Lets the work wait until nothing has been requested for a while. */
  onRequest(): void
  /** Drops what has not started, and waits for the running job. */
  close(): Promise<void>
}

/** Time without a request before a job starts, ms: a page requests its pictures in bursts. */
const QUIET_MS = 500

/**
 * Creates idle work. No job starts before the first request: until then nobody looks at a page, as
 * in a test run that only imports modules.
 */
export function createIdleWork(): IdleWork {
  const jobByKey = new Map<string, () => Promise<unknown>>()
  let requestedAt: number | undefined
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  const wake = (ms: number): void => {
    if (timer !== undefined || running !== undefined || jobByKey.size === 0) return
    timer = setTimeout(startNext, ms)
    // A process that has nothing else to do ends.
    timer.unref()
  }
  const startNext = (): void => {
    timer = undefined
    const left = requestedAt! + QUIET_MS - performance.now()
    if (left > 0) return wake(left)
    const [key, job] = jobByKey.entries().next().value!
    jobByKey.delete(key)
    const onDone = (): void => {
      running = undefined
      wake(0)
    }
    running = job().then(onDone, onDone)
  }
  return {
    add(key, job) {
      jobByKey.set(key, job)
      if (requestedAt !== undefined) wake(QUIET_MS)
    },
    onRequest() {
      requestedAt = performance.now()
      wake(QUIET_MS)
    },
    async close() {
      jobByKey.clear()
      clearTimeout(timer)
      await running
    },
  }
}

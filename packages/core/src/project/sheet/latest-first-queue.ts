/** Runs jobs, the latest first. */
export type LatestFirstQueue = {
  /**
   * Runs a job when its turn comes.
   *
   * @param signal takes the job out of the queue if it has not started; then the promise rejects
   *   with the reason
   */
  add<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/**
 * Creates a queue for work that somebody looks at: what was requested last is what is on the screen
 * now.
 *
 * @param concurrency jobs at the same time
 */
export function createLatestFirstQueue(concurrency: number): LatestFirstQueue {
  const waiting: (() => Promise<void>)[] = []
  let running = 0

  function startNext(): void {
    if (running >= concurrency) return
    const start = waiting.pop()
    if (start === undefined) return
    running++
    void start().finally(() => {
      running--
      startNext()
    })
  }

  return {
    add<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const start = (): Promise<void> => {
          signal?.removeEventListener('abort', onAbort)
          return job().then(resolve, reject)
        }
        const onAbort = (): void => {
          const index = waiting.indexOf(start)
          if (index >= 0) waiting.splice(index, 1)
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        waiting.push(start)
        startNext()
      })
    },
  }
}

/** Requests that wait until their cost fits into the budget, in the order in which they came. */
export type WaitingList = {
  /** Waits until the cost, USD, is reserved. Rejects with what `tryReserve` throws. */
  add(usd: number): Promise<void>
  /** Lets the requests go on that fit by now, and rejects those that cannot fit any more. */
  admit(): void
}

type Waiting = { usd: number; resolve: () => void; reject: (reason: unknown) => void }

/**
 * Creates an empty list.
 *
 * @param tryReserve reserves a cost, USD; returns false if it does not fit yet, and throws if it
 *   cannot fit any more
 */
export function createWaitingList(tryReserve: (usd: number) => boolean): WaitingList {
  let queue: Waiting[] = []
  const admit = (): void => {
    const waiting = queue
    queue = []
    for (const request of waiting) {
      try {
        if (tryReserve(request.usd)) request.resolve()
        else queue.push(request)
      } catch (error) {
        request.reject(error)
      }
    }
  }
  return {
    admit,
    add: (usd) =>
      new Promise((resolve, reject) => {
        queue.push({ usd, resolve, reject })
        admit()
      }),
  }
}

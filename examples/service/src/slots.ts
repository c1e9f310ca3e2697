import { Problem } from './problem.ts'

/** Limits how much runs at a time, and how much waits. */
export type Slots = {
  /** Runs work when a slot is free. @throws Problem `overloaded`, `shutting_down` */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Refuses what waits and what comes later; what runs goes on. */
  close(): void
}

/** Creates slots for `size` works at a time, for which at most `waiting` others may wait. */
export function createSlots({ size, waiting }: { size: number; waiting: number }): Slots {
  type Waiting = { start: () => void; refuse: (problem: Problem) => void }
  const queue: Waiting[] = []
  let running = 0
  let isClosed = false

  async function enter(): Promise<void> {
    if (isClosed) throw shuttingDown()
    if (running < size) {
      running++
      return
    }
    if (queue.length >= waiting) {
      throw new Problem('overloaded', 'Too many requests wait for the image model.', {
        retryAfter: 10,
      })
    }
    await new Promise<void>((start, refuse) => queue.push({ start, refuse }))
  }

  function leave(): void {
    const next = queue.shift()
    if (next === undefined) running--
    else next.start()
  }

  return {
    async run(work) {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
    close() {
      isClosed = true
      for (const { refuse } of queue.splice(0)) refuse(shuttingDown())
    },
  }
}

/** Creates the answer of a service that is about to end. */
export function shuttingDown(): Problem {
  return new Problem('shutting_down', 'The service is shutting down.', { retryAfter: 10 })
}

import type { LimnEvent, OnEvent } from '../events.ts'

/**
 * A run: a promise of its result, and its events as an async iterable. A loop receives the events
 * from its start on, and then throws if the run fails. If the loop ends early, the run stops as if
 * its signal had fired, and the loop waits for the pictures in flight.
 */
export type Run<Result> = Promise<Result> & AsyncIterable<LimnEvent>

/** How a run is watched and stopped. */
type Watched = { onEvent?: OnEvent | undefined; signal?: AbortSignal | undefined }

/** Starts a run whose events can be iterated, too. */
export function streamRun<Options extends Watched, Result>(
  options: Options,
  start: (options: Options) => Promise<Result>,
): Run<Result> {
  const stop = new AbortController()
  const queues = new Set<EventQueue>()
  const signal = options.signal === undefined ? stop.signal : anyOf(options.signal, stop)
  const result = start({
    ...options,
    signal,
    onEvent(event) {
      options.onEvent?.(event)
      for (const queue of queues) queue.push(event)
    },
  })
  const ended = result.then(
    () => {},
    () => {},
  )
  return Object.assign(result, {
    [Symbol.asyncIterator]() {
      const queue = createEventQueue()
      queues.add(queue)
      void ended.then(queue.end)
      return readEvents(queue, {
        result,
        async leave() {
          queues.delete(queue)
          stop.abort()
          await ended
        },
      })
    },
  })
}

/** Returns a signal that fires with either. */
function anyOf(signal: AbortSignal, { signal: own }: AbortController): AbortSignal {
  return AbortSignal.any([signal, own])
}

/** Yields the events of a queue to its end, and throws what the run throws. */
async function* readEvents(
  queue: EventQueue,
  { result, leave }: { result: Promise<unknown>; leave: () => Promise<void> },
): AsyncGenerator<LimnEvent, void, undefined> {
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- events arrive one after the other
      const event = await queue.next()
      if (event === undefined) break
      yield event
    }
    await result
  } finally {
    await leave()
  }
}

type EventQueue = {
  push(event: LimnEvent): void
  end(): void
  /** Returns the next event; `undefined` after the last one. */
  next(): Promise<LimnEvent | undefined>
}

/**
 * Keeps the events that a loop has not read yet. Of the progress, and of the partials of an asset,
 * it keeps only the latest: a slow loop needs no memory for the older ones.
 */
function createEventQueue(): EventQueue {
  let events: LimnEvent[] = []
  let hasEnded = false
  let wake = (): void => {}
  return {
    push(event) {
      if (isReplaceable(event)) events = events.filter((older) => !isReplacedBy(older, event))
      events.push(event)
      wake()
    },
    end() {
      hasEnded = true
      wake()
    },
    async next() {
      if (events.length === 0 && !hasEnded) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return events.shift()
    },
  }
}

function isReplaceable({ type }: LimnEvent): boolean {
  return type === 'progress' || type === 'partial'
}

function isReplacedBy(older: LimnEvent, newer: LimnEvent): boolean {
  if (older.type === 'progress') return newer.type === 'progress'
  return older.type === 'partial' && newer.type === 'partial' && older.asset === newer.asset
}

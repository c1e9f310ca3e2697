import type { Queue } from 'bullmq'
import { createDebug } from '../debug.ts'
import { isErrno, type LimnError } from '../errors.ts'
import { type JobProgress, parseProgress } from './job.ts'
import { type OpenQueue, unreachable } from './open-queue.ts'

const debug = createDebug('queue')

/** Interval at which the state of every open job is read, in case an event was missed, ms. */
const CHECK_MS = 15_000
/** Jobs whose state is read at the same time. */
const CHECKED_AT_ONCE = 50

/** How a job ended: with a result, with a failure, or because it is gone from the queue. */
export type JobEnd =
  | { state: 'completed'; result: unknown }
  | { state: 'failed'; reason: string }
  | { state: 'gone' }

/** Follows the jobs of a coordinator. */
export type JobWatch = {
  /** Waits until a job ends. */
  whenEnded(jobId: string, onProgress: (progress: JobProgress) => void): Promise<JobEnd>
  close(): Promise<void>
}

type WatchOptions = {
  /** Called when the connection breaks. It is opened again. */
  onAway: (error: LimnError) => void
}

type Waiting = { end: (end: JobEnd) => void; onProgress: (progress: JobProgress) => void }

/** Follows jobs by the events of the queue. */
export async function watchJobs(
  { bullmq, connection, name, shown, client }: OpenQueue,
  queue: Queue,
  { onAway }: WatchOptions,
): Promise<JobWatch> {
  const waiting = new Map<string, Waiting>()
  const events = new bullmq.QueueEvents(name, { connection })
  let isAway = false
  events.on('error', (error) => {
    debug('%s: %s', shown, error)
    if (!isErrno(error)) return
    if (!isAway) onAway(unreachable(shown, error))
    isAway = true
  })
  const end = (jobId: string, how: JobEnd): void => {
    waiting.get(jobId)?.end(how)
    waiting.delete(jobId)
  }
  events.on('completed', ({ jobId, returnvalue }) =>
    end(jobId, { state: 'completed', result: parseJson(returnvalue) }),
  )
  events.on('failed', ({ jobId, failedReason }) =>
    end(jobId, { state: 'failed', reason: failedReason }),
  )
  events.on('progress', ({ jobId, data }) => {
    const progress = parseProgress(data)
    if (progress !== undefined) waiting.get(jobId)?.onProgress(progress)
  })
  const check = (): void => {
    void checkAll([...waiting.keys()], queue, end).catch((error: unknown) =>
      debug('the jobs were not checked: %s', error),
    )
  }
  // Events of the time without a connection may be lost.
  client.on('ready', () => {
    isAway = false
    check()
  })
  const timer = setInterval(check, CHECK_MS)
  await events.waitUntilReady()
  return {
    async whenEnded(jobId, onProgress) {
      const ended = new Promise<JobEnd>((resolve) =>
        waiting.set(jobId, { end: resolve, onProgress }),
      )
      // It may have ended before anybody waited for it.
      void stateOf(queue, jobId).then(
        (state) => state !== undefined && end(jobId, state),
        () => {},
      )
      return ended
    },
    async close() {
      clearInterval(timer)
      await events.close().catch(() => {})
    },
  }
}

async function checkAll(
  ids: readonly string[],
  queue: Queue,
  end: (jobId: string, how: JobEnd) => void,
): Promise<void> {
  for (let from = 0; from < ids.length; from += CHECKED_AT_ONCE) {
    await Promise.all(
      ids.slice(from, from + CHECKED_AT_ONCE).map(async (id) => {
        const state = await stateOf(queue, id)
        if (state !== undefined) end(id, state)
      }),
    )
  }
}

/** Returns how a job ended; `undefined` if it has not. */
export async function stateOf(queue: Queue, jobId: string): Promise<JobEnd | undefined> {
  const job = await queue.getJob(jobId)
  if (job === undefined) return { state: 'gone' }
  if (job.finishedOn === undefined) return undefined
  const { failedReason } = job
  return failedReason === undefined || failedReason === ''
    ? { state: 'completed', result: job.returnvalue }
    : { state: 'failed', reason: failedReason }
}

/** An event has the result as JSON. */
function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

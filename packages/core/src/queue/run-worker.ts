import { once } from 'node:events'
import type { Job as BullJob, Worker } from 'bullmq'
import { createDebug } from '../debug.ts'
import { isErrno, LimnError } from '../errors.ts'
import { recoverFromFallback } from '../store/journal-fallback.ts'
import { doJob } from './do-job.ts'
import { formatFailure } from './job-failure.ts'
import { type JobProgress, parseJob, toResultData } from './job.ts'
import { fetchLeftovers, storeLeftovers } from './leftovers.ts'
import { type OpenQueue, unreachable } from './open-queue.ts'
import { type OpenWorker, openWorker, type WorkerOptions } from './open-worker.ts'
import { SIGN_MS } from './order-record.ts'
import { withPatience } from './patient-store.ts'
import { CannotWork, NotNow } from './pay-for-job.ts'
import type { OnWorkerEvent } from './worker-events.ts'
import type { WorkerParts } from './worker-parts.ts'

const debug = createDebug('queue')

/** How long the lock of a job holds after its last renewal, ms. Then another worker takes it. */
const LOCK_MS = 6000
/** Interval at which workers look for jobs whose worker died, ms. */
const STALLED_MS = 3000
/**
 * How often a job may lose its worker. It never pays twice, so that this only ends a job that kills
 * its workers.
 */
const MAX_STALLED = 10
/** How long a returned job waits before a worker takes it again, ms. */
const RETURN_MS = 1000

/**
 * Does the jobs of a queue until `signal` fires.
 *
 * @throws LimnError if the worker cannot start, or cannot work any more: its key is rejected, or it
 *   has spent what it may
 */
export async function runWorker(queue: OpenQueue, options: WorkerOptions): Promise<void> {
  const { onEvent, store, quit } = options
  const leaving = new AbortController()
  const signal = AbortSignal.any([leaving.signal, options.signal ?? []].flat())
  const opened = await openWorker(queue, { ...options, signal })
  let reason: LimnError | undefined
  const leave = (error: LimnError): void => {
    reason ??= error
    leaving.abort()
  }
  const stopSigning = await startSigning(opened.parts)
  try {
    await storeEarlier(opened.parts, onEvent)
    const worker = startBullWorker(queue, opened, { onEvent, leave })
    onEvent({ type: 'worker-ready', queue: queue.shown, store: store.name, jobs: opened.jobs })
    await aborted(signal)
    const closing = worker.close()
    await (quit === undefined ? closing : Promise.race([closing, aborted(quit)]))
    if (quit?.aborted === true) await worker.close(true)
  } finally {
    stopSigning()
    await opened.close()
  }
  if (reason !== undefined) throw reason
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** Shows that the worker is alive, until the returned function is called. */
async function startSigning({ records, worker }: WorkerParts): Promise<() => void> {
  await records.sign(worker)
  const timer = setInterval(() => {
    records.sign(worker).catch((error: unknown) => debug('no sign of life: %s', error))
  }, SIGN_MS)
  return () => clearInterval(timer)
}

/** Stores what an earlier worker in this folder received. */
async function storeEarlier(parts: WorkerParts, onEvent: OnWorkerEvent): Promise<void> {
  const { paths, store, clock, signals } = parts
  const { stop: signal } = signals
  await recoverFromFallback(paths)
  await fetchLeftovers(parts)
  const pictures = await withPatience(() => storeLeftovers(paths.journal, { store, signal }), {
    clock,
    signal,
    onEvent,
  })
  if (pictures > 0) onEvent({ type: 'leftovers-stored', pictures })
}

function startBullWorker(
  { bullmq, client, connection, name, shown }: OpenQueue,
  { parts, jobs }: OpenWorker,
  { onEvent, leave }: { onEvent: OnWorkerEvent; leave: (error: LimnError) => void },
): Worker {
  const underWay = new Map<string, Promise<object>>()
  const worker = new bullmq.Worker(
    name,
    async (job, token) => {
      const id = job.id ?? ''
      // A job that this worker seemed to have lost comes back to it: it is still under way.
      const doing = underWay.get(id) ?? processJob(job, parts, onEvent)
      underWay.set(id, doing)
      try {
        return await doing
      } catch (error) {
        if (error instanceof CannotWork) leave(error.error)
        if (error instanceof NotNow || isStop(error, parts)) {
          await job.moveToDelayed(Date.now() + RETURN_MS, token)
          throw new bullmq.DelayedError()
        }
        throw new bullmq.UnrecoverableError(formatFailure(error))
      } finally {
        underWay.delete(id)
      }
    },
    {
      connection,
      concurrency: jobs,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      maxStalledCount: MAX_STALLED,
    },
  )
  let isAway = false
  client.on('ready', () => (isAway = false))
  worker.on('error', (error) => {
    debug('%s: %s', shown, error)
    if (!isErrno(error)) return
    if (!isAway) onEvent({ type: 'queue-failed', error: unreachable(shown, error) })
    isAway = true
  })
  return worker
}

/** Whether a job ended because the worker stops. */
function isStop(error: unknown, { signals: { stop } }: WorkerParts): boolean {
  return stop?.aborted === true && error instanceof LimnError && error.code === 'aborted'
}

/** Does one job, and reports it. @returns the result as the queue contains it */
async function processJob(
  bullJob: BullJob,
  parts: WorkerParts,
  onEvent: OnWorkerEvent,
): Promise<object> {
  const job = parseJob(bullJob.data, bullJob.id)
  if (job === undefined) {
    const error = notAJob()
    onEvent({ type: 'job-failed', asset: undefined, error })
    throw error
  }
  const { asset } = job
  const report = (progress: JobProgress): Promise<void> => bullJob.updateProgress(progress)
  const forward: OnWorkerEvent = (event) => {
    onEvent(event)
    const progress = progressOf(event)
    if (progress !== undefined) void report(progress).catch(() => {})
  }
  try {
    const result = await doJob(job, { ...parts, onEvent: forward }, async () => {
      onEvent({ type: 'job-started', asset })
      await report({ type: 'started' })
    })
    const { usd, isFound, files, ms } = result
    onEvent({ type: 'job-done', asset, usd, isFound, files: files.length, ms })
    return toResultData(result)
  } catch (error) {
    if (error instanceof CannotWork) {
      const told = { attempt: 1, ms: RETURN_MS, error: formatFailure(error.error) }
      await report({ type: 'retrying', ...told }).catch(() => {})
    }
    const isReturned = error instanceof NotNow || isStop(error, parts)
    onEvent(isReturned ? { type: 'job-returned', asset } : { type: 'job-failed', asset, error })
    throw error
  }
}

/** Returns what the coordinator learns of an event. */
function progressOf(event: Parameters<OnWorkerEvent>[0]): JobProgress | undefined {
  if (event.type === 'limited') {
    const { ms, limit } = event
    return { type: 'limited', ms, limit }
  }
  if (event.type !== 'retrying') return undefined
  const { attempt, ms, error } = event
  return { type: 'retrying', attempt, ms, error: formatFailure(error) }
}

function notAJob(): LimnError {
  return new LimnError(
    'queue/failed',
    'The queue contains a job that this version of Limn does not understand.',
    { hint: 'Use the same version of Limn for the coordinator and the workers.' },
  )
}

import { once } from 'node:events'
import type { Queue } from 'bullmq'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { abortedError, type Clock } from '../limits/clock.ts'
import type { FindOptions } from '../remote/find-answer.ts'
import type { RemoteStore } from '../remote/remote-store.ts'
import type { Order, OrderedAnswer, OrderListeners, Orders } from '../run/orders.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { fetchFiles } from './fetch-files.ts'
import { findByDigest } from './find-stored.ts'
import { parseFailure } from './job-failure.ts'
import { type JobEnd, type JobWatch, stateOf, watchJobs } from './job-watch.ts'
import {
  type Job,
  type JobInput,
  jobIdOf,
  type JobProgress,
  parseResult,
  toJobData,
} from './job.ts'
import type { OpenQueue } from './open-queue.ts'
import { createOrderRecords, type OrderRecords } from './order-record.ts'
import { isAway, withPatience } from './patient-store.ts'
import { storeInputs } from './store-inputs.ts'

/** Jobs that a coordinator has in the queue at the same time. */
const MAX_OPEN = 1000
/** How long results and failures that nobody collects are kept, s. */
const KEPT_S = 7 * 24 * 60 * 60
/** Interval at which the coordinator looks for workers, ms. */
const WORKERS_MS = 5000

type PlaceOptions = {
  paths: ProjectPaths
  store: RemoteStore
  clock: Clock
  onEvent: OnEvent
  /** Places no more orders, takes back those that no worker has begun, and waits for the others. */
  signal?: AbortSignal | undefined
  /** Does not wait for them either. */
  quit?: AbortSignal | undefined
}

type Placing = PlaceOptions & {
  queue: Queue
  watch: JobWatch
  records: OrderRecords
  find: FindOptions
}

/** Has requests sent by the workers of a queue. `close` closes the queue too. */
export async function placeOrders(link: OpenQueue, options: PlaceOptions): Promise<Orders> {
  const { store, onEvent, quit } = options
  const { bullmq, connection, name } = link
  const queue = new bullmq.Queue(name, { connection })
  // Each connection reports when it breaks; one report is enough.
  queue.on('error', () => {})
  const watch = await watchJobs(link, queue, {
    onAway: (error) => onEvent({ type: 'queue-failed', error }),
  })
  const onDamaged = (key: string): void =>
    onEvent({ type: 'remote-damaged', store: store.name, key })
  const records = createOrderRecords(link)
  const placing = { ...options, queue, watch, records, find: { store, onDamaged, signal: quit } }
  const stopLooking = lookForWorkers(queue, link.shown, onEvent)
  const open = new Map<string, Promise<OrderedAnswer>>()
  return {
    maxOpen: MAX_OPEN,
    async place(order, listeners) {
      const job = toJob(order)
      const id = jobIdOf(job)
      const other = open.get(id)
      // Two assets with the same request share its job, and it is paid for once.
      if (other !== undefined) {
        return { ...(await other), usd: 0, isFound: true, end: async () => {} }
      }
      const answer = placeOne(order, listeners, placing)
      open.set(id, answer)
      return answer.finally(() => open.delete(id))
    },
    async close() {
      stopLooking()
      await watch.close()
      await queue.close().catch(() => {})
      link.client.disconnect()
    },
  }
}

/** Reports when no worker is connected, once each time. */
function lookForWorkers(queue: Queue, shown: string, onEvent: OnEvent): () => void {
  let isReported = false
  const look = async (): Promise<void> => {
    const isIdle = (await queue.getWorkersCount()) === 0
    if (isIdle && !isReported) onEvent({ type: 'queue-idle', queue: shown })
    isReported = isIdle
  }
  const lookQuietly = (): void => void look().catch(() => {})
  const timer = setInterval(lookQuietly, WORKERS_MS)
  return () => clearInterval(timer)
}

function toJob({ asset, request, images, usd, replaces, outputs }: Order): Job {
  return {
    asset,
    request,
    inputs: [],
    images,
    usd,
    replaces: replaces ?? null,
    outputs: [...outputs],
  }
}

/** Places an order, unless its job is in the queue, and collects its pictures. */
async function placeOne(
  order: Order,
  listeners: OrderListeners,
  placing: Placing,
): Promise<OrderedAnswer> {
  const id = jobIdOf(toJob(order))
  const inputs = createInputs(order, placing)
  for (let missing = 0; ;) {
    if (placing.signal?.aborted === true) throw abortedError(placing.signal.reason)
    await addJob(id, { order, inputs, listeners }, placing)
    const end = await whenEnded(id, listeners, placing)
    if (end.state === 'failed') throw parseFailure(end.reason)
    const answer = end.state === 'completed' ? await collect(order, end.result, placing) : undefined
    if (answer !== undefined) return { ...answer, end: () => endOrder(id, placing) }
    // The server lost the job, or the store its pictures: it is placed again, and a worker looks
    // the pictures up before it pays.
    if (end.state === 'completed' && ++missing === 2) throw notStored(placing.store)
    await removeJob(id, placing)
  }
}

/** Returns what stores the inputs of an order, the first time, and then takes them from it. */
function createInputs(
  order: Order,
  { store, clock, signal, onEvent }: Placing,
): () => Promise<JobInput[]> {
  let stored: JobInput[] | undefined
  return async () => {
    stored ??= await withPatience(() => storeInputs(order, store, { signal }), {
      clock,
      signal,
      onEvent,
      isPassing: isAway,
    })
    order.inputs.length = 0
    return stored
  }
}

/** Adds a job to the queue, unless a coordinator added it before. */
async function addJob(
  id: string,
  {
    order,
    inputs,
    listeners: { beforePlaced },
  }: { order: Order; inputs: () => Promise<JobInput[]>; listeners: OrderListeners },
  { queue, records }: Placing,
): Promise<void> {
  const existing = await stateOf(queue, id)
  if (existing === undefined || existing.state === 'completed') return
  if (existing.state === 'failed') {
    // To run the command again is to ask for it again.
    await (await queue.getJob(id))?.remove()
    await records.forgetSent(id)
  }
  const job = { ...toJob(order), inputs: await inputs() }
  await beforePlaced()
  await queue.add('picture', toJobData(job), {
    jobId: id,
    removeOnComplete: { age: KEPT_S },
    removeOnFail: { age: KEPT_S },
  })
}

/** Waits until a job ends. When the run stops, a job that no worker has begun is taken back. */
async function whenEnded(
  id: string,
  { onStarted, onRetry, onLimit }: OrderListeners,
  { queue, watch, signal, quit }: Placing,
): Promise<JobEnd> {
  const onProgress = (progress: JobProgress): void => {
    if (progress.type === 'started') onStarted()
    else if (progress.type === 'limited') onLimit(progress)
    else onRetry({ ...progress, error: parseFailure(progress.error) })
  }
  const ended = watch.whenEnded(id, onProgress)
  const done = new AbortController()
  const takeBack = async (): Promise<never> => {
    await whenAborted(signal, done.signal)
    const job = await queue.getJob(id)
    const isBegun = await job?.remove().then(
      () => false,
      () => true,
    )
    if (isBegun === true) await whenAborted(quit, done.signal)
    throw abortedError(signal?.reason)
  }
  try {
    return await Promise.race([ended, takeBack()])
  } finally {
    done.abort()
  }
}

/** Waits until a signal fires. Never resolves if `done` fires first. */
async function whenAborted(signal: AbortSignal | undefined, done: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return
  if (signal === undefined) await new Promise<never>(() => {})
  else {
    await once(signal, 'abort', { signal: done }).catch(() => new Promise<never>(() => {}))
  }
}

/** Reads the pictures of a job from the store; `undefined` if it does not have them. */
async function collect(
  { request, outputs }: Order,
  data: unknown,
  { find, paths, clock, quit, onEvent }: Placing,
): Promise<Omit<OrderedAnswer, 'end'> | undefined> {
  const result = parseResult(data)
  if (result === undefined) return undefined
  const { master, usd, isFound, ms, files } = result
  const answer = await withPatience(() => findByDigest(request, master, find), {
    clock,
    signal: quit,
    onEvent,
    isPassing: isAway,
  })
  if (answer === undefined) return undefined
  await fetchFiles(answer.pictures[0]!, { outputs, files }, { ...find, paths })
  return { ...answer, usd, isFound, ms }
}

/** Removes the job of an order and its record: from now on, the lockfile knows the picture. */
async function endOrder(id: string, placing: Placing): Promise<void> {
  await removeJob(id, placing)
  await placing.records.remove(id).catch(() => {})
}

async function removeJob(id: string, { queue }: Placing): Promise<void> {
  // A job that stays is removed once it is old.
  await queue.remove(id).catch(() => {})
}

function notStored({ name }: RemoteStore): LimnError {
  return new LimnError(
    'queue/failed',
    `A worker stored the picture, but the remote store ${name} does not have it.`,
    { hint: 'Let coordinator and workers use the same remote store.' },
  )
}

import { pictureDigest } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import { ProviderError } from '../providers/provider.ts'
import { findAnswer, type FoundAnswer } from '../remote/find-answer.ts'
import { deriveFiles } from './derive-files.ts'
import { findByDigest, readStored } from './find-stored.ts'
import { type Job, type JobInput, jobIdOf, type JobResult, type StoredBytes } from './job.ts'
import type { OrderRecord } from './order-record.ts'
import { isAway, withPatience } from './patient-store.ts'
import { NotNow, type Paid, payForJob } from './pay-for-job.ts'
import { findOptionsOf, type WorkerParts } from './worker-parts.ts'

/**
 * Does a job: pays for its pictures unless the store has them, and derives its files into the
 * store.
 *
 * @param onStarted called right before the request is sent
 * @throws NotNow; ProviderError; LimnError
 */
export async function doJob(
  job: Job,
  parts: WorkerParts,
  onStarted: () => Promise<void>,
): Promise<JobResult> {
  const started = performance.now()
  const record = await parts.records.open(jobIdOf(job))
  const paid =
    (await findPaid(job, record, parts)) ?? (await pay(job, record, { parts, onStarted }))
  const ms = performance.now() - started
  const [first] = paid.pictures
  const { store, signals, queues } = parts
  const files = await deriveFiles({ bytes: first!, decoded: paid.master }, job.outputs, {
    store,
    signal: signals.quit,
    inTurn: (work) => queues.processors.add(work),
  })
  const { usd, isFound } = paid
  return { master: pictureDigest(first!), usd, isFound, ms, files }
}

/**
 * Finds the pictures of a job in the store. If a worker sent the request of this very order, and
 * died before it could say so, the order has paid for them.
 */
async function findPaid(
  { request, replaces, images }: Job,
  { sentBy, stored }: OrderRecord,
  parts: WorkerParts,
): Promise<Paid | undefined> {
  const options = findOptionsOf(parts)
  const find = async (): Promise<FoundAnswer | undefined> => {
    if (stored !== undefined) return findByDigest(request, stored, options)
    return replaces === null ? findAnswer(request, undefined, options) : undefined
  }
  const found = await patiently(find, parts)
  if (found === undefined) return undefined
  const pictures = found.pictures.slice(0, images)
  return sentBy === undefined
    ? { ...found, pictures, usd: 0, isFound: true }
    : { ...found, pictures, usd: found.made.usd ?? null, isFound: false }
}

/** Reads from the store. Waits while it cannot be reached: its answer decides whether to pay. */
function patiently<T>(work: () => Promise<T>, parts: WorkerParts): Promise<T> {
  const { clock, signals, onEvent } = parts
  return withPatience(work, { clock, signal: signals.stop, onEvent, isPassing: isAway })
}

/** Pays for the pictures of a job, unless another worker may have done so. */
async function pay(
  job: Job,
  { idempotencyKey, sentBy }: OrderRecord,
  { parts, onStarted }: { parts: WorkerParts; onStarted: () => Promise<void> },
): Promise<Paid> {
  const { records, worker, canRepeat, signals } = parts
  if (signals.stop?.aborted === true) throw new NotNow()
  const isTakenOver = sentBy !== undefined && sentBy !== worker
  if (isTakenOver) {
    if (await records.isAlive(sentBy)) throw new NotNow()
    if (!canRepeat) throw mayBePaid(job)
  }
  const inputs = await Promise.all(job.inputs.map((input) => readInput(input, parts)))
  const takenOverFrom = isTakenOver ? sentBy : undefined
  const paid = await payForJob(job, { idempotencyKey, inputs, takenOverFrom, onStarted }, parts)
  return { ...paid, pictures: paid.pictures.slice(0, job.images) }
}

/** Reads an input picture from the store. */
async function readInput(input: JobInput, parts: WorkerParts): Promise<InputPicture> {
  const read = async (stored: StoredBytes): Promise<Uint8Array> => {
    const bytes = await patiently(() => readStored(stored, findOptionsOf(parts)), parts)
    if (bytes !== undefined) return bytes
    throw new LimnError(
      'queue/failed',
      `The remote store ${parts.store.name} does not have an input picture of the job.`,
      { hint: 'Let coordinator and workers use the same remote store.' },
    )
  }
  const { role, format } = input
  const bytes = await read(input)
  if (input.masks.length === 0) return { role, bytes, format }
  const masks = await Promise.all(
    input.masks.map(async ({ polarity, picture }) => [polarity, await read(picture)] as const),
  )
  return { role, bytes, format, masks: Object.fromEntries(masks) }
}

function mayBePaid({ asset }: Job): LimnError {
  return new ProviderError(
    'queue/failed',
    `A worker died after it had sent the request for ${asset}. The request may have been billed.`,
    {
      isUncertain: true,
      hint: 'Start that worker again in the same folder: it stores what it received. Else run the command again to request the picture again.',
    },
  )
}

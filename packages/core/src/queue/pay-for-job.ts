import { type ErrorCode, LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { formatUsd, USD_TOLERANCE } from '../models/cost.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import type { Master } from '../pictures/read-master.ts'
import { priceOfAsset } from '../plan/price.ts'
import { mayBeBilled, ProviderError } from '../providers/provider.ts'
import { type Claims, createClaims } from '../remote/claims.ts'
import { findAnswer, type FoundAnswer } from '../remote/find-answer.ts'
import { isRemoteError } from '../remote/remote-errors.ts'
import { pictureToUpload, storeAnswer } from '../remote/store-answer.ts'
import { decodeReceived } from '../run/decode-received.ts'
import { keepResponse } from '../run/keep-response.ts'
import { createLinkJournal } from '../run/link-journal.ts'
import { queueDecoding } from '../run/queues.ts'
import { type PictureOrder, requestPictures } from '../run/request-pictures.ts'
import { removeJournalEntry } from '../store/journal.ts'
import { type Job, jobIdOf } from './job.ts'
import { assetOf } from './ordered-asset.ts'
import { withPatience } from './patient-store.ts'
import { findOptionsOf, type WorkerParts } from './worker-parts.ts'

/** Thrown to return a job to the queue: another process sends its request, or this one stops. */
export class NotNow extends Error {}

/**
 * Thrown to return a job because of a failure that only concerns this worker, such as its key: the
 * others may do the job.
 */
export class CannotWork extends NotNow {
  /** Why. */
  readonly error: LimnError

  constructor(error: LimnError) {
    super(error.message)
    this.error = error
  }
}

/** Failures of the account, the environment or the budget of a worker. */
const OWN_FAILURES: readonly ErrorCode[] = [
  'budget/exceeded',
  'provider/auth',
  'provider/quota',
  'provider/no-key',
  'provider/no-consent',
  'config/not-found',
  'config/not-trusted',
  'config/invalid',
]

/** The pictures of a job, and what they cost it, USD. */
export type Paid = FoundAnswer & {
  usd: number | null
  isFound: boolean
  /** The first picture, if it was decoded already. */
  master?: Master
}

/** What a worker needs beyond the job to send its request. */
export type JobOrder = {
  idempotencyKey: string
  inputs: readonly InputPicture[]
  /** The worker that sent it before, and died. */
  takenOverFrom: string | undefined
  /** Called right before the request is sent. */
  onStarted: () => Promise<void>
}

type Received = Omit<Paid, 'isFound'> & { keys: string[] }

/**
 * Requests the pictures of a job: claim → request → journal → store.
 *
 * @throws NotNow if another run is sending the request; ProviderError; LimnError
 */
export async function payForJob(job: Job, order: JobOrder, parts: WorkerParts): Promise<Paid> {
  const { store, clock, signals } = parts
  requireAgreedPrice(job, parts)
  const requestHash = hashRequest(job.request)
  const claims = createClaims({ store, clock, owner: order.idempotencyKey })
  if (!(await take(claims, requestHash, parts))) throw new NotNow()
  let isStored = false
  try {
    // Another run may have paid before it released its claim.
    const found = job.replaces === null ? await findNow(job, parts) : undefined
    if (found !== undefined) return { ...found, usd: 0, isFound: true }
    const received = await decode(job, await request(job, order, parts), parts)
    await storeReceived(job, received, parts)
    isStored = true
    return { ...received, isFound: false }
  } finally {
    await claims.release(requestHash, isStored, { signal: signals.quit }).catch(() => {})
  }
}

/** Takes the claim on a request. Where the worker may not write claims, it works without them. */
async function take(claims: Claims, requestHash: string, parts: WorkerParts): Promise<boolean> {
  const { clock, signals, onEvent } = parts
  try {
    return await withPatience(() => claims.take(requestHash, { signal: signals.stop }), {
      clock,
      signal: signals.stop,
      onEvent,
    })
  } catch (error) {
    if (isRemoteError(error)) return true
    throw error
  }
}

function findNow({ request: asked }: Job, parts: WorkerParts): Promise<FoundAnswer | undefined> {
  const { clock, signals, onEvent } = parts
  return withPatience(() => findAnswer(asked, undefined, findOptionsOf(parts)), {
    clock,
    signal: signals.stop,
    onEvent,
  })
}

/** @throws LimnError `budget/exceeded` if a worker's price is above what the coordinator agreed to */
function requireAgreedPrice(job: Job, { manifest }: WorkerParts): void {
  const usd = priceOfAsset(assetOf(job), manifest.models)
  if (job.usd === null || usd === null || usd <= job.usd + USD_TOLERANCE) return
  throw new LimnError(
    'budget/exceeded',
    `${job.asset} may cost ${formatUsd(usd)} by the prices of the worker, but only ${formatUsd(job.usd)} was confirmed.`,
    {
      hint: 'Use the same version of Limn and of the manifest for the coordinator and the workers.',
    },
  )
}

/** Requests the pictures of a job into the journal of the worker. */
async function request(job: Job, order: JobOrder, parts: WorkerParts): Promise<Received> {
  const { paths, manifest, access, journal, records, sending, signals, onEvent } = parts
  const { asset, request: asked } = job
  const { idempotencyKey, takenOverFrom, onStarted } = order
  const links = createLinkJournal(paths.journal, { asset, request: asked })
  const pictureOrder = toPictureOrder(job, order, { parts, onLinks: links.keep })
  const received: Received = { pictures: [], keys: [], made: { provider: '', at: '' }, usd: 0 }
  sending.set(idempotencyKey, { jobId: jobIdOf(job), takenOverFrom, onStarted })
  try {
    const options = { manifest, access, partials: undefined, signals, onEvent }
    for await (const answer of requestPictures(pictureOrder, options)) {
      received.made = answer.made
      received.usd = answer.made.usd ?? null
      received.pictures.push(...answer.pictures)
      const receipt = { asset, request: asked, made: answer.made }
      received.keys.push(...(await journal.keep(answer.pictures, receipt)))
      await links.settle(answer.missingLinks)
      void answer.recordOutcome()
    }
    return received
  } catch (error) {
    if (error instanceof ProviderError && error.link === undefined) await links.settle([])
    // What was received is paid for, whatever came after it.
    if (received.pictures.length > 0) return received
    if (!isUnbilled(error, parts)) throw error
    await records.forgetSent(jobIdOf(job))
    throw isOwnFailure(error) ? new CannotWork(error) : error
  } finally {
    sending.delete(idempotencyKey)
  }
}

/** Whether a failure only concerns this worker: others may have another key, budget or disk. */
function isOwnFailure(error: unknown): error is LimnError {
  return (
    error instanceof LimnError &&
    (OWN_FAILURES.includes(error.code) || error.code.startsWith('store/'))
  )
}

/** Whether a request of this worker surely cost nothing. */
function isUnbilled(error: unknown, { signals: { quit } }: WorkerParts): boolean {
  if (error instanceof NotNow || quit?.aborted === true) return false
  return !(error instanceof ProviderError && mayBeBilled(error))
}

/**
 * Decodes the first picture that is complete.
 *
 * @throws ProviderError `provider/bad-answer` if none is
 */
async function decode(
  { asset, request: asked }: Job,
  received: Received,
  { paths, queues, signals: { quit } }: WorkerParts,
): Promise<Received> {
  const { keys, pictures } = received
  // The disk refused them. They are in memory, and the store may still take them.
  if (keys.length === 0) return received
  const entries = { asset, request: asked, folder: paths.journal, keys, digest: null }
  try {
    const { master, keys: usable } = await queueDecoding(queues, quit, () =>
      decodeReceived(entries, quit),
    )
    const unusable = keys.length - usable.length
    return { ...received, master, pictures: pictures.slice(unusable), keys: usable }
  } catch (error) {
    if (!(error instanceof LimnError && error.code === 'provider/bad-answer')) throw error
    const hint = `The worker keeps what it received in ${paths.state}/rejected.`
    throw new ProviderError(error.code, error.message, { hint, cause: error })
  }
}

function toPictureOrder(
  job: Job,
  { idempotencyKey, inputs }: JobOrder,
  {
    parts: { paths, journal, manifest },
    onLinks,
  }: {
    parts: WorkerParts
    onLinks: (links: readonly string[], made: MasterRecord) => Promise<void>
  },
): PictureOrder {
  const { request: asked, images } = job
  const asset = assetOf(job)
  return {
    asset,
    request: asked,
    inputs,
    images,
    usd: priceOfAsset(asset, manifest.models),
    gate: { startedAt: undefined, open: () => journal.whenReady(), close: () => {} },
    idempotencyKey,
    onLinks,
    keepResponse: (error) => keepResponse(error, { asset: job.asset, request: asked, paths }),
  }
}

/** Stores what was received, and then removes it from the journal of the worker. */
async function storeReceived(
  job: Job,
  { pictures, made, keys }: Received,
  parts: WorkerParts,
): Promise<void> {
  const { store, clock, signals, records, paths, onEvent } = parts
  const described = pictures.map(pictureToUpload)
  const answer = { request: job.request, made, pictures: described }
  await withPatience(() => storeAnswer(answer, { store, signal: signals.quit }), {
    clock,
    signal: signals.stop,
    onEvent,
  })
  await records.markStored(jobIdOf(job), described[0]!.sha256)
  for (const key of keys) await removeJournalEntry(paths.journal, key).catch(() => {})
}

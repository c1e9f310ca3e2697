import { join } from 'node:path'
import { createDebug } from '../debug.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { RequestEntry } from '../history/entry.ts'
import type { History } from '../history/history-file.ts'
import { hashRequest } from '../identity/request.ts'
import type { Clock } from '../limits/clock.ts'
import type { Lock, LockEntry, MasterRecord } from '../lock/lock.ts'
import type { Asset, Manifest } from '../manifest/manifest.ts'
import { actualUsd } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import type { BatchAnswer, BatchClient } from '../providers/openai/batch-client.ts'
import type { BatchState } from '../providers/openai/batch-state.ts'
import { explainUnanswered } from '../providers/openai/explain-unanswered.ts'
import { mayBeBilled, type ProviderAnswer, ProviderError } from '../providers/provider.ts'
import {
  type BatchLine,
  type BatchRecord,
  removeBatchRecord,
  readBatchRecords,
  writeBatchRecord,
} from '../store/batch-records.ts'
import { saveCandidates } from '../store/candidates.ts'
import { writeJournalEntry } from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { createFailureReporter } from './failures.ts'
import { batchEntry } from './run-history.ts'

const debug = createDebug('request')

type CollectOptions = {
  paths: ProjectPaths
  lock: Lock
  manifest: Manifest
  /** Returns the Batch API that a batch was sent to. @throws LimnError if it cannot be reached */
  clientOf: (record: BatchRecord) => Promise<BatchClient>
  history: History
  clock: Clock
  onEvent: OnEvent
  signal?: AbortSignal | undefined
}

/** A request that returned no picture. `request` is its hash. */
export type BatchFailure = { asset: string; request: string; error: unknown }

/** A batch that is finished on the server. */
type FinishedBatch = { record: BatchRecord; state: BatchState; client: BatchClient }
/** A request of a batch. `index` is its position, from 0. */
type IndexedLine = { line: BatchLine; index: number }
type RecordedLine = { record: BatchRecord; line: BatchLine }

/**
 * Reads the status of every batch that was sent, and writes the pictures of the finished ones to
 * the journal. A batch whose status cannot be read is reported, and stays open.
 *
 * @returns the requests that returned no picture
 * @throws LimnError `store/…` if the disk fails, `aborted`; pictures that are not in the journal
 *   are collected again then
 */
export async function collectBatches(options: CollectOptions): Promise<BatchFailure[]> {
  const { paths, onEvent, signal } = options
  const failures: BatchFailure[] = []
  for (const record of readBatchRecords(paths.batches)) {
    try {
      failures.push(...(await collectBatch(record, options)))
    } catch (error) {
      if (signal?.aborted === true) {
        throw new LimnError('aborted', 'The run was stopped while it collected a batch.', {
          cause: error,
        })
      }
      if (!(error instanceof LimnError) || error.code.startsWith('store/')) throw error
      onEvent({ type: 'batch-unread', batch: record.id ?? record.uuid, error })
    }
  }
  return failures
}

async function collectBatch(record: BatchRecord, options: CollectOptions): Promise<BatchFailure[]> {
  const { paths, clientOf, onEvent } = options
  const client = await clientOf(record)
  const state = await readState(record, client, options)
  if (state === undefined) {
    await removeBatchRecord(paths.batches, record.uuid)
    onEvent({ type: 'batch-unmade', assets: record.lines.map(({ asset }) => asset) })
    return []
  }
  debug('batch %s: %s, %o', state.id, state.status, state.counts)
  if (!state.isFinished) {
    const { id, status, counts } = state
    onEvent({ type: 'batch-waiting', batch: id, status, counts, since: record.at })
    return []
  }
  const { failures, open, ...sums } = await collectAnswers({ record, state, client }, options)
  if (open.size === 0) await removeBatchRecord(paths.batches, record.uuid)
  else {
    const lines = record.lines.map((line) =>
      open.has(line.id) ? line : { ...line, isDone: true as const },
    )
    await writeBatchRecord(paths.batches, { ...record, lines })
  }
  const { id, status } = state
  onEvent({ type: 'batch-collected', batch: id, status, ...sums, failed: failures.length })
  return failures
}

/** Reads the status of a batch. @returns `undefined` if the batch was never created */
async function readState(
  record: BatchRecord,
  client: BatchClient,
  options: CollectOptions,
): Promise<BatchState | undefined> {
  if (record.id !== null) return client.read(record.id, options.signal)
  const state = await findCreated(record, client, options)
  if (state !== undefined) {
    await writeBatchRecord(options.paths.batches, { ...record, id: state.id })
  }
  return state
}

/**
 * Finds a batch whose creation was interrupted.
 *
 * @returns `undefined` if it was never created. A batch that was created a moment ago may take a
 *   moment to appear, and no clock says how long ago that was
 */
async function findCreated(
  { uuid }: BatchRecord,
  client: BatchClient,
  { clock, signal }: CollectOptions,
): Promise<BatchState | undefined> {
  const found = await client.find(uuid, signal)
  if (found !== undefined) return found
  await clock.sleep(2000, signal)
  return client.find(uuid, signal)
}

/**
 * Writes the pictures of all answers to the journal, and reports the requests without a picture.
 *
 * @returns `open` has the ids of the lines whose answer the server has, but could not be read
 */
async function collectAnswers(
  batch: FinishedBatch,
  options: CollectOptions,
): Promise<{ failures: BatchFailure[]; open: Set<string>; pictures: number; usd: number | null }> {
  const { record, state } = batch
  const open = new Set<string>()
  let completed = 0
  const failures: BatchFailure[] = []
  const sums = { pictures: 0, usd: 0 as number | null }
  const missing = new Map(
    record.lines.map((line, index): [string, IndexedLine] => [line.id, { line, index }]),
  )
  const keepOpen = (line: BatchLine, error: LimnError): void => {
    open.add(line.id)
    reportOpen({ line, error, failures }, options)
  }
  const fail = async (line: BatchLine, error: unknown): Promise<void> => {
    failures.push({ asset: line.asset, request: hashRequest(line.request), error })
    await reportFailed({ record, line }, error, options)
  }
  for await (const answered of readAnswers(batch, options)) {
    const found = missing.get(answered.id)
    if (found === undefined) continue
    missing.delete(answered.id)
    if (answered.isCompleted) completed++
    if (found.line.isDone === true) continue
    if ('error' in answered && isLinkDown(answered.error)) {
      keepOpen(found.line, answered.error)
    } else if ('error' in answered) {
      await fail(found.line, answered.error)
    } else {
      const usd = await keepAnswer(answered.answer, { record, ...found, batch: state.id }, options)
      sums.pictures += answered.answer.images.length
      sums.usd = sums.usd === null || usd === null ? null : sums.usd + usd
    }
  }
  const isAccounted = hasAllAnswers(state, { lines: record.lines.length, completed })
  for (const { line } of missing.values()) {
    if (line.isDone === true) continue
    if (isAccounted) await fail(line, explainUnanswered(state))
    else keepOpen(line, resultMissing(record, options))
  }
  return { failures, open, ...sums }
}

/**
 * Whether the files of a finished batch have every answer that the server has. A file may be
 * truncated, or be there later than the status.
 */
function hasAllAnswers(
  { status, counts }: BatchState,
  read: { lines: number; completed: number },
): boolean {
  // The server rejected the whole batch, and processed nothing.
  if (status === 'failed' && counts.completed === 0) return true
  return counts.total >= read.lines && read.completed >= counts.completed
}

function isLinkDown(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.link === 'down'
}

function resultMissing({ uuid }: BatchRecord, { paths }: CollectOptions): LimnError {
  return new LimnError(
    'batch/failed',
    'The results of the batch lack the answer to this request, although the server may have it.',
    {
      hint: `Run the command again later: Limn reads the results again. To give up on them, delete ${join(paths.batches, `${uuid}.json`)}.`,
    },
  )
}

/** Reports a request whose answer is still expected, which the history counts already. */
function reportOpen(
  { line, error, failures }: { line: BatchLine; error: LimnError; failures: BatchFailure[] },
  { manifest, onEvent }: CollectOptions,
): void {
  failures.push({ asset: line.asset, request: hashRequest(line.request), error })
  createFailureReporter((asset) => manifest.assets.find(({ name }) => name === asset), onEvent)(
    line.asset,
    error,
  )
}

async function* readAnswers(
  { record, state, client }: FinishedBatch,
  { signal }: CollectOptions,
): AsyncGenerator<BatchAnswer, void> {
  const { model, lines } = record
  const pictures = {
    all: lines.reduce((sum, { images }) => sum + images, 0),
    each: Math.max(...lines.map(({ images }) => images)),
  }
  for (const file of state.files) yield* client.answers(file, { model, pictures, signal })
}

async function reportFailed(
  { record, line }: RecordedLine,
  error: unknown,
  options: CollectOptions,
): Promise<void> {
  const { manifest, onEvent } = options
  const findAsset = (asset: string): Asset | undefined =>
    manifest.assets.find(({ name }) => name === asset)
  createFailureReporter(findAsset, onEvent)(line.asset, error)
  const isBilled = error instanceof ProviderError && mayBeBilled(error)
  const outcome = error instanceof LimnError ? error.code : 'bug'
  const cost = isBilled ? { usd: line.usd, estimated: true as const } : { usd: 0 }
  await recordOutcome({ record, line }, { outcome, ...cost }, options)
}

/** Writes the pictures of an answer to the journal. @returns their cost, USD; `null` if unknown */
async function keepAnswer(
  answer: ProviderAnswer,
  { record, line, index, batch }: IndexedLine & { record: BatchRecord; batch: string },
  options: CollectOptions,
): Promise<number | null> {
  const { paths, lock, manifest } = options
  const { asset, request } = line
  const actual = actualUsd(findModel(request.model, manifest.models), answer.usage, { batch: true })
  const usd = actual ?? line.usd
  const estimated = actual === null && usd !== null ? { estimated: true as const } : {}
  const hash = hashRequest(request)
  const installed = installedFor(hash, lock.assets.get(asset))
  // An earlier run collected the batch, but could not remove its record.
  if (installed?.batch === batch) return usd
  // The picture was generated again with --force since: that one stays the master.
  const isLate = installed !== undefined && Date.parse(installed.at) > Date.parse(record.at)
  const made = recordOf(answer, {
    provider: record.provider,
    batch,
    ...(usd === null ? {} : { usd, ...estimated }),
  })
  for (const [number, bytes] of answer.images.entries()) {
    const extension = isLate ? await extensionOf(bytes) : undefined
    if (extension === undefined) {
      const key = keyOf(hash, { record, index, number })
      await writeJournalEntry(paths.journal, { key, bytes, receipt: { request, made } })
    } else {
      await saveCandidates(paths, { asset, requestHash: hash, pictures: [bytes], extension })
    }
  }
  await recordOutcome({ record, line }, { outcome: 'ok', usd, ...estimated }, options)
  return usd
}

/** Returns the key of a picture in the journal. It is the same however often the batch is collected. */
function keyOf(
  requestHash: string,
  { record, index, number }: { record: BatchRecord; index: number; number: number },
): string {
  const picture = String(number).padStart(2, '0')
  return `${requestHash}+${record.uuid.slice(0, 8)}-${index}-${picture}`
}

/** Returns how an asset's master was made, if it belongs to the request. */
function installedFor(requestHash: string, entry: LockEntry | undefined): MasterRecord | undefined {
  if (entry === undefined || entry.request.operation === 'source') return undefined
  return hashRequest(entry.request) === requestHash ? entry.made : undefined
}

function recordOf(
  { requestId, revisedPrompts: [revisedPrompt], usage }: ProviderAnswer,
  {
    provider,
    batch,
    ...cost
  }: Pick<MasterRecord, 'provider' | 'batch' | 'usd' | 'estimated'> & { batch: string },
): MasterRecord {
  return {
    provider,
    at: new Date().toISOString(),
    batch,
    ...(requestId === undefined ? {} : { requestId }),
    ...(revisedPrompt === undefined ? {} : { revisedPrompt }),
    ...(usage === undefined ? {} : { usage }),
    ...cost,
  }
}

/** Returns the file extension of a picture; `undefined` if it cannot be decoded. */
async function extensionOf(bytes: Uint8Array): Promise<string | undefined> {
  const { readMaster } = await import('../pictures/read-master.ts')
  return readMaster(bytes).then(
    ({ extension }) => extension,
    () => undefined,
  )
}

/** Records how a request ended. If that fails, its worst-case cost is recorded since it was sent. */
async function recordOutcome(
  { record, line }: RecordedLine,
  outcome: Pick<RequestEntry, 'outcome' | 'usd' | 'estimated'>,
  { history }: CollectOptions,
): Promise<void> {
  await history.append(batchEntry(record, line, outcome)).catch(() => {})
}

import { formatPlace } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { RequestEntry } from '../history/entry.ts'
import type { History } from '../history/history-file.ts'
import { hashRequest } from '../identity/request.ts'
import type { Clock } from '../limits/clock.ts'
import type { Lock, MasterRecord } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { actualUsd } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import type { BatchClient } from '../providers/openai/batch-client.ts'
import type { BatchState } from '../providers/openai/batch-state.ts'
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
import { entryOfLine } from './batch-entry.ts'

export type CollectOptions = {
  paths: ProjectPaths
  lock: Lock
  manifest: Manifest
  /** The Batch API that a batch was sent to. @throws LimnError where it can't be asked */
  clientOf: (record: BatchRecord) => Promise<BatchClient>
  history: History
  clock: Clock
  onEvent: OnEvent
  signal?: AbortSignal | undefined
}

/** A request, by its hash, that brought no picture. */
export type BatchFailure = { asset: string; request: string; error: unknown }

/**
 * Asks for the state of every batch that is waited for, and writes the pictures of those that are
 * done to the journal, as if they had just come. A batch that can't be asked for is told of and
 * waited for still.
 *
 * @returns the requests that brought no picture
 * @throws LimnError `store/…` where the disk refuses, `aborted`; what is not in the journal comes
 *   again then
 */
export async function collectBatches(options: CollectOptions): Promise<BatchFailure[]> {
  const { paths, onEvent, signal } = options
  const failures: BatchFailure[] = []
  for (const record of readBatchRecords(paths.batches)) {
    try {
      failures.push(...(await collectOne(record, options)))
    } catch (error) {
      if (signal?.aborted === true) {
        throw new LimnError('aborted', 'Stopped while a batch was fetched.', { cause: error })
      }
      if (!(error instanceof LimnError) || error.code.startsWith('store/')) throw error
      onEvent({ type: 'batch-unread', batch: record.id ?? record.uuid, error })
    }
  }
  return failures
}

async function collectOne(record: BatchRecord, options: CollectOptions): Promise<BatchFailure[]> {
  const { paths, manifest, clientOf, onEvent, signal } = options
  const client = await clientOf(record)
  const state =
    record.id === null
      ? await findAgain(record, client, options)
      : await client.read(record.id, signal)
  if (state === undefined) {
    await removeBatchRecord(paths.batches, record.uuid)
    onEvent({ type: 'batch-unmade', assets: record.lines.map(({ asset }) => asset) })
    return []
  }
  if (record.id === null) await writeBatchRecord(paths.batches, { ...record, id: state.id })
  if (!state.isFinished) {
    onEvent({
      type: 'batch-waiting',
      batch: state.id,
      status: state.status,
      counts: state.counts,
      since: record.at,
    })
    return []
  }
  const failures: BatchFailure[] = []
  const tally = { pictures: 0, usd: 0 as number | null }
  const missing = new Map(record.lines.map((line, index) => [line.id, { line, index }]))
  const fail = async (line: BatchLine, error: unknown): Promise<void> => {
    const isBilled = error instanceof ProviderError && mayBeBilled(error)
    const place = manifest.assets.find(({ name }) => name === line.asset)?.place
    if (error instanceof LimnError && place !== undefined) error.location ??= formatPlace(place)
    failures.push({ asset: line.asset, request: hashRequest(line.request), error })
    onEvent({ type: 'failed', asset: line.asset, error })
    await note(
      record,
      line,
      {
        outcome: error instanceof LimnError ? error.code : 'bug',
        usd: isBilled ? line.usd : 0,
        ...(isBilled ? { estimated: true } : {}),
      },
      options,
    )
  }
  const all = record.lines.reduce((sum, { images }) => sum + images, 0)
  const pictures = { all, each: Math.max(...record.lines.map(({ images }) => images)) }
  for (const file of state.files) {
    for await (const answered of client.answers(file, { model: record.model, pictures, signal })) {
      const found = missing.get(answered.id)
      if (found === undefined) continue
      missing.delete(answered.id)
      if ('error' in answered) await fail(found.line, answered.error)
      else {
        const usd = await keep(
          { record, ...found, batch: state.id, answer: answered.answer },
          options,
        )
        tally.pictures += answered.answer.images.length
        tally.usd = tally.usd === null || usd === null ? null : tally.usd + usd
      }
    }
  }
  for (const { line } of missing.values()) await fail(line, whyMissing(state))
  await removeBatchRecord(paths.batches, record.uuid)
  onEvent({
    type: 'batch-collected',
    batch: state.id,
    status: state.status,
    ...tally,
    failed: failures.length,
  })
  return failures
}

/**
 * A batch whose making was cut off; `undefined` where it was never made. What was sent a moment ago
 * may need one to appear.
 */
async function findAgain(
  { uuid, at }: BatchRecord,
  client: BatchClient,
  { clock, signal }: CollectOptions,
): Promise<BatchState | undefined> {
  const since = Date.parse(at)
  const found = await client.find(uuid, since, signal)
  if (found !== undefined || Date.now() - since > 60_000) return found
  await clock.sleep(2000, signal)
  return client.find(uuid, since, signal)
}

/** Writes the pictures of an answer to the journal. @returns what they cost, USD */
async function keep(
  {
    record,
    line,
    index,
    batch,
    answer,
  }: { record: BatchRecord; line: BatchLine; index: number; batch: string; answer: ProviderAnswer },
  options: CollectOptions,
): Promise<number | null> {
  const { paths, lock, manifest } = options
  const { asset, request } = line
  const row = findModel(request.model, manifest.models)
  const actual = actualUsd(row, answer.usage, { batch: true })
  const usd = actual ?? line.usd
  const estimated = actual === null && usd !== null ? { estimated: true as const } : {}
  const hash = hashRequest(request)
  const made = recordOf(answer, record.provider, batch, usd === null ? {} : { usd, ...estimated })
  const entry = lock.assets.get(asset)
  const standing =
    entry !== undefined &&
    entry.request.operation !== 'source' &&
    hashRequest(entry.request) === hash
      ? entry.made
      : undefined
  // Taken before, when the record could not be taken away.
  if (standing?.batch === batch) return usd
  // Asked for anew since then, as somebody forced it: that one stays, and this one is beside it.
  const isLate = standing !== undefined && Date.parse(standing.at) > Date.parse(record.at)
  for (const [number, bytes] of answer.images.entries()) {
    const extension = isLate ? await extensionOf(bytes) : undefined
    // The key is the same however often the batch is read.
    if (extension === undefined) {
      await writeJournalEntry(paths.journal, {
        key: `${hash}+${record.uuid.slice(0, 8)}-${index}-${String(number).padStart(2, '0')}`,
        bytes,
        receipt: { request, made },
      })
    } else await saveCandidates(paths, { asset, requestHash: hash, pictures: [bytes], extension })
  }
  await note(record, line, { outcome: 'ok', usd, ...estimated }, options)
  return usd
}

function recordOf(
  { requestId, revisedPrompts: [revisedPrompt], usage }: ProviderAnswer,
  provider: string,
  batch: string,
  cost: Pick<MasterRecord, 'usd' | 'estimated'>,
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

/** The ending of a picture's file; `undefined` where it is no whole picture. */
async function extensionOf(bytes: Uint8Array): Promise<string | undefined> {
  const { readMaster } = await import('../pictures/read-master.ts')
  return readMaster(bytes).then(
    ({ extension }) => extension,
    () => undefined,
  )
}

/** What can't be noted now was noted at its worst case when it was sent. */
async function note(
  record: BatchRecord,
  line: BatchLine,
  outcome: Pick<RequestEntry, 'outcome' | 'usd' | 'estimated'>,
  { history }: CollectOptions,
): Promise<void> {
  await history.append(entryOfLine(record, line, outcome)).catch(() => {})
}

/** Why a batch that is finished has no answer to a request. */
function whyMissing({ status, errors }: BatchState): LimnError {
  if (status === 'failed') {
    return new LimnError(
      'batch/failed',
      `The server did not take its batch${errors[0] === undefined ? '.' : `: ${errors[0].replace(/[.]?$/, '.')}`} Nothing was billed.`,
      { hint: 'Run the command again without --batch, or with another model.' },
    )
  }
  if (status === 'expired') {
    return new LimnError(
      'batch/expired',
      'Its batch ended before its turn came; nothing was billed for it.',
      { hint: 'Run the command again, with --batch to send it once more.' },
    )
  }
  if (status === 'cancelled') {
    return new LimnError('batch/cancelled', 'Its batch was cancelled before its turn came.', {
      hint: 'Run the command again to ask for it.',
    })
  }
  return new LimnError('batch/failed', 'Its batch came back without an answer for it.', {
    hint: 'Run the command again to ask for it.',
  })
}

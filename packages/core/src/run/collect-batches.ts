import { createDebug } from '../debug.ts'
import { LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import type { BatchClient, BatchState } from '../providers/batch-client.ts'
import {
  type BatchLine,
  type BatchRecord,
  readBatchRecords,
  removeBatchRecord,
  writeBatchRecord,
} from '../store/batch-records.ts'
import type { BatchFailure, CollectOptions } from './batch-collection.ts'
import { collectAnswers } from './collect-answers.ts'

const debug = createDebug('request')

/** Time that another machine may take from the record of a batch to the batch, ms. */
const SENDING_MS = 10 * 60_000
/** A record that is so old is no longer about to be sent: no clock is that wrong, ms. */
const MAX_CLOCK_DIFFERENCE = 24 * 60 * 60_000

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
    const requestHashes = record.lines.map(({ request }) => hashRequest(request))
    await options.onUnanswered?.({ uuid: record.uuid, requestHashes })
    onEvent({ type: 'batch-unmade', assets: record.lines.map(({ asset }) => asset) })
    return []
  }
  debug('batch %s: %s, %o', state.id, state.status, state.counts)
  if (!state.isFinished) {
    const { id, status, counts } = state
    onEvent({ type: 'batch-waiting', batch: id, status, counts, since: record.at })
    return []
  }
  const { failures, open, damaged, ...sums } = await collectAnswers(
    { record, state, client },
    options,
  )
  if (open.size === 0) await removeBatchRecord(paths.batches, record.uuid)
  else {
    const lines = record.lines.map((line) =>
      open.has(line.id) ? line : { ...line, isDone: true as const },
    )
    await writeBatchRecord(paths.batches, withDamaged({ ...record, lines }, damaged))
  }
  const isOpen = hashesOf(record.lines.filter(({ id: line }) => open.has(line)))
  const requestHashes = failures.map(({ request }) => request).filter((hash) => !isOpen.has(hash))
  if (requestHashes.length > 0) await options.onUnanswered?.({ uuid: record.uuid, requestHashes })
  const { id, status } = state
  onEvent({ type: 'batch-collected', batch: id, status, ...sums, failed: failures.length })
  return failures
}

function hashesOf(lines: readonly BatchLine[]): Set<string> {
  return new Set(lines.map(({ request }) => hashRequest(request)))
}

function withDamaged(record: BatchRecord, damaged: string | undefined): BatchRecord {
  const { damaged: _, ...others } = record
  return damaged === undefined ? others : { ...others, damaged }
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
  record: BatchRecord,
  client: BatchClient,
  { clock, signal }: CollectOptions,
): Promise<BatchState | undefined> {
  const found = await client.find(record, signal)
  if (found !== undefined) return found
  if (maySendYet(record, Date.now())) {
    throw new LimnError('batch/unclear', 'Another machine is about to send the batch.', {
      hint: 'Run the command again in 10 minutes, when the batch is sent or given up.',
    })
  }
  await clock.sleep(2000, signal)
  return client.find(record, signal)
}

/**
 * Whether another machine may still create a batch. The clocks of two machines differ: what counts
 * is how long this one has known of it.
 */
function maySendYet({ isAdopted, at, adoptedAt }: BatchRecord, now: number): boolean {
  if (isAdopted !== true) return false
  const isKnownLong = now - Date.parse(adoptedAt ?? at) >= SENDING_MS
  return !isKnownLong && now - Date.parse(at) < MAX_CLOCK_DIFFERENCE
}

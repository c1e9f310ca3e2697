import { LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import { type BatchLine, type BatchRecord, parseBatchRecord } from '../store/batch-records.ts'
import { batchKey } from './keys.ts'
import type { RemoteOptions, RemoteStore } from './remote-store.ts'

/*
 * The record of a batch is in the store before the batch is created, one object for each request: a
 * machine that plans the request finds the batch, and collects it instead of paying again. The
 * object stays when a picture has arrived, because that may not be uploaded yet.
 */

/** Largest record that is read, bytes. */
const MAX_BYTES = 4 * 1024 * 1024

/** Requests that a batch does not answer: its name, and their hashes. */
export type UnansweredRequests = { uuid: string; requestHashes: readonly string[] }

type StoreOptions = RemoteOptions & { store: RemoteStore }

/**
 * Stores the record of a batch for each of its requests.
 *
 * @param options.isOver whether nothing more is expected from the batch of a record
 * @throws LimnError `batch/unclear` if another machine is sending one of the requests in a batch;
 *   `remote/…`, `aborted`
 */
export async function shareBatch(
  record: BatchRecord,
  { isOver, ...options }: StoreOptions & { isOver: (record: BatchRecord) => Promise<boolean> },
): Promise<void> {
  const { store, ...access } = options
  for (const [requestHash, lines] of linesByRequest(record)) {
    const key = batchKey(requestHash)
    const bytes = Buffer.from(JSON.stringify({ ...record, lines }))
    if (await store.putIfAbsent(key, bytes, access)) continue
    const other = await findSharedBatch(requestHash, options)
    if (other !== undefined && other.uuid !== record.uuid && !(await isOver(other))) {
      throw beingSent()
    }
    // The request was in an earlier batch.
    await store.delete(key, access)
    await store.putIfAbsent(key, bytes, access)
  }
  for (const requestHash of linesByRequest(record).keys()) {
    const kept = await findSharedBatch(requestHash, options)
    // Another machine has replaced the same earlier record.
    if (kept !== undefined && kept.uuid !== record.uuid) throw beingSent()
  }
}

/** Returns the error of a request that another machine has sent in a batch. */
export function beingSent(): LimnError {
  return new LimnError('batch/unclear', 'Another machine sends the request in a batch.', {
    hint: 'Run the command again: it finds that batch, and waits for its pictures.',
  })
}

/**
 * Finds the batch that a request was sent in, with the lines of this request.
 *
 * @returns `undefined` if there is none, or its record is damaged
 * @throws LimnError `remote/…`, `aborted`
 */
export async function findSharedBatch(
  requestHash: string,
  { store, ...options }: StoreOptions,
): Promise<BatchRecord | undefined> {
  const bytes = await store.get(batchKey(requestHash), { maxBytes: MAX_BYTES, ...options })
  if (bytes === undefined) return undefined
  const record = parseBatchRecord(Buffer.from(bytes).toString('utf8'))
  const isSound = record?.lines.every(({ request }) => hashRequest(request) === requestHash)
  return isSound === true ? record : undefined
}

/**
 * Removes the records of requests that a batch does not answer. That of a later batch, which
 * another machine has sent meanwhile, stays.
 *
 * @throws LimnError `remote/…`, `aborted`
 */
export async function forgetBatches(
  { uuid, requestHashes }: UnansweredRequests,
  { store, ...options }: StoreOptions,
): Promise<void> {
  for (const requestHash of new Set(requestHashes)) {
    const record = await findSharedBatch(requestHash, { store, ...options })
    if (record?.uuid === uuid) await store.delete(batchKey(requestHash), options)
  }
}

function linesByRequest({ lines }: BatchRecord): Map<string, BatchLine[]> {
  const grouped = new Map<string, BatchLine[]>()
  for (const line of lines) {
    const hash = hashRequest(line.request)
    grouped.set(hash, [...(grouped.get(hash) ?? []), line])
  }
  return grouped
}

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

type StoreOptions = RemoteOptions & { store: RemoteStore }

/** Stores the record of a batch for each of its requests. @throws LimnError `remote/…`, `aborted` */
export async function shareBatch(
  record: BatchRecord,
  { store, ...options }: StoreOptions,
): Promise<void> {
  for (const [requestHash, lines] of linesByRequest(record)) {
    const key = batchKey(requestHash)
    const bytes = Buffer.from(JSON.stringify({ ...record, lines }))
    if (await store.putIfAbsent(key, bytes, options)) continue
    // The request was in an earlier batch.
    await store.delete(key, options)
    await store.putIfAbsent(key, bytes, options)
  }
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

/** Removes the records of requests that no batch answers. @throws LimnError `remote/…`, `aborted` */
export async function forgetBatches(
  requestHashes: readonly string[],
  { store, ...options }: StoreOptions,
): Promise<void> {
  for (const requestHash of requestHashes) await store.delete(batchKey(requestHash), options)
}

function linesByRequest({ lines }: BatchRecord): Map<string, BatchLine[]> {
  const grouped = new Map<string, BatchLine[]>()
  for (const line of lines) {
    const hash = hashRequest(line.request)
    grouped.set(hash, [...(grouped.get(hash) ?? []), line])
  }
  return grouped
}

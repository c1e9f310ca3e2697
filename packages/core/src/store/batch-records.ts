import { join } from 'node:path'
import { removeInside, rootOfState } from '../disk/project-files.ts'
import { listInside, maxBytes, readTextInside } from '../disk/read-inside.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isErrno, LimnError } from '../errors.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import { isAssetName, parseImageRequest } from '../lock/codec.ts'

/*
 * Limn writes and syncs the record of a batch before it creates the batch, and removes the record
 * only when every answer is in the journal. While the record exists, Limn sends none of its requests
 * again. The batch's metadata contains the record's id, so that a later run finds a batch whose
 * creation was interrupted.
 */

/** A batch that was sent, or was about to be sent. */
export type BatchRecord = {
  version: 1
  /** Name of the record, also in the batch's metadata. */
  uuid: string
  /** The server's id of the batch; `null` until the server has returned it. */
  id: string | null
  /** Name of the provider in the manifest. */
  provider: string
  /** Host that it was sent to. */
  host: string
  model: string
  /** Time when it was sent, ISO 8601 in UTC. */
  at: string
  /** The run that sent it, and that run's profile, as the history names them. */
  run: string
  profile?: string
  lines: BatchLine[]
  /** Whether another machine sent it, or was about to. */
  isAdopted?: true
  /** When this machine adopted it, by its own clock, ISO 8601 in UTC. */
  adoptedAt?: string
  /** Digest of the lines of its results that were damaged when Limn last read them. */
  damaged?: string
}

/** One request of a batch. */
export type BatchLine = {
  /** Identifies the answer; unique in the batch. */
  id: string
  /** The asset that the request is for. */
  asset: string
  request: ImageRequest
  /** Number of pictures requested. */
  images: number
  /** Worst-case cost at batch prices, USD; `null` if the price is unknown. */
  usd: number | null
  /** Whether the answer, or that there is none, is known. The record stays for the other lines. */
  isDone?: true
}

const UUID = /^[0-9a-f-]{36}$/

/** Writes or overwrites a record. @throws LimnError `store/…` */
export async function writeBatchRecord(folder: string, record: BatchRecord): Promise<void> {
  await writeFileAtomic(
    rootOfState(folder),
    join(folder, `${record.uuid}.json`),
    `${JSON.stringify(record, null, 2)}\n`,
  )
}

/** Removes a record, when nothing more is expected from its batch. */
export async function removeBatchRecord(folder: string, uuid: string): Promise<void> {
  await removeInside(rootOfState(folder), join(folder, `${uuid}.json`))
  await syncFolder(folder)
}

/**
 * Reads the records of all pending batches, the oldest first.
 *
 * @throws LimnError `store/failed` if one can't be read: ignoring it would pay for its requests
 *   twice
 */
export function readBatchRecords(folder: string): BatchRecord[] {
  const records = listRecords(folder).map((path) => readRecord(path))
  return records.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** Returns a record as a store or a file contains it; `undefined` if a part is damaged. */
export function parseBatchRecord(text: string): BatchRecord | undefined {
  try {
    const record = JSON.parse(text) as BatchRecord
    return isComplete(record) ? record : undefined
  } catch {
    return undefined
  }
}

/** Groups the times when requests were sent (ISO 8601) by request hash: one time for each asset. */
export function sentTimesByRequest(records: readonly BatchRecord[]): Map<string, string[]> {
  const timesByRequest = new Map<string, string[]>()
  for (const { at, lines } of records) {
    for (const { request, isDone } of lines) {
      if (isDone === true) continue
      const hash = hashRequest(request)
      timesByRequest.set(hash, [...(timesByRequest.get(hash) ?? []), at])
    }
  }
  return timesByRequest
}

function listRecords(folder: string): string[] {
  try {
    return listInside(rootOfState(folder), folder)
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .map((name) => join(folder, name))
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EOUTSIDE')) return []
    throw unreadable(folder, error)
  }
}

function readRecord(path: string): BatchRecord {
  try {
    const record = JSON.parse(readTextInside(rootOfState(path), path, maxBytes.data)) as BatchRecord
    if (isComplete(record)) return record
  } catch (error) {
    throw unreadable(path, error)
  }
  throw unreadable(path)
}

function isComplete({ version, lines, ...record }: BatchRecord): boolean {
  const { uuid, id, provider, host, model, at, run, profile = '', damaged = '' } = record
  const { adoptedAt = at } = record
  return (
    version === 1 &&
    [uuid, provider, host, model, at, run, profile, damaged, id ?? ''].every(isString) &&
    UUID.test(uuid) &&
    isString(adoptedAt) &&
    ![at, adoptedAt].some((time) => Number.isNaN(Date.parse(time))) &&
    lines.every(isLine)
  )
}

function isLine({ id, asset, request, images, usd }: BatchLine): boolean {
  return (
    isString(id) &&
    isAssetName(asset) &&
    parseImageRequest(request) !== undefined &&
    Number.isSafeInteger(images) &&
    images > 0 &&
    (usd === null || (Number.isFinite(usd) && usd >= 0))
  )
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

function unreadable(path: string, cause?: unknown): LimnError {
  return new LimnError(
    'store/failed',
    `${path} can't be read. It records the requests of a pending batch.`,
    {
      hint: 'Make it readable, or delete it if it is damaged: Limn then requests the pictures of that batch again.',
      cause,
    },
  )
}

import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isErrno, LimnError } from '../errors.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'

/*
 * What is asked in a batch is written down, synced, before the batch is made, and the record
 * leaves only when every answer is in the journal. While it is there nothing in it is asked
 * for again. The batch bears the record's own id, so that one whose making was cut off is
 * found again.
 */

/** A batch that was sent, or was about to be. */
export type BatchRecord = {
  version: 1
  /** Its name, which the batch bears in its metadata. */
  uuid: string
  /** The server's name for it; `null` until the server has told. */
  id: string | null
  /** Name of the provider in the manifest. */
  provider: string
  /** Host that it was sent to. */
  host: string
  model: string
  /** When it was sent, ISO 8601 in UTC. */
  at: string
  /** The run that sent it, and with what profile, as the history names them. */
  run: string
  profile?: string
  lines: BatchLine[]
}

/** One request of a batch. */
export type BatchLine = {
  /** What the answer is told by; unique in the batch. */
  id: string
  /** The asset that it was asked for. */
  asset: string
  request: ImageRequest
  /** Pictures that it asks for. */
  images: number
  /** At most, at the price of a batch; `null` where it is not known. */
  usd: number | null
}

const UUID = /^[0-9a-f-]{36}$/

/** Writes a record, or what is known of it by now. */
export async function writeBatchRecord(folder: string, record: BatchRecord): Promise<void> {
  await writeFileAtomic(join(folder, `${record.uuid}.json`), `${JSON.stringify(record, null, 2)}\n`)
}

/** Takes a record away, as nothing of it is waited for any more. */
export async function removeBatchRecord(folder: string, uuid: string): Promise<void> {
  await rm(join(folder, `${uuid}.json`), { force: true })
  await syncFolder(folder)
}

/**
 * The batches that are waited for, the oldest first.
 *
 * @throws LimnError `store/failed` where one can't be read: to go on would mean to pay twice for
 *   what it holds
 */
export function readBatchRecords(folder: string): BatchRecord[] {
  const records = listRecords(folder).map((path) => readRecord(path))
  return records.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** When requests that wait for a batch were sent, by request hash: once for each asset that asked. */
export function sentTimesByRequest(records: readonly BatchRecord[]): Map<string, string[]> {
  const timesByRequest = new Map<string, string[]>()
  for (const { at, lines } of records) {
    for (const { request } of lines) {
      const hash = hashRequest(request)
      timesByRequest.set(hash, [...(timesByRequest.get(hash) ?? []), at])
    }
  }
  return timesByRequest
}

function listRecords(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .map((name) => join(folder, name))
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw unreadable(folder, error)
  }
}

function readRecord(path: string): BatchRecord {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as BatchRecord
    const isWhole =
      record.version === 1 &&
      UUID.test(record.uuid) &&
      !Number.isNaN(Date.parse(record.at)) &&
      record.lines.every(
        ({ id, asset, request }) =>
          typeof id === 'string' &&
          typeof asset === 'string' &&
          typeof request?.prompt === 'string',
      )
    if (isWhole) return record
  } catch (error) {
    throw unreadable(path, error)
  }
  throw unreadable(path)
}

function unreadable(path: string, cause?: unknown): LimnError {
  return new LimnError('store/failed', `${path} can't be read: it says what is asked in a batch.`, {
    hint: 'Make it readable. If it is damaged, delete it: the pictures of that batch are asked for again then.',
    cause,
  })
}

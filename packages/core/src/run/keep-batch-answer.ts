import type { RequestEntry } from '../history/entry.ts'
import { hashRequest } from '../identity/request.ts'
import type { LockEntry, MasterRecord } from '../lock/lock.ts'
import { actualUsd } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import type { ProviderAnswer } from '../providers/provider.ts'
import type { BatchRecord } from '../store/batch-records.ts'
import { saveCandidates } from '../store/candidates.ts'
import { writeJournalEntry } from '../store/journal.ts'
import type { CollectOptions, IndexedLine, RecordedLine } from './batch-collection.ts'
import { recordOfBatch } from './master-record.ts'
import { batchEntry } from './run-history.ts'

/** Writes the pictures of an answer to the journal. @returns their cost, USD; `null` if unknown */
export async function keepBatchAnswer(
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
  const made = recordOfBatch(answer, {
    provider: record.provider,
    batch,
    ...(usd === null ? {} : { usd, ...estimated }),
  })
  for (const [number, bytes] of answer.images.entries()) {
    const extension = isLate ? await extensionOf(bytes) : undefined
    if (extension === undefined) {
      const key = keyOf(hash, { record, index, number })
      await writeJournalEntry(paths.journal, { key, bytes, receipt: { asset, request, made } })
    } else {
      await saveCandidates(paths, { asset, requestHash: hash, pictures: [bytes], extension })
    }
  }
  await recordBatchOutcome({ record, line }, { outcome: 'ok', usd, ...estimated }, options)
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

/** Returns the file extension of a picture; `undefined` if it cannot be decoded. */
async function extensionOf(bytes: Uint8Array): Promise<string | undefined> {
  const { readMaster } = await import('../pictures/read-master.ts')
  return readMaster(bytes).then(
    ({ extension }) => extension,
    () => undefined,
  )
}

/** Records how a request ended. If that fails, its worst-case cost is recorded since it was sent. */
export async function recordBatchOutcome(
  { record, line }: RecordedLine,
  outcome: Pick<RequestEntry, 'outcome' | 'usd' | 'estimated'>,
  { history }: CollectOptions,
): Promise<void> {
  await history.append(batchEntry(record, line, outcome)).catch(() => {})
}

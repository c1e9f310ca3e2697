import type { OnEvent } from '../events.ts'
import { hashRequest } from '../identity/request.ts'
import { mapAtOnce } from '../remote/map-at-once.ts'
import type { RemoteAccess } from '../remote/remote-access.ts'
import { findSharedBatch } from '../remote/shared-batches.ts'
import type { GenerateStep } from '../run/run-steps.ts'
import { type BatchRecord, readBatchRecords, writeBatchRecord } from '../store/batch-records.ts'
import type { ProjectContext } from './context.ts'

/** Requests that are looked up at the same time. */
const CONCURRENCY = 8

type AdoptOptions = { access: RemoteAccess; onEvent: OnEvent; signal?: AbortSignal | undefined }

/**
 * Looks up the batches that other machines sent the requests of some steps in, writes their records
 * to the disk, and collects those that are finished. Only the writer may call it.
 *
 * @returns whether there were any: the plan then no longer applies
 * @throws LimnError `store/…` if the disk fails, `aborted`
 */
export async function adoptBatches(
  steps: readonly GenerateStep[],
  context: ProjectContext,
  { access, onEvent, signal }: AdoptOptions,
): Promise<boolean> {
  const hashes = [...new Set(steps.map(({ request }) => hashRequest(request)))]
  const found = await mapAtOnce(hashes, CONCURRENCY, async (hash) => {
    const { store } = access
    return (await access.attempt(() => findSharedBatch(hash, { store, signal })))?.value
  })
  const records = found.filter((record) => record !== undefined)
  for (const { uuid } of records) access.knownBatches.add(uuid)
  const isAnyNew = await keepRecords(records, context.paths.batches)
  if (isAnyNew) {
    const { collectIntoJournal } = await import('./batches.ts')
    await collectIntoJournal(context, { onEvent, signal })
  }
  return isAnyNew
}

/** Adds records to those on the disk. @returns whether any line is new */
async function keepRecords(records: readonly BatchRecord[], folder: string): Promise<boolean> {
  const recordByUuid = new Map(readBatchRecords(folder).map((record) => [record.uuid, record]))
  const changed = new Set<string>()
  for (const record of records) {
    const known = recordByUuid.get(record.uuid)
    const lines = withoutKnown(record, known)
    if (lines.length === 0) continue
    changed.add(record.uuid)
    recordByUuid.set(
      record.uuid,
      known === undefined
        ? { ...record, isAdopted: true, adoptedAt: new Date().toISOString() }
        : { ...known, lines: [...known.lines, ...lines] },
    )
  }
  for (const uuid of changed) await writeBatchRecord(folder, recordByUuid.get(uuid)!)
  return changed.size > 0
}

function withoutKnown(
  { lines }: BatchRecord,
  known: BatchRecord | undefined,
): BatchRecord['lines'] {
  const ids = new Set(known?.lines.map(({ id }) => id))
  return lines.filter(({ id }) => !ids.has(id))
}

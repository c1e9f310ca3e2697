import type { OnEvent } from '../events.ts'
import type { History } from '../history/history-file.ts'
import type { Clock } from '../limits/clock.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { BatchClient, BatchState } from '../providers/batch-client.ts'
import type { UnansweredRequests } from '../remote/shared-batches.ts'
import type { BatchLine, BatchRecord } from '../store/batch-records.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** What collecting batches needs. */
export type CollectOptions = {
  paths: ProjectPaths
  lock: Lock
  manifest: Manifest
  /** Returns the Batch API that a batch was sent to. @throws LimnError if it cannot be reached */
  clientOf: (record: BatchRecord) => Promise<BatchClient>
  history: History
  /** Called with the requests that a batch does not answer. Default: nothing. */
  onUnanswered?: ((unanswered: UnansweredRequests) => Promise<void>) | undefined
  clock: Clock
  onEvent: OnEvent
  signal?: AbortSignal | undefined
}

/** A request that returned no picture. `request` is its hash. */
export type BatchFailure = { asset: string; request: string; error: unknown }

/** A batch that is finished on the server. */
export type FinishedBatch = { record: BatchRecord; state: BatchState; client: BatchClient }
/** A request of a batch. `index` is its position, from 0. */
export type IndexedLine = {
  line: BatchLine
  index: number
} /** A request of a batch, with the record of the batch. */
export type RecordedLine = { record: BatchRecord; line: BatchLine }

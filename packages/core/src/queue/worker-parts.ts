import type { OnEvent } from '../events.ts'
import type { Clock } from '../limits/clock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import type { FindOptions } from '../remote/find-answer.ts'
import type { RemoteStore } from '../remote/remote-store.ts'
import type { ProviderAccess } from '../run/provider-access.ts'
import type { Queues } from '../run/queues.ts'
import type { RunJournal } from '../run/run-journal.ts'
import type { StopSignals } from '../run/stop-signals.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { OrderRecords } from './order-record.ts'

/** A request that is about to be sent. */
export type Sending = {
  jobId: string
  /** The worker that sent it before, and died. */
  takenOverFrom: string | undefined
  onStarted: () => Promise<void>
}

/** What the jobs of a worker share. */
export type WorkerParts = {
  /** Identifies this process in the records of orders. */
  worker: string
  paths: ProjectPaths
  manifest: Manifest
  /** Variables of the worker, with the user's proxies. */
  env: ProviderEnvironment
  store: RemoteStore
  records: OrderRecords
  /** The requests on their way to the provider, by idempotency key. */
  sending: Map<string, Sending>
  access: ProviderAccess
  queues: Queues
  journal: RunJournal
  clock: Clock
  signals: StopSignals
  /** Whether a request of a worker that died may be sent again. */
  canRepeat: boolean
  onEvent: OnEvent
}

/** Returns how a worker reads its store. */
export function findOptionsOf({
  store,
  signals,
  onEvent,
}: Pick<WorkerParts, 'store' | 'signals' | 'onEvent'>): FindOptions {
  return {
    store,
    signal: signals.quit,
    onDamaged: (key) => onEvent({ type: 'remote-damaged', store: store.name, key }),
  }
}

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { makeFolder } from '../disk/project-files.ts'
import type { OnEvent } from '../events.ts'
import { type History, openHistory } from '../history/history-file.ts'
import { createBudget } from '../limits/budget.ts'
import { type Clock, systemClock } from '../limits/clock.ts'
import { createEstimates } from '../limits/estimates.ts'
import { createLimiters } from '../limits/limiter-per-provider.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { createProvider } from '../providers/create-provider.ts'
import type { KeyAccess } from '../providers/key-access.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { RemoteStore } from '../remote/remote-store.ts'
import type { ProviderAccess } from '../run/provider-access.ts'
import { createQueues } from '../run/queues.ts'
import { createRunHistory } from '../run/run-history.ts'
import { openRunJournal } from '../run/run-journal.ts'
import { openTelemetry } from '../run/telemetry.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { ensureStateFolder } from '../store/state-folder.ts'
import { accountOf } from './account.ts'
import type { OpenQueue } from './open-queue.ts'
import { createOrderRecords } from './order-record.ts'
import { NotNow } from './pay-for-job.ts'
import { createSharedLimits } from './shared-limits.ts'
import { shareLimits } from './shared-provider.ts'
import type { OnWorkerEvent } from './worker-events.ts'
import type { Sending, WorkerParts } from './worker-parts.ts'

export type WorkerOptions = {
  /** The paths of the project, whose manifest names providers and models. */
  paths: ProjectPaths
  manifest: Manifest
  store: RemoteStore
  keys: KeyAccess
  /** The number of jobs at the same time. Default: by the limits of the providers. */
  jobs?: number | undefined
  /** The most that this worker may spend, USD. Default: no limit. */
  maxUsd?: number | undefined
  /** Whether to retry requests that may have been billed. Default: what the manifest says. */
  retryUncertain?: boolean | undefined
  clock?: Clock | undefined
  onEvent: OnWorkerEvent
  /** Takes no more jobs, and finishes those under way. */
  signal?: AbortSignal | undefined
  /** Does not wait for jobs under way either. */
  quit?: AbortSignal | undefined
}

/** A worker that is ready for jobs. */
export type OpenWorker = { parts: WorkerParts; jobs: number; close: () => Promise<void> }

/**
 * Creates the parts of a worker. Its journal and history are in `.limn/worker/`, so that it can
 * work in the folder of a coordinator.
 *
 * @throws LimnError if the provider cannot be created; `store/…`
 */
export async function openWorker(queue: OpenQueue, options: WorkerOptions): Promise<OpenWorker> {
  const { manifest, store, clock = systemClock, onEvent, signal: stop, quit } = options
  await ensureStateFolder(options.paths.state)
  const paths = workerPaths(options.paths)
  await makeFolder(paths.root, paths.state)
  const worker = randomUUID()
  const records = createOrderRecords(queue)
  const sending = new Map<string, Sending>()
  const beforeSend = async (idempotencyKey: string): Promise<void> => {
    const key = idempotencyKey.replace(/-\d+$/, '')
    const { jobId, takenOverFrom, onStarted } = sending.get(key)!
    if (!(await records.markSent(jobId, worker, takenOverFrom))) throw new NotNow()
    await onStarted()
  }
  const historyFile = openHistory(paths.state)
  const access = await openAccess(queue, options, { beforeSend, historyFile })
  const inFlight = options.jobs ?? access.limiters.maxInFlight
  const queues = createQueues(inFlight)
  const parts: WorkerParts = {
    worker,
    paths,
    manifest,
    env: options.keys.env,
    store,
    records,
    sending,
    access,
    queues,
    journal: openRunJournal(paths, { queues, clock, quit }),
    clock,
    signals: { stop, quit },
    canRepeat: mayRepeat(options),
    onEvent,
  }
  // While some jobs derive their files, others keep the requests going.
  const jobs = options.jobs ?? inFlight + queues.processors.concurrency
  return {
    parts,
    jobs,
    async close() {
      await historyFile.close()
      await access.provider?.close?.()
    },
  }
}

function workerPaths(paths: ProjectPaths): ProjectPaths {
  const state = join(paths.state, 'worker')
  return { ...paths, state, journal: join(state, 'journal') }
}

/** Whether every provider accepts a request twice without billing it twice, or the user does. */
function mayRepeat({ manifest: { providers }, retryUncertain }: WorkerOptions): boolean {
  return (
    retryUncertain === true ||
    providers.every(
      ({ server, limits, quirks }) =>
        server === 'local' || limits.retryUncertain || quirks.idempotencyKeys,
    )
  )
}

type AccessParts = { beforeSend: (idempotencyKey: string) => Promise<void>; historyFile: History }

async function openAccess(
  queue: OpenQueue,
  {
    paths: { root },
    manifest: { providers, models, isBalanced },
    keys,
    maxUsd,
    retryUncertain = false,
    clock = systemClock,
    signal: stop,
    onEvent: report,
  }: WorkerOptions,
  { beforeSend, historyFile }: AccessParts,
): Promise<ProviderAccess> {
  let provider: ImageProvider | undefined
  const limiters = createLimiters(providers, {
    isBalanced,
    concurrency: () => provider?.concurrency,
    clock,
    signal: stop,
  })
  const onEvent: OnEvent = (event) => {
    limiters.follow(event)
    report(event)
  }
  const limits = createSharedLimits(queue, clock)
  provider = await createProvider(providers, {
    access: keys,
    models,
    root,
    isBalanced,
    onEvent,
    async extend(inner, settings) {
      const account = await accountOf(settings, keys)
      return shareLimits(inner, settings, { limits, account, stop, beforeSend })
    },
  })
  const history = createRunHistory(historyFile)
  return {
    provider,
    budget: createBudget(maxUsd === undefined ? [] : [{ of: 'max-cost', usd: maxUsd }]),
    estimates: createEstimates(),
    modelsWithOne: new Set(),
    planFactor: 1,
    limiters,
    history,
    telemetry: await openTelemetry({ run: history.run, env: keys.env }),
    clock,
    retryUncertain,
  }
}

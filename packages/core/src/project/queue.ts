import type { OnEvent } from '../events.ts'
import { systemClock } from '../limits/clock.ts'
import type { OpenQueue } from '../queue/open-queue.ts'
import type { OnWorkerEvent } from '../queue/worker-events.ts'
import type { RemoteAccess } from '../remote/remote-access.ts'
import type { Orders } from '../run/orders.ts'
import type { ProjectContext } from './context.ts'
import { requireQueueStore } from './named-remote.ts'
import { readOnlyManifest } from './read-only-manifest.ts'

/** What a worker reports. */
export type { OnWorkerEvent, WorkerEvent } from '../queue/worker-events.ts'

/** What a worker does, and within what limits. */
export type WorkOptions = {
  /** The address of the queue: `redis://host:6379/0#name`. */
  queue: string
  /** The number of jobs at the same time. Default: by the limits of the providers. */
  jobs?: number | undefined
  /** The most that this worker may spend, USD. Default: no limit. */
  maxUsd?: number | undefined
  /** Whether to retry requests that may have been billed. Default: what the manifest says. */
  retryUncertain?: boolean | undefined
  onEvent?: OnWorkerEvent | undefined
  /** When it fires, the worker takes no more jobs, and ends once those under way are done. */
  signal?: AbortSignal | undefined
  /** When it fires, jobs under way are abandoned too. Fires after `signal`. */
  quit?: AbortSignal | undefined
}

/**
 * Does the jobs of a queue until `signal` fires. Reads the manifest once: it names the providers,
 * whose keys are those of this machine, and the remote store.
 *
 * @throws ManifestError; LimnError `queue/…`, `remote/…`, `provider/…`
 */
export async function work(context: ProjectContext, options: WorkOptions): Promise<void> {
  const { paths, env, access: keys, clock } = context
  const manifest = await readOnlyManifest(context)
  const remote = requireQueueStore(manifest, context)
  const { openStore } = await import('../remote/open-store.ts')
  const store = await openStore(remote, { access: keys, root: paths.root })
  const queue = await connect(options.queue, env)
  try {
    const { runWorker } = await import('../queue/run-worker.ts')
    const { onEvent = () => {}, jobs, maxUsd, retryUncertain, signal, quit } = options
    const limits = { jobs, maxUsd, retryUncertain }
    await runWorker(queue, {
      paths,
      manifest,
      store,
      keys,
      clock,
      onEvent,
      signal,
      quit,
      ...limits,
    })
  } finally {
    queue.client.disconnect()
  }
}

/**
 * Opens what has the requests of a run sent by the workers of a queue.
 *
 * @throws LimnError `queue/…`
 */
export async function openOrders(
  address: string,
  { paths, env, clock = systemClock }: ProjectContext,
  options: {
    remote: Pick<RemoteAccess, 'store'>
    onEvent: OnEvent
    signal?: AbortSignal | undefined
    quit?: AbortSignal | undefined
  },
): Promise<Orders> {
  const queue = await connect(address, env)
  const { placeOrders } = await import('../queue/place-orders.ts')
  const { remote, ...rest } = options
  return placeOrders(queue, { paths, clock, store: remote.store, ...rest })
}

/** @throws LimnError `queue/invalid`, `queue/unreachable` */
async function connect(address: string, env: ProjectContext['env']): Promise<OpenQueue> {
  const { parseQueueAddress } = await import('../queue/queue-address.ts')
  const parsed = parseQueueAddress(address, env)
  const { openQueue } = await import('../queue/open-queue.ts')
  return openQueue(parsed)
}

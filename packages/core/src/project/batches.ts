import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { openHistory } from '../history/history-file.ts'
import { openSharedSpending } from '../history/shared-spending.ts'
import { hashRequest } from '../identity/request.ts'
import { systemClock } from '../limits/clock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { hasBatches } from '../models/servers.ts'
import type { BatchClient, BatchState } from '../providers/batch-client.ts'
import type { KeyAccess } from '../providers/key-access.ts'
import type { BatchFailure } from '../run/batch-collection.ts'
import { type BatchRecord, removeBatchRecord, readBatchRecords } from '../store/batch-records.ts'
import type { ProjectContext } from './context.ts'
import { forgetSharedBatches } from './forget-shared-batches.ts'
import { runAsWriter } from './run-as-writer.ts'

/** An open batch and its progress. */
export type BatchStatus = {
  /** The server's id; Limn's own until the server has assigned one. */
  batch: string
  provider: string
  model: string
  /** When it was sent, ISO 8601 in UTC. */
  since: string
  assets: string[]
  /** Number of pictures that it requests. */
  pictures: number
  /** Upper bound of its cost at batch prices; `null` if unknown. */
  usd: number | null
  /**
   * As the server names it: `in_progress`, `completed`, …; `null` if it could not be read, for the
   * reason in `problem`.
   */
  status: string | null
  isFinished: boolean
  counts: BatchState['counts']
  problem?: LimnError
}

/** A batch that was cancelled: `status` as the server names it, `null` if it does not know it. */
export type CancelledBatch = { batch: string; status: string | null }

/** Returns the Batch API that a batch was sent to. @throws LimnError if it is not configured */
type ClientOf = (record: Pick<BatchRecord, 'provider' | 'host' | 'model'>) => Promise<BatchClient>

/**
 * Returns the open batches, oldest first. Requests their state from the servers and changes
 * nothing.
 *
 * @throws ManifestError, LimnError
 */
export async function listBatches(
  { paths, access, read }: ProjectContext,
  signal?: AbortSignal,
): Promise<BatchStatus[]> {
  const { manifest } = await read()
  const clientOf = batchClients(manifest, { access, root: paths.root })
  return Promise.all(
    readBatchRecords(paths.batches).map((record) => statusOf(record, clientOf, signal)),
  )
}

/**
 * Cancels a batch. The next run collects what it has finished by then. Limn stops waiting for a
 * batch that its server does not know.
 *
 * @param id as `listBatches` returns it, or an unambiguous prefix
 * @throws LimnError `batch/unknown`
 */
export async function cancelBatch(context: ProjectContext, id: string): Promise<CancelledBatch> {
  const { paths, access, read } = context
  const { manifest } = await read()
  return runAsWriter(context, {}, async () => {
    const record = findRecord(readBatchRecords(paths.batches), id)
    const batch = nameOf(record)
    const client = await batchClients(manifest, { access, root: paths.root })(record)
    const state = await readKnownState(record, client)
    if (state === undefined) {
      await removeBatchRecord(paths.batches, record.uuid)
      const requestHashes = record.lines.map(({ request }) => hashRequest(request))
      await forgetSharedBatches({ uuid: record.uuid, requestHashes }, context, manifest)
      return { batch, status: null }
    }
    if (state.isFinished || state.status === 'cancelling') {
      return { batch, status: state.status }
    }
    return { batch, status: (await client.cancel(state.id)).status }
  })
}

/** Moves the pictures of finished batches to the journal. Only the writer may call it. */
export async function collectIntoJournal(
  context: ProjectContext,
  { onEvent, signal }: { onEvent: OnEvent; signal?: AbortSignal | undefined },
): Promise<BatchFailure[]> {
  const { paths, env, access, clock = systemClock, read } = context
  const { collectBatches } = await import('../run/collect-batches.ts')
  const { manifest, lock } = await read()
  const history = openHistory(paths.state, openSharedSpending(paths, env))
  try {
    return await collectBatches({
      paths,
      lock,
      manifest,
      clientOf: batchClients(manifest, { access, root: paths.root }),
      history,
      onUnanswered: (unanswered) => forgetSharedBatches(unanswered, context, manifest),
      clock,
      onEvent,
      signal,
    })
  } finally {
    await history.close()
  }
}

/** @throws LimnError `batch/unknown` unless exactly one record begins with the id */
function findRecord(records: readonly BatchRecord[], id: string): BatchRecord {
  const [record, ...others] = records.filter((each) => nameOf(each).startsWith(id))
  if (record !== undefined && others.length === 0) return record
  throw new LimnError(
    'batch/unknown',
    record === undefined
      ? `No open batch begins with ${id}.`
      : `More than one open batch begins with ${id}.`,
    {
      hint:
        records.length === 0
          ? 'Run `limn batch` to see the open batches: there are none now.'
          : `Name one of ${records.map(nameOf).join(', ')}.`,
    },
  )
}

/** Returns a function that creates the Batch API client of each provider and model once. */
function batchClients(
  { providers, models }: Manifest,
  context: { access: KeyAccess; root: string },
): ClientOf {
  const clientByName = new Map<string, Promise<BatchClient>>()
  return async ({ provider, host, model }) => {
    const settings = providers.find(({ name, server }) => name === provider && hasBatches(server))
    if (settings === undefined) {
      throw new LimnError(
        'provider/unknown',
        `The batch was sent to ${provider}, which is not a provider of this run.`,
        { hint: `Run the command with --provider ${provider}.` },
      )
    }
    const key = settings.server === 'ai-sdk' ? `${provider} ${model}` : provider
    const creating =
      clientByName.get(key) ??
      import('../providers/create-batch-client.ts').then(({ createBatchClient }) =>
        createBatchClient({ settings, model, models, ...context }),
      )
    clientByName.set(key, creating)
    const client = await creating
    // Another server would not know the batch, and Limn would pay for everything again.
    if (client.host !== host) {
      throw new LimnError(
        'provider/unknown',
        `The batch was sent to ${host}, but ${provider} is now at ${client.host}.`,
        { hint: 'Restore the previous base URL.' },
      )
    }
    return client
  }
}

async function statusOf(
  record: BatchRecord,
  clientOf: ClientOf,
  signal: AbortSignal | undefined,
): Promise<BatchStatus> {
  const recorded = recordedStatus(record)
  const noCounts = { total: record.lines.length, completed: 0, failed: 0 }
  try {
    const state = await readState(record, await clientOf(record), signal)
    if (state === undefined) {
      return { ...recorded, status: 'unmade', isFinished: true, counts: noCounts }
    }
    const { id: batch, status, isFinished, counts } = state
    return { ...recorded, batch, status, isFinished, counts }
  } catch (error) {
    if (!(error instanceof LimnError) || signal?.aborted === true) throw error
    return { ...recorded, status: null, isFinished: false, counts: noCounts, problem: error }
  }
}

/** Returns what is known of a batch without its server. */
function recordedStatus(
  record: BatchRecord,
): Omit<BatchStatus, 'status' | 'isFinished' | 'counts' | 'problem'> {
  const { provider, model, at, lines } = record
  const hasUnknownPrice = lines.some(({ usd }) => usd === null)
  return {
    batch: nameOf(record),
    provider,
    model,
    since: at,
    assets: lines.map(({ asset }) => asset),
    pictures: lines.reduce((sum, { images }) => sum + images, 0),
    usd: hasUnknownPrice ? null : lines.reduce((sum, { usd }) => sum + usd!, 0),
  }
}

/** Returns the state of a batch; `undefined` if its server does not know it. */
async function readKnownState(
  record: BatchRecord,
  client: BatchClient,
): Promise<BatchState | undefined> {
  try {
    return await readState(record, client)
  } catch (error) {
    if (error instanceof LimnError && error.code === 'batch/unknown') return undefined
    throw error
  }
}

function readState(
  record: BatchRecord,
  client: BatchClient,
  signal?: AbortSignal,
): Promise<BatchState | undefined> {
  return record.id === null ? client.find(record, signal) : client.read(record.id, signal)
}

function nameOf({ id, uuid }: BatchRecord): string {
  return id ?? uuid
}

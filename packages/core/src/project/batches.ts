import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { openHistory } from '../history/history-file.ts'
import { type Clock, systemClock } from '../limits/clock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import type { BatchClient } from '../providers/openai/batch-client.ts'
import type { BatchState } from '../providers/openai/batch-state.ts'
import type { BatchFailure } from '../run/collect-batches.ts'
import { type BatchRecord, removeBatchRecord, readBatchRecords } from '../store/batch-records.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { runAsSingleWriter } from '../store/single-writer.ts'
import type { Look } from './snapshot.ts'

/** A batch that is waited for, and how far it is. */
export type BatchStatus = {
  /** The server's id of it, or Limn's own until the server has told one. */
  batch: string
  provider: string
  model: string
  /** When it was sent, ISO 8601 in UTC. */
  since: string
  assets: string[]
  /** Pictures that it asks for. */
  pictures: number
  /** At most, at half the price; `null` where it is not known. */
  usd: number | null
  /**
   * As the server names it: `in_progress`, `completed`, …; `null` where it can't be learnt, and
   * `problem` says why.
   */
  status: string | null
  isFinished: boolean
  counts: BatchState['counts']
  problem?: LimnError
}

/** What can be done about batches. */
export type Batches = {
  /**
   * The batches that are waited for, the oldest first. Asks their servers, and changes nothing. @throws
   * ManifestError, LimnError
   */
  batches(signal?: AbortSignal): Promise<BatchStatus[]>
  /**
   * Has a batch stopped. What it has drawn by then comes with the next run. One that its server
   * does not know is waited for no more.
   *
   * @param id as `batches` tells it, or the beginning of it where no other begins like that
   * @returns `status` as the server names it; `null` where it knows none
   * @throws LimnError `batch/unknown`
   */
  cancelBatch(id: string): Promise<{ batch: string; status: string | null }>
}

type BatchOptions = { paths: ProjectPaths; env: ProviderEnvironment; look: () => Promise<Look> }

/** The batches of one project. */
export function createBatches({ paths, env, look }: BatchOptions): Batches {
  return { batches, cancelBatch }

  async function batches(signal?: AbortSignal): Promise<BatchStatus[]> {
    const { manifest } = await look()
    const clientOf = batchClients(manifest, env)
    return Promise.all(
      readBatchRecords(paths.batches).map((record) => statusOf(record, clientOf, signal)),
    )
  }

  async function cancelBatch(id: string): Promise<{ batch: string; status: string | null }> {
    const { manifest } = await look()
    return runAsSingleWriter({ paths }, async () => {
      const records = readBatchRecords(paths.batches)
      const [record, ...others] = records.filter((each) => nameOf(each).startsWith(id))
      if (record === undefined || others.length > 0) {
        throw new LimnError(
          'batch/unknown',
          `${record === undefined ? 'No batch' : 'More than one batch'} that is waited for begins with ${id}.`,
          {
            hint:
              records.length === 0
                ? 'Nothing is asked in a batch now.'
                : `Name one of ${records.map(nameOf).join(', ')}.`,
          },
        )
      }
      const batch = nameOf(record)
      const client = await batchClients(manifest, env)(record)
      const state = await readState(record, client).catch((error: unknown) => {
        if (!(error instanceof LimnError) || error.code !== 'batch/unknown') throw error
        return undefined
      })
      if (state === undefined) {
        await removeBatchRecord(paths.batches, record.uuid)
        return { batch, status: null }
      }
      if (state.isFinished || state.status === 'cancelling') {
        return { batch, status: state.status }
      }
      return { batch, status: (await client.cancel(state.id)).status }
    })
  }
}

/** Brings what batches have drawn into the journal; to be called by the only writer. */
export async function collect(
  { manifest, lock }: Look,
  {
    paths,
    env,
    clock = systemClock,
    onEvent,
    signal,
  }: Omit<BatchOptions, 'look'> & {
    clock?: Clock | undefined
    onEvent: OnEvent
    signal?: AbortSignal | undefined
  },
): Promise<BatchFailure[]> {
  const { collectBatches } = await import('../run/collect-batches.ts')
  const history = openHistory(paths.state)
  try {
    return await collectBatches({
      paths,
      lock,
      manifest,
      clientOf: batchClients(manifest, env),
      history,
      clock,
      onEvent,
      signal,
    })
  } finally {
    await history.close()
  }
}

type ClientOf = (record: Pick<BatchRecord, 'provider' | 'host'>) => Promise<BatchClient>

/**
 * The Batch APIs of a manifest's providers, each made once. @throws LimnError where a batch went to
 * a server that is not among them
 */
function batchClients({ providers, models }: Manifest, env: ProviderEnvironment): ClientOf {
  const clientByName = new Map<string, Promise<BatchClient>>()
  return async ({ provider, host }) => {
    const settings = providers.find(({ name, server }) => name === provider && server === 'openai')
    if (settings === undefined) {
      throw new LimnError(
        'provider/unknown',
        `It was sent through ${provider}, which this run does not ask.`,
        { hint: `Run the command with --provider ${provider}.` },
      )
    }
    const making =
      clientByName.get(provider) ??
      import('../providers/openai/batch-client.ts').then(({ createBatchClient }) =>
        createBatchClient({ settings, env, models }),
      )
    clientByName.set(provider, making)
    const client = await making
    // Another server would say that there is no such batch, and all would be paid for again.
    if (client.host !== host) {
      throw new LimnError(
        'provider/unknown',
        `It was sent to ${host}, and ${provider} is at ${client.host} now.`,
        { hint: 'Set the base URL as it was.' },
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
  const { provider, model, at, lines } = record
  const pictures = lines.reduce((sum, { images }) => sum + images, 0)
  const usd = lines.some((line) => line.usd === null)
    ? null
    : lines.reduce((sum, line) => sum + line.usd!, 0)
  const known = {
    batch: nameOf(record),
    provider,
    model,
    since: at,
    assets: lines.map(({ asset }) => asset),
    pictures,
    usd,
  }
  const none = { total: lines.length, completed: 0, failed: 0 }
  try {
    const state = await readState(record, await clientOf(record), signal)
    if (state === undefined) return { ...known, status: 'unmade', isFinished: true, counts: none }
    return {
      ...known,
      batch: state.id,
      status: state.status,
      isFinished: state.isFinished,
      counts: state.counts,
    }
  } catch (error) {
    if (!(error instanceof LimnError) || signal?.aborted === true) throw error
    return { ...known, status: null, isFinished: false, counts: none, problem: error }
  }
}

function readState(
  { id, uuid, at }: BatchRecord,
  client: BatchClient,
  signal?: AbortSignal,
): Promise<BatchState | undefined> {
  return id === null ? client.find(uuid, Date.parse(at), signal) : client.read(id, signal)
}

function nameOf({ id, uuid }: BatchRecord): string {
  return id ?? uuid
}

import type { OpenAI } from 'openai'
import type { Batch } from 'openai/resources/batches'
import { LimnError } from '../../errors.ts'
import { isObject } from '../../is-object.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { findModel, type OwnModels } from '../../models/models.ts'
import { removeSecret } from '../../safe-text.ts'
import type {
  AnswersOptions,
  BatchAnswer,
  BatchClient,
  BatchedRequest,
  BatchState,
  DamagedLine,
  PreparedRequest,
} from '../batch-client.ts'
import type { ProviderEnvironment } from '../environment.ts'
import { limitFetch, maxAnswerBytes, maxStreamBytes } from '../http/limited-fetch.ts'
import { readLines } from '../http/read-lines.ts'
import { type KeyAccess, openServer } from '../key-access.ts'
import { mayBeBilled, type ProviderAnswer, ProviderError } from '../provider.ts'
import { withoutBilling } from '../without-billing.ts'
import { NAME_KEY, notABatch, readBatchState } from './batch-state.ts'
import { createClient } from './client.ts'
import { explainOpenAIError } from './explain-error.ts'
import type { FailureContext } from './failure-table.ts'
import { createImagesCall } from './images-call.ts'
import { requireKey } from './key.ts'
import { readAnswer } from './read-answer.ts'
import { type BatchLine, readBatchLine } from './read-batch-line.ts'
import { toServerDialect } from './server-dialect.ts'

type BatchEndpoint = '/v1/images/generations' | '/v1/images/edits'

/** Largest number of batches to search for one. */
const MAX_LISTED = 10_000
/** Largest answer besides files, bytes; a list of a hundred batches is far smaller. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Creates the client for a provider's Batch API.
 *
 * @throws LimnError `provider/no-key`, `provider/no-consent`; `usage` for an invalid base URL
 */
export async function createOpenAIBatchClient(options: {
  settings: ProviderSettings
  access: KeyAccess
  models: OwnModels
}): Promise<BatchClient> {
  const { settings, models } = options
  const connection = await connect(settings, options.access)
  return {
    host: new URL(connection.baseURL).host,
    prepare: (request) => formatLine(request, settings, models),
    async upload(requests, signal) {
      const endpoint = requests[0]!.group as BatchEndpoint
      const lines = requests.map(({ line }) => line)
      const file = await upload(lines, { connection, signal })
      return (uuid, createSignal) =>
        create({ file, endpoint, uuid }, { connection, signal: createSignal })
    },
    find: (batch, signal) => find(batch, { connection, signal }),
    read: (id, signal) => read(id, { connection, signal }),
    async cancel(id) {
      const { api, apiKey } = connection
      return call(async () => readBatchState(await api.batches.cancel(id), apiKey), connection)
    },
    answers: (file, answersOptions) => readAnswers(file, answersOptions, connection),
  }
}

type Connection = {
  /** Name of the provider. */
  name: string
  apiKey: string
  keyName: string
  baseURL: string
  /** Variables of the process, with the user's proxies. */
  env: ProviderEnvironment
  /** Client for everything but files. */
  api: OpenAI
  /** Creates a client for answers of at most so many bytes. */
  clientFor: (maxBytes: number) => OpenAI
}

type CallOptions = { connection: Connection; signal: AbortSignal | undefined }

async function connect(settings: ProviderSettings, access: KeyAccess): Promise<Connection> {
  const { name, key: keyName, timeoutMs, headers } = settings
  const { apiKey, baseURL: customURL } = await openServer(settings, access)
  requireKey(settings, apiKey)
  const client = createClient({ apiKey, baseURL: customURL, timeoutMs, headers, env: access.env })
  const clientFor = (maxBytes: number): OpenAI =>
    client.withOptions({ fetch: limitFetch({ maxBytes, silenceMs: timeoutMs, env: access.env }) })
  const { baseURL } = client
  return { name, apiKey, keyName, baseURL, env: access.env, api: clientFor(MAX_BYTES), clientFor }
}

function formatLine(
  { id, request, inputs, count }: BatchedRequest,
  settings: ProviderSettings,
  models: OwnModels,
): PreparedRequest {
  const imagesCall = createImagesCall(request, {
    row: findModel(request.model, models),
    inputs,
    count,
    safetyIdentifier: settings.safetyIdentifier,
  })
  // A line of a batch is JSON, so it cannot carry files.
  const quirks = { ...settings.quirks, editStyle: 'json' } as const
  const { path, fields } = toServerDialect(imagesCall, { ...settings, quirks })
  const endpoint: BatchEndpoint =
    path === '/images/generations' ? '/v1/images/generations' : '/v1/images/edits'
  const line = { custom_id: id, method: 'POST', url: endpoint, body: fields }
  return { group: endpoint, line: Buffer.from(`${JSON.stringify(line)}\n`) }
}

async function upload(
  lines: readonly Buffer[],
  { connection, signal }: CallOptions,
): Promise<string> {
  const file = new File(lines as Buffer<ArrayBuffer>[], 'limn.jsonl', { type: 'application/jsonl' })
  try {
    const { id } = await call(
      () => connection.api.files.create({ file, purpose: 'batch' }, signalOption(signal)),
      connection,
    )
    return id
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'provider/refused') throw error
    throw new LimnError(
      'batch/unsupported',
      `${connection.name} rejected the batch file. ${error.message}`,
      { hint: 'Remove --batch if this server has no Batch API.' },
    )
  }
}

function create(
  { file, endpoint, uuid }: { file: string; endpoint: BatchEndpoint; uuid: string },
  { connection, signal }: CallOptions,
): Promise<BatchState> {
  const batch = {
    input_file_id: file,
    endpoint,
    completion_window: '24h',
    metadata: { [NAME_KEY]: uuid },
  } as const
  return call(
    async () =>
      readBatchState(
        await connection.api.batches.create(batch, signalOption(signal)),
        connection.apiKey,
      ),
    connection,
  )
}

function find(
  { uuid }: { uuid: string },
  { connection, signal }: CallOptions,
): Promise<BatchState | undefined> {
  return call(async () => {
    let isComplete = true
    let after: string | undefined
    for (let listed = 0; listed < MAX_LISTED;) {
      const query = { limit: 100, ...(after === undefined ? {} : { after }) }
      const page = await connection.api.get<unknown>('/batches', { query, ...signalOption(signal) })
      if (!isObject(page) || !Array.isArray(page['data'])) throw notABatch()
      for (const batch of page['data'] as unknown[]) {
        const state = tryReadState(batch, connection.apiKey)
        if (state?.uuid === uuid) return state
        isComplete &&= state !== undefined
        after = state?.id ?? after
      }
      listed += page['data'].length
      if (page['has_more'] !== true || page['data'].length === 0) {
        // The batch may be one of those that can't be read.
        if (!isComplete) throw notABatch()
        return undefined
      }
    }
    throw new ProviderError(
      'provider/bad-answer',
      `The server has more than ${MAX_LISTED} batches, and the newest of them are not the one that Limn sent.`,
      { hint: 'Look the batch up in the dashboard of the server.' },
    )
  }, connection)
}

/** Reads an entry of a list; `undefined` if it is not a batch. */
function tryReadState(batch: unknown, apiKey: string): BatchState | undefined {
  return isObject(batch) && typeof batch['id'] === 'string' && typeof batch['status'] === 'string'
    ? readBatchState(batch as unknown as Batch, apiKey)
    : undefined
}

async function read(id: string, { connection, signal }: CallOptions): Promise<BatchState> {
  const { api, name, apiKey } = connection
  const batch = await call(
    () =>
      api.batches.retrieve(id, signalOption(signal)).catch((error: unknown) => {
        // A gateway that is in the way answers 404 with a page of its own.
        const { status, error: body } = error as { status?: number; error?: unknown }
        if (status !== 404 || !isObject(body)) throw error
        throw new LimnError('batch/unknown', `${name} has no batch ${id}.`, {
          hint: `Run \`limn batch cancel ${id}\` to stop waiting for it; it was sent with another key or has been deleted.`,
        })
      }),
    connection,
  )
  if (!isObject(batch)) throw notABatch()
  return readBatchState(batch, apiKey)
}

async function* readAnswers(
  file: string,
  { model, pictures, signal }: AnswersOptions,
  connection: Connection,
): AsyncGenerator<BatchAnswer | DamagedLine> {
  const client = connection.clientFor(maxStreamBytes(pictures.all))
  const response = await call(() => client.files.content(file, signalOption(signal)), connection)
  if (response.body === null) return
  const context = contextOf(model, connection)
  try {
    for await (const text of readLines(response.body, maxAnswerBytes(pictures.each))) {
      const line = readBatchLine(text)
      if (line === 'damaged') yield { damaged: removeSecret(text, connection.apiKey) }
      if (line === undefined || line === 'damaged') continue
      const isCompleted = line.failure === undefined
      yield {
        id: line.id,
        isCompleted,
        ...(await readResult(line, context, { signal, env: connection.env })),
      }
    }
  } catch (error) {
    throw withoutBilling(explainOpenAIError(error, context))
  }
}

async function readResult(
  { body, requestId, failure }: BatchLine,
  context: FailureContext & { baseURL: string },
  { signal, env }: { signal: AbortSignal | undefined; env: ProviderEnvironment },
): Promise<{ answer: ProviderAnswer } | { error: unknown }> {
  if (failure !== undefined) return { error: explainOpenAIError(failure, context) }
  try {
    return { answer: await readAnswer(body, { context, requestId, signal, env }) }
  } catch (error) {
    const explained = explainOpenAIError(error, context)
    const isKept = explained instanceof ProviderError && mayBeBilled(explained)
    if (isKept && body !== undefined) {
      explained.response = removeSecret(Buffer.from(JSON.stringify(body)), context.apiKey)
    }
    return { error: explained }
  }
}

async function call<T>(work: () => PromiseLike<T>, connection: Connection): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw withoutBilling(explainOpenAIError(error, contextOf('its model', connection)))
  }
}

function contextOf(
  model: string,
  { apiKey, baseURL, keyName }: Connection,
): FailureContext & { baseURL: string } {
  return {
    model,
    apiKey,
    baseURL,
    keyName,
    endpoint: 'generations',
    hasPictures: false,
    isBegun: false,
  }
}

function signalOption(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

import type { Batch } from 'openai/resources/batches'
import { LimnError } from '../../errors.ts'
import type { ImageRequest } from '../../identity/request.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { findModel, type OwnModels } from '../../models/models.ts'
import { baseURLOf, type ProviderEnvironment } from '../create-provider.ts'
import { limitFetch, maxAnswerBytes, maxStreamBytes } from '../http/limited-fetch.ts'
import { readLines } from '../http/read-lines.ts'
import { scrub } from '../http/redact-keys.ts'
import { type InputPicture, type ProviderAnswer, ProviderError } from '../provider.ts'
import { explainEmptyAnswer, explainOpenAIError, type FailureContext } from './explain-error.ts'
import { callOf } from './images-call.ts'
import { createClient, requireKey } from './openai.ts'
import { isObject, picturesIn, readPictures, usageIn } from './read-answer.ts'
import { inManner } from './server-dialect.ts'

/** One request of a batch before it is sent. */
export type BatchedRequest = {
  /** What its answer is told by; unique in the batch. */
  id: string
  request: ImageRequest
  inputs: readonly InputPicture[]
  /** Pictures to ask for. */
  count: number
}

/** How far a batch is, as the server tells it. */
export type BatchState = {
  id: string
  /** Limn's own name for it, from the metadata. */
  uuid: string | undefined
  /** As the server names it: `in_progress`, `completed`, … */
  status: string
  /** Whether nothing more will come. */
  isFinished: boolean
  counts: { total: number; completed: number; failed: number }
  /** When it was made and when it ends at the latest, ms since 1970. */
  createdAt: number
  expiresAt: number | undefined
  /** Files of the answers; either may be absent. */
  files: string[]
  /** Why the server did not take it at all. */
  errors: string[]
}

/** What became of one request. */
export type BatchAnswer = { id: string } & ({ answer: ProviderAnswer } | { error: unknown })

/** The Batch API of one server. */
export type BatchClient = {
  /** Host that is asked. */
  readonly host: string
  /** The line of the input file for a request, with its line end, and the endpoint that it is for. */
  lineOf(request: BatchedRequest): { endpoint: BatchEndpoint; line: Buffer }
  /**
   * Sends an input file. Nothing is asked yet. @returns its id @throws ProviderError, LimnError
   * `batch/unsupported`
   */
  upload(lines: readonly Buffer[], signal?: AbortSignal): Promise<string>
  /**
   * Makes a batch of an input file. @throws ProviderError; where `mayBeMade` says so the server may
   * have made it all the same
   */
  create(
    batch: { file: string; endpoint: BatchEndpoint; uuid: string },
    signal?: AbortSignal,
  ): Promise<BatchState>
  /**
   * The batch that bears a name of Limn's; `undefined` where the server has none that was made
   * since.
   */
  find(uuid: string, since: number, signal?: AbortSignal): Promise<BatchState | undefined>
  /** How far a batch is. @throws LimnError `batch/unknown` where the server has none of that id */
  read(id: string, signal?: AbortSignal): Promise<BatchState>
  cancel(id: string): Promise<BatchState>
  /**
   * The answers in a file, one at a time. `pictures` is how many can be in the whole batch, and at
   * most in one line.
   */
  answers(
    file: string,
    options: {
      model: string
      pictures: { all: number; each: number }
      signal?: AbortSignal | undefined
    },
  ): AsyncGenerator<BatchAnswer>
}

export type BatchEndpoint = '/v1/images/generations' | '/v1/images/edits'

/** The key of the metadata that holds Limn's own name for a batch. */
const NAME_KEY = 'limn'
const FINISHED = ['completed', 'failed', 'expired', 'cancelled']
/** Nobody has made so many batches since one was sent. */
const MOST_LISTED = 10_000
/** A list of a hundred batches is far shorter than this, bytes. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Whether a server that was asked for a batch may have made it though no answer came, or none that
 * says so.
 */
export function mayBeMade(error: unknown): boolean {
  if (error instanceof LimnError && error.code === 'aborted') return true
  return (
    error instanceof ProviderError &&
    ['provider/network', 'provider/timeout', 'provider/server', 'provider/bad-answer'].includes(
      error.code,
    ) &&
    !(error.code === 'provider/network' && error.retry !== undefined)
  )
}

/** @throws LimnError `provider/no-key`, `usage` where the base URL is none */
export async function createBatchClient({
  settings,
  env,
  models,
}: {
  settings: ProviderSettings
  env: ProviderEnvironment
  models: OwnModels
}): Promise<BatchClient> {
  const { name, key: keyName, timeoutMs, headers } = settings
  const apiKey = env[keyName] ?? ''
  requireKey(settings, apiKey)
  const client = createClient(
    { apiKey, baseURL: baseURLOf(settings, env), headers },
    apiKey,
    timeoutMs,
  )
  const fetching = (maxBytes: number): typeof client =>
    client.withOptions({ fetch: limitFetch({ maxBytes, silenceMs: timeoutMs }) })
  const api = fetching(MAX_BYTES)
  const options = (signal: AbortSignal | undefined): { signal?: AbortSignal } =>
    signal === undefined ? {} : { signal }
  const contextOf = (model: string): FailureContext => ({
    model,
    apiKey,
    baseURL: client.baseURL,
    keyName,
    endpoint: 'generations',
    hasPictures: false,
    isBegun: false,
  })

  async function call<T>(work: () => PromiseLike<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw inWordsOfBatches(explainOpenAIError(error, contextOf('its model')))
    }
  }

  return {
    host: new URL(client.baseURL).host,
    lineOf({ id, request, inputs, count }) {
      const wire = inManner(
        callOf(request, {
          row: findModel(request.model, models),
          inputs,
          count,
          safetyIdentifier: settings.safetyIdentifier,
        }),
        { ...settings, quirks: { ...settings.quirks, editStyle: 'json' } },
      )
      const endpoint =
        wire.path === '/images/generations' ? '/v1/images/generations' : '/v1/images/edits'
      return {
        endpoint,
        line: Buffer.from(
          `${JSON.stringify({ custom_id: id, method: 'POST', url: endpoint, body: wire.fields })}\n`,
        ),
      }
    },
    async upload(lines, signal) {
      const file = new File(lines as Buffer<ArrayBuffer>[], 'limn.jsonl', {
        type: 'application/jsonl',
      })
      const { id } = await call(() =>
        api.files.create({ file, purpose: 'batch' }, options(signal)),
      ).catch((error: unknown) => {
        if (!(error instanceof ProviderError) || error.code !== 'provider/refused') throw error
        throw new LimnError(
          'batch/unsupported',
          `${name} did not take the file of the batch. ${error.message}`,
          { hint: 'If this server has no Batch API, leave --batch out.' },
        )
      })
      return id
    },
    create: ({ file, endpoint, uuid }, signal) =>
      call(async () =>
        stateOf(
          await api.batches.create(
            {
              input_file_id: file,
              endpoint,
              completion_window: '24h',
              metadata: { [NAME_KEY]: uuid },
            },
            options(signal),
          ),
        ),
      ),
    find: (uuid, since, signal) =>
      call(async () => {
        let seen = 0
        for await (const batch of api.batches.list({ limit: 100 }, options(signal))) {
          const state = stateOf(batch)
          if (state.uuid === uuid) return state
          // The newest come first; clocks may differ by some minutes.
          if (state.createdAt < since - CLOCK_SKEW || ++seen >= MOST_LISTED) return undefined
        }
        return undefined
      }),
    read: (id, signal) =>
      call(() =>
        api.batches.retrieve(id, options(signal)).catch((error: unknown) => {
          if ((error as { status?: number }).status !== 404) throw error
          throw new LimnError('batch/unknown', `${name} knows no batch ${id}.`, {
            hint: `It was sent with another key, or is gone. \`limn batch cancel ${id}\` stops waiting for it.`,
          })
        }),
      ).then((batch) => (isObject(batch) ? stateOf(batch) : Promise.reject(noBatch()))),
    cancel: (id) => call(async () => stateOf(await api.batches.cancel(id))),
    async *answers(file, { model, pictures, signal }) {
      const response = await call(() =>
        fetching(maxStreamBytes(pictures.all)).files.content(file, options(signal)),
      )
      if (response.body === null) return
      const context = contextOf(model)
      try {
        for await (const line of readLines(response.body, maxAnswerBytes(pictures.each))) {
          const parsed = parseAnswer(line)
          if (parsed === undefined) continue
          const { id, requestId, body, failure } = parsed
          yield failure === undefined
            ? { id, ...(await readAnswer(body, requestId)) }
            : { id, error: explainOpenAIError(failure, context) }
        }
      } catch (error) {
        throw inWordsOfBatches(explainOpenAIError(error, context))
      }

      async function readAnswer(
        body: unknown,
        requestId: string | undefined,
      ): Promise<{ answer: ProviderAnswer } | { error: unknown }> {
        try {
          const listed = picturesIn(body)
          if (listed.length === 0) return { error: explainEmptyAnswer(body, context) }
          const usage = usageIn(body)
          return {
            answer: {
              ...(await readPictures(listed, { baseURL: client.baseURL, apiKey }, signal)),
              ...(usage === undefined ? {} : { usage }),
              ...(requestId === undefined ? {} : { requestId: scrub(requestId, apiKey) }),
            },
          }
        } catch (error) {
          return { error: explainOpenAIError(error, context) }
        }
      }
    },
  }

  function stateOf(batch: Batch): BatchState {
    const {
      id,
      status,
      metadata,
      request_counts: counts,
      created_at: created,
      expires_at: expires,
      output_file_id: output,
      error_file_id: failures,
      errors,
    } = batch
    if (typeof id !== 'string' || typeof status !== 'string') throw noBatch()
    return {
      id: scrub(id, apiKey),
      uuid: metadata?.[NAME_KEY],
      status: scrub(status, apiKey),
      isFinished: FINISHED.includes(status),
      counts: {
        total: counts?.total ?? 0,
        completed: counts?.completed ?? 0,
        failed: counts?.failed ?? 0,
      },
      createdAt: created * 1000,
      expiresAt: typeof expires === 'number' ? expires * 1000 : undefined,
      files: [output, failures].flatMap((file) =>
        typeof file === 'string' && file !== '' ? [file] : [],
      ),
      errors: (errors?.data ?? [])
        .map(({ message, code }) => scrub(message ?? code ?? '', apiKey))
        .filter((text) => text !== ''),
    }
  }
}

/** Clocks of servers and machines differ by so much at most, ms. */
const CLOCK_SKEW = 10 * 60_000

type ParsedAnswer = {
  id: string
  requestId: string | undefined
  body: unknown
  failure: Error | undefined
}

/** One line of an output or error file; `undefined` where it is none. */
function parseAnswer(line: Buffer): ParsedAnswer | undefined {
  const row = parseObject(line)
  const id = row?.['custom_id']
  if (row === undefined || typeof id !== 'string') return undefined
  const { response, error } = row
  if (isObject(error)) {
    return { id, requestId: undefined, body: undefined, failure: unfinished(error) }
  }
  const { status_code: status, request_id: requestId, body } = isObject(response) ? response : {}
  const isGood = status === 200 || status === undefined
  // In the form of what the package throws, so that the same table speaks of it.
  const failure = isGood
    ? undefined
    : Object.assign(new Error(''), {
        status,
        error: isObject(body) ? (body['error'] ?? body) : body,
      })
  return { id, requestId: typeof requestId === 'string' ? requestId : undefined, body, failure }
}

function parseObject(line: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A request that the batch ended without. */
function unfinished(error: Record<string, unknown>): Error {
  if (error['code'] === 'batch_expired') {
    return new LimnError(
      'batch/expired',
      'Its batch ended before its turn came; nothing was billed for it.',
      { hint: 'Run the command again, with --batch to send it once more.' },
    )
  }
  if (error['code'] === 'batch_cancelled') {
    return new LimnError('batch/cancelled', 'Its batch was cancelled before its turn came.', {
      hint: 'Run the command again to ask for it.',
    })
  }
  return Object.assign(new Error(''), { error })
}

/** Of calls that draw nothing themselves nothing can be billed. */
function inWordsOfBatches(error: unknown): unknown {
  if (
    !(error instanceof ProviderError) ||
    (error.code !== 'provider/network' && error.code !== 'provider/timeout') ||
    error.retry !== undefined
  ) {
    return error
  }
  return new ProviderError(
    error.code,
    error.code === 'provider/timeout'
      ? 'The Batch API did not answer in time.'
      : 'The connection to the Batch API broke.',
    { hint: 'Run the command again: what was sent is found.', cause: error.cause },
  )
}

function noBatch(): ProviderError {
  return new ProviderError(
    'provider/bad-answer',
    'The server gave an answer that is not of the Batch API.',
    { hint: 'Check the base URL.' },
  )
}

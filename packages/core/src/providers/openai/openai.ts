import { createRequire } from 'node:module'
import type { ClientOptions, OpenAI } from 'openai'
import { LimnError } from '../../errors.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { findModel, type OwnModels } from '../../models/models.ts'
import { servers } from '../../models/servers.ts'
import { isOpenAI, whyNoBaseURL } from '../environment.ts'
import { limitFetch, maxAnswerBytes, maxStreamBytes } from '../http/limited-fetch.ts'
import { readAnswer } from '../http/read-json.ts'
import { scrub } from '../http/redact-keys.ts'
import { type ImageProvider, ProviderError } from '../provider.ts'
import { explainEmptyAnswer, explainOpenAIError, type FailureContext } from './explain-error.ts'
import { callOf } from './images-call.ts'
import { readRateHeaders } from './rate-headers.ts'
import { picturesIn, readPictures, usageIn } from './read-answer.ts'
import { readStream } from './read-stream.ts'
import { inManner, type Manner, type WireCall } from './server-dialect.ts'

export type OpenAIOptions = {
  apiKey: string | undefined
  /** The variable that the key is read from, for messages. Default OPENAI_API_KEY */
  keyName?: string
  /** Whether the server may be asked without a key. Default false. */
  isKeyOptional?: boolean
  /** As messages name it. Default openai. */
  name?: string
  /** Default https://api.openai.com/v1 */
  baseURL?: string | undefined
  /** For one request, ms. Default 600,000: high quality can take minutes. */
  timeoutMs?: number
  /** Headers beside those that are always sent. */
  headers?: Readonly<Record<string, string>>
  /** Who is behind the requests. Only its hash is sent. */
  safetyIdentifier?: string | null
  /** Rows of models that a manifest brings. */
  models?: OwnModels
  /** What the server does in its own way. Default: nothing. */
  manner?: Manner
  /** Makes the client, where it is not the plain one. */
  makeClient?: (sdk: typeof import('openai'), options: ClientOptions) => OpenAI
}

const plainManner: Manner = { quirks: servers.openai.quirks, body: {}, names: {} }

/**
 * OpenAI's Images API, or any server that speaks it. The SDK's own retries are off: it would ask
 * again where the quota is used up, and ignores waits above a minute.
 *
 * @throws LimnError `provider/no-key` where there is no key
 */
export async function createOpenAIProvider(options: OpenAIOptions): Promise<ImageProvider> {
  const {
    keyName = servers.openai.key,
    timeoutMs = 600_000,
    manner = plainManner,
    models,
    safetyIdentifier,
  } = options
  const apiKey = options.apiKey ?? ''
  requireKey(
    { name: options.name ?? 'openai', key: keyName, isKeyOptional: options.isKeyOptional === true },
    apiKey,
  )
  const client = createClient(options, apiKey, timeoutMs)
  const clientByLimit = new Map<number, OpenAI>()
  /** The client that takes answers of at most so many bytes. To make one costs as much as to ask. */
  const limitedTo = (maxBytes: number): OpenAI => {
    const limited =
      clientByLimit.get(maxBytes) ??
      client.withOptions({ fetch: limitFetch({ maxBytes, silenceMs: timeoutMs }) })
    clientByLimit.set(maxBytes, limited)
    return limited
  }

  return {
    async generate(request, { signal, inputs = [], count = 1, partials, onPartial, onRate }) {
      const call = callOf(request, {
        row: findModel(request.model, models),
        inputs,
        count,
        partials,
        safetyIdentifier,
      })
      const wire = inManner(call, manner)
      const isStreamed = wire.fields['stream'] === true
      const limit = AbortSignal.timeout(timeoutMs)
      const stop = signal === undefined ? limit : AbortSignal.any([signal, limit])
      const failure: FailureContext = {
        model: request.model,
        apiKey,
        baseURL: client.baseURL,
        keyName,
        endpoint: call.endpoint,
        hasPictures: inputs.length > 0,
        isBegun: false,
      }
      const rateOf = (headers: Headers | undefined): void => {
        const rate = readRateHeaders(headers)
        if (rate !== undefined) onRate?.(rate)
      }
      try {
        const pictures = call.fields.n ?? 1
        const {
          data,
          response,
          request_id: requestId,
        } = await limitedTo(
          isStreamed ? maxStreamBytes(pictures + (partials ?? 0)) : maxAnswerBytes(pictures),
        )
          .post<AsyncIterable<unknown>>(wire.path, {
            body: bodyOf(wire),
            stream: isStreamed,
            signal: stop,
            __metadata: { model: wire.fields['model'] },
            __binaryResponse: !isStreamed,
          })
          .withResponse()
        rateOf(response.headers)
        const isEvents = isStreamed && isEventStream(response.headers)
        failure.isBegun = isEvents
        // Not every server knows of streams: some answer in one piece all the same.
        const answer: unknown = isEvents
          ? await readStream(data, { count: pictures, onPartial })
          : await readAnswer(response)
        const listed = picturesIn(answer)
        if (listed.length === 0) throw explainEmptyAnswer(answer, failure)
        const usage = usageIn(answer)
        return {
          ...(await readPictures(listed, { baseURL: client.baseURL, apiKey }, signal)),
          ...(usage === undefined ? {} : { usage }),
          ...(requestId === null || requestId === undefined
            ? {}
            : { requestId: scrub(requestId, apiKey) }),
        }
      } catch (error) {
        if (signal?.aborted === true) {
          throw new LimnError('aborted', 'Stopped before the picture came.', {
            cause: scrub(String(error), apiKey),
          })
        }
        if (limit.aborted) throw timeout()
        rateOf((error as { headers?: Headers } | undefined)?.headers)
        throw explainOpenAIError(error, failure)
      }
    },
  }
}

/** Loads the `openai` package. It has some 240 files, which Node loads a quarter faster as CommonJS. */
function loadSdk(): typeof import('openai') {
  return createRequire(import.meta.url)('openai') as typeof import('openai')
}

/**
 * The client of the `openai` package that a server is asked with. @throws LimnError `usage` where
 * the base URL is none
 */
export function createClient(
  { baseURL, headers = {}, makeClient }: OpenAIOptions,
  apiKey: string,
  timeoutMs: number,
): OpenAI {
  const reason = baseURL === undefined ? undefined : whyNoBaseURL(baseURL)
  if (reason !== undefined) {
    throw new LimnError('usage', `The base URL ${reason}.`, {
      hint: 'Write it as https://images.example.com/v1; a key stands in the variable that `key` names.',
    })
  }
  const sdk = loadSdk()
  const isElsewhere = baseURL !== undefined && !isOpenAI(baseURL)
  const auth: Record<string, string | null> =
    apiKey === ''
      ? { Authorization: null }
      : makeClient === undefined
        ? { Authorization: `Bearer ${apiKey}` }
        : { 'api-key': apiKey }
  const options: ClientOptions = {
    // The SDK wants some key; where there is none, none is sent.
    apiKey: apiKey === '' ? 'none' : apiKey,
    // What the SDK finds in the environment by itself is meant for OpenAI, and would go to any server.
    adminAPIKey: null,
    ...(baseURL === undefined ? {} : { organization: null, project: null }),
    baseURL: baseURL ?? null,
    defaultHeaders: {
      ...(isElsewhere ? headersForOpenAI() : {}),
      ...(isElsewhere || apiKey === '' ? auth : {}),
      ...headers,
    },
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  }
  return makeClient === undefined ? new sdk.OpenAI(options) : makeClient(sdk, options)
}

/**
 * The headers that the SDK takes from OPENAI_CUSTOM_HEADERS by itself, each as `null`: then it is
 * not sent.
 */
function headersForOpenAI(): Record<string, null> {
  // oxlint-disable-next-line no-restricted-globals -- the SDK reads it there by itself: no other way tells what it will send
  const lines = (process.env['OPENAI_CUSTOM_HEADERS'] ?? '').split('\n')
  return Object.fromEntries(
    lines.flatMap((line) =>
      line.includes(':') ? [[line.slice(0, line.indexOf(':')).trim(), null]] : [],
    ),
  )
}

/** JSON as it is, or the form with its files. */
function bodyOf({ fields, files }: WireCall): Record<string, unknown> | FormData {
  if (files === null) return fields
  const form = new FormData()
  const append = (name: string, value: unknown): void => {
    if (value === null || value === undefined) return
    if (typeof value === 'object') {
      for (const [key, each] of Object.entries(value)) {
        append(Array.isArray(value) ? `${name}[]` : `${name}[${key}]`, each)
      }
    } else form.append(name, String(value))
  }
  for (const [name, value] of Object.entries(fields)) append(name, value)
  for (const { field, name, bytes, type } of files) {
    form.append(field, new File([bytes as Uint8Array<ArrayBuffer>], name, { type }))
  }
  return form
}

function isEventStream(headers: Headers): boolean {
  return headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') === true
}

/** @throws LimnError `provider/no-key` where a key is missing, or is none that can be sent */
export function requireKey(
  { name, key, isKeyOptional }: Pick<ProviderSettings, 'name' | 'key' | 'isKeyOptional'>,
  apiKey: string,
): void {
  if (apiKey === '' && !isKeyOptional) {
    throw new LimnError(
      'provider/no-key',
      `The provider ${name} needs a key, and ${key} is not set.`,
      {
        hint: `Set ${key}, or write it to .env beside the manifest. To draw offline and free, write \`provider: local\`.`,
      },
    )
  }
  const reason = whyNoKey(apiKey)
  if (reason !== undefined) {
    throw new LimnError('provider/no-key', `${key} ${reason}.`, {
      hint: 'Copy the key anew, without anything around it.',
    })
  }
}

/** Why a text can't be sent as a key, as the end of a sentence; `undefined` where it can. */
export function whyNoKey(apiKey: string): string | undefined {
  return /^[\x21-\x7e]*$/.test(apiKey)
    ? undefined
    : 'holds what no key has: a space, a line break or a letter beyond ASCII'
}

function timeout(): ProviderError {
  return new ProviderError(
    'provider/timeout',
    'The server did not answer in time. The picture may have been billed all the same.',
    { hint: 'Look at the usage page before you run the command again.' },
  )
}

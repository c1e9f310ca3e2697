import type { OpenAI } from 'openai'
import { LimnError } from '../../errors.ts'
import { findModel, type OwnModels } from '../../models/models.ts'
import { servers } from '../../models/servers.ts'
import { removeSecret } from '../../safe-text.ts'
import type { ProviderEnvironment } from '../environment.ts'
import { maxAnswerBytes, maxStreamBytes } from '../http/limited-fetch.ts'
import { type OnBody, readResponse } from '../http/read-response.ts'
import { redactKeys } from '../http/redact-keys.ts'
import {
  type GenerateOptions,
  type ImageProvider,
  mayBeBilled,
  ProviderError,
} from '../provider.ts'
import { createClient, createLimitedClients, type OpenAIClientOptions } from './client.ts'
import { timeoutError } from './explain-connection.ts'
import { explainOpenAIError } from './explain-error.ts'
import type { FailureContext } from './failure-table.ts'
import { createImagesCall } from './images-call.ts'
import { requireKey } from './key.ts'
import { readRateHeaders } from './rate-headers.ts'
import { readAnswer } from './read-answer.ts'
import { readStream } from './read-stream.ts'
import { createBody } from './request-body.ts'
import { type ServerDialect, toServerDialect, type WireCall } from './server-dialect.ts'

export type OpenAIOptions = Pick<OpenAIClientOptions, 'baseURL' | 'headers' | 'makeClient'> & {
  apiKey: string | undefined
  /** Variable that the key is read from, for messages. Default OPENAI_API_KEY. */
  keyName?: string
  /** Whether the server accepts requests without a key. Default false. */
  isKeyOptional?: boolean
  /** Name in messages. Default openai. */
  name?: string
  /** For one request, ms. Default 600,000: high quality can take minutes. */
  timeoutMs?: number
  /** Identifies the end user. Only its hash is sent. */
  safetyIdentifier?: string | null
  /** Models that the manifest describes. */
  models?: OwnModels
  /** Differences from OpenAI's API. Default: none. */
  dialect?: ServerDialect
  /** Variables of the process, with the user's proxies. Default: none. */
  env?: ProviderEnvironment
}

const openaiDialect: ServerDialect = { quirks: servers.openai.quirks, body: {}, names: {} }

/**
 * Creates the provider for OpenAI's Images API, or for any server that speaks it.
 *
 * @throws LimnError `provider/no-key` for a missing key; `usage` for an invalid base URL
 */
export async function createOpenAIProvider(options: OpenAIOptions): Promise<ImageProvider> {
  const { name = 'openai', keyName = servers.openai.key, isKeyOptional = false } = options
  const { timeoutMs = 600_000, dialect = openaiDialect, models, safetyIdentifier } = options
  const { env = {} } = options
  const apiKey = options.apiKey ?? ''
  requireKey({ name, key: keyName, isKeyOptional }, apiKey)
  const client = createClient({ ...options, apiKey, timeoutMs })
  const clientFor = createLimitedClients(client, { timeoutMs, env })

  return {
    async generate(request, generateOptions) {
      const { signal, inputs = [], count = 1, partials, onRate, onLinks } = generateOptions
      const call = createImagesCall(request, {
        row: findModel(request.model, models),
        inputs,
        count,
        partials,
        safetyIdentifier,
      })
      const wire = toServerDialect(call, dialect)
      const timeout = AbortSignal.timeout(timeoutMs)
      const context: FailureContext & { baseURL: string } = {
        model: request.model,
        apiKey,
        baseURL: client.baseURL,
        keyName,
        endpoint: call.endpoint,
        hasPictures: inputs.length > 0,
        isBegun: false,
      }
      let body: (() => Uint8Array) | undefined
      try {
        const { answer, requestId } = await send(wire, {
          ...generateOptions,
          idempotencyKey: dialect.quirks.idempotencyKeys
            ? generateOptions.idempotencyKey
            : undefined,
          count: call.fields.n ?? 1,
          stop: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          clientFor,
          onBegin: () => (context.isBegun = true),
          onBody: (arrived) => (body = arrived),
        })
        return await readAnswer(answer, { context, requestId, signal, env, onLinks })
      } catch (error) {
        if (signal?.aborted === true) throw stopped(error, apiKey)
        if (timeout.aborted) throw withResponse(timeoutError(), { body, apiKey })
        reportRate((error as { headers?: Headers } | undefined)?.headers, onRate)
        throw withResponse(explainOpenAIError(error, context), { body, apiKey })
      }
    },
  }
}

type SendOptions = Pick<GenerateOptions, 'idempotencyKey' | 'partials' | 'onPartial' | 'onRate'> & {
  /** Number of pictures that the call requests. */
  count: number
  /** Ends the request. */
  stop: AbortSignal
  clientFor: (maxBytes: number) => OpenAI
  /** Called when the server has begun to stream a picture. */
  onBegin: () => void
  onBody: OnBody
}

/**
 * Sends a call and returns the answer, in the form of the Images API also if it was streamed.
 *
 * @throws what the `openai` package throws; ProviderError
 */
async function send(
  wire: WireCall,
  {
    count,
    idempotencyKey,
    partials,
    stop,
    clientFor,
    onBegin,
    onBody,
    onPartial,
    onRate,
  }: SendOptions,
): Promise<{ answer: unknown; requestId: string | null | undefined }> {
  const isStreamed = wire.fields['stream'] === true
  const maxBytes = isStreamed ? maxStreamBytes(count + (partials ?? 0)) : maxAnswerBytes(count)
  const { data: response, request_id: requestId } = await clientFor(maxBytes)
    .post<Response>(wire.path, {
      body: createBody(wire),
      signal: stop,
      ...(idempotencyKey === undefined ? {} : { headers: { 'Idempotency-Key': idempotencyKey } }),
      __metadata: { model: wire.fields['model'] },
      __binaryResponse: true,
    })
    .withResponse()
  reportRate(response.headers, onRate)
  // Servers stream although nobody asked them to, and send one JSON answer where a stream was
  // requested.
  const body = await readResponse(response, onBody)
  if (body.kind === 'value') return { answer: body.value, requestId }
  onBegin()
  const { headers } = response
  return { answer: await readStream(body.events, { count, headers, onPartial }), requestId }
}

/**
 * Adds what arrived to an error about a request that may have been billed, without the user's key,
 * which a server may repeat.
 */
function withResponse(
  error: unknown,
  { body, apiKey }: { body: (() => Uint8Array) | undefined; apiKey: string },
): unknown {
  if (!(error instanceof ProviderError) || !mayBeBilled(error)) return error
  const bytes = body?.()
  if (bytes !== undefined && bytes.length > 0) error.response = removeSecret(bytes, apiKey)
  return error
}

function reportRate(headers: Headers | undefined, onRate: GenerateOptions['onRate']): void {
  const rate = readRateHeaders(headers)
  if (rate !== undefined) onRate?.(rate)
}

function stopped(error: unknown, apiKey: string): LimnError {
  return new LimnError('aborted', 'The run was stopped before the picture arrived.', {
    cause: redactKeys(String(error), apiKey),
  })
}

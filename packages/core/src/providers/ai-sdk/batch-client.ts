import type * as AiSdk from 'ai'
import type { SdkImageModel } from '../../config.ts'
import { LimnError } from '../../errors.ts'
import { isObject } from '../../is-object.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import type { BatchClient, BatchState, CreateBatch, PreparedRequest } from '../batch-client.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { type KeyAccess, requireProviderConsent } from '../key-access.ts'
import { readBatchState } from './batch-state.ts'
import { findBatch } from './find-batch.ts'
import { findImageModel, loadConfig } from './load-config.ts'
import { readBatchAnswers } from './read-batch-answers.ts'
import { openBatches, type SdkBatches } from './sdk-batches.ts'
import { checkInputs, createOptions, type SdkOptions } from './sdk-request.ts'

/** Largest number of pictures in one batch: the SDK may hold all of its results in memory. */
const MAX_PICTURES = 25

/**
 * Creates the client for the Batch API that processes an image model of `limn.config.ts`.
 *
 * @param options.root folder of the manifest, absolute
 * @throws LimnError `config/not-found`, `config/not-trusted`, `config/invalid`
 */
export async function createSdkBatchClient(options: {
  settings: ProviderSettings
  model: string
  access: KeyAccess
  root: string
}): Promise<BatchClient> {
  const { settings, access, root } = options
  await requireProviderConsent(settings, { access, root })
  const config = await loadConfig(root)
  const name = settings.names[options.model] ?? options.model
  const model = findImageModel(name, config)
  const batches = await openBatches(model, { config, name, settings })
  const { sdk, api, provider, headers, call } = batches
  const read = async (id: string, signal?: AbortSignal): Promise<BatchState> => {
    const batch = { version: 2, id, provider: api } as const
    const readStatus = (stop: AbortSignal): Promise<AiSdk.Experimental_BatchStatus> =>
      sdk
        .experimental_getBatchStatus({ provider, batch, headers, maxRetries: 0, abortSignal: stop })
        .catch((error: unknown) => {
          throw isUnknownBatch(error) ? unknownBatch(id, settings) : error
        })
    return readBatchState(id, await call(readStatus, signal))
  }
  return {
    host: api,
    maxPictures: MAX_PICTURES,
    prepare: ({ id, request, inputs, count }) => {
      checkInputs(model, name, inputs)
      const options = createOptions(request, model, { inputs, settings })
      return prepareLine({ ...options, id, n: count }, modelIdOf(model))
    },
    upload: (requests) => Promise.resolve(creatorOf(requests, batches)),
    find: (batch, signal) => findBatch(batch, { ...batches, signal }),
    read,
    async cancel(id) {
      const batch = { version: 2, id, provider: api } as const
      await call((abortSignal) =>
        sdk.experimental_cancelBatch({ provider, batch, headers, abortSignal }),
      )
      return read(id)
    },
    answers: (id, { signal }) => readBatchAnswers(id, { ...batches, signal }),
  }
}

/** Puts a request into one line of JSON, so that its size is known. */
function prepareLine(
  { prompt, size, aspectRatio, providerOptions, id, n }: SdkOptions & { id: string; n: number },
  model: string,
): PreparedRequest {
  const line = {
    id,
    type: 'image',
    model,
    prompt: isObject(prompt) ? withBase64(prompt) : prompt,
    n,
    size,
    aspectRatio,
    providerOptions,
  }
  return { group: 'images', line: Buffer.from(JSON.stringify(line)) }
}

function withBase64(prompt: Record<string, unknown>): Record<string, unknown> {
  const toBase64 = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('base64')
  const { images, mask } = prompt
  return {
    ...prompt,
    ...(Array.isArray(images) ? { images: images.map(toBase64) } : {}),
    ...(mask === undefined ? {} : { mask: toBase64(mask) }),
  }
}

/** Returns the function that creates a batch: the SDK uploads and creates it in one call. */
function creatorOf(
  requests: readonly PreparedRequest[],
  { sdk, provider, headers, call }: SdkBatches,
): CreateBatch {
  return async (uuid, signal) => {
    const lines = requests.map(
      ({ line }) => JSON.parse(line.toString('utf8')) as AiSdk.Experimental_ImageBatchRequest,
    )
    const { id, ...status } = await call(
      (abortSignal) =>
        sdk.experimental_startBatch({
          provider,
          requests: lines.map((line) => ({ ...line, id: `${line.id}-${uuid}` })),
          headers,
          abortSignal,
        }),
      signal,
    )
    return readBatchState(id, status)
  }
}

function modelIdOf(model: SdkImageModel): string {
  return typeof model === 'string' ? model : model.modelId
}

/** Whether the API itself says that it has no such batch. A gateway answers with a page. */
function isUnknownBatch(error: unknown): boolean {
  const { statusCode, responseBody } = error as { statusCode?: unknown; responseBody?: unknown }
  if (statusCode !== 404 || typeof responseBody !== 'string') return false
  try {
    return isObject(JSON.parse(responseBody))
  } catch {
    return false
  }
}

function unknownBatch(id: string, { name }: ProviderSettings): LimnError {
  return new LimnError('batch/unknown', `${name} has no batch ${redactKeys(id, '')}.`, {
    hint: `Run \`limn batch cancel ${redactKeys(id, '')}\` to stop waiting for it; it was sent with another key or has been deleted.`,
  })
}

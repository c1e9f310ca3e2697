import type { generateImage as GenerateImage } from 'ai'
import type { SdkImageModel } from '../../config.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import type { ImageRequest } from '../../identity/request.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import type { Usage } from '../../models/cost.ts'
import { extraFields, type MaskPolarity } from '../../models/servers.ts'
import { parseSize } from '../../models/size.ts'
import { scrub } from '../http/redact-keys.ts'
import { isObject, revisedPromptOf } from '../openai/read-answer.ts'
import { nearestRatio } from '../openai/server-dialect.ts'
import { type ImageProvider, type InputPicture, ProviderError } from '../provider.ts'
import { explainSdkError } from './explain-error.ts'
import { loadImageModels } from './load-config.ts'

/** Shapes that models of the AI SDK take by name. */
const RATIOS = [
  '1:1',
  '16:9',
  '9:16',
  '4:3',
  '3:4',
  '3:2',
  '2:3',
  '4:5',
  '5:4',
  '21:9',
  '9:21',
] as const

type SdkOptions = Parameters<typeof GenerateImage>[0]
type SdkResult = Awaited<ReturnType<typeof GenerateImage>>

/**
 * Image models of the AI SDK, as `limn.config.ts` hands them over. Each knows by itself where it is
 * asked and with which key. The SDK's own retries are off.
 *
 * @param root folder of the manifest, absolute
 * @throws LimnError `config/not-found`, `config/invalid`
 */
export async function createAiSdkProvider(
  settings: ProviderSettings,
  root: string,
): Promise<ImageProvider> {
  const { file, imageModels } = await loadImageModels(root)
  const sdk = await loadSdk()
  // The SDK prints warnings to standard output unless it is told not to; who set it otherwise keeps that.
  const host = globalThis as { AI_SDK_LOG_WARNINGS?: unknown }
  host.AI_SDK_LOG_WARNINGS ??= false

  return {
    async generate(request, { signal, inputs = [], count = 1 }) {
      const name = settings.names[request.model] ?? request.model
      const model = Object.hasOwn(imageModels, name) ? imageModels[name]! : undefined
      if (model === undefined) throw noModel(name, file, Object.keys(imageModels))
      refuseInputs(model, name, inputs)
      const limit = AbortSignal.timeout(settings.timeoutMs)
      const stop = signal === undefined ? limit : AbortSignal.any([signal, limit])
      try {
        return answerOf(
          await sdk.generateImage({
            ...optionsOf(request, model, { inputs, settings }),
            n: Math.min(count, await mostPerCall(model)),
            maxRetries: 0,
            abortSignal: stop,
          }),
        )
      } catch (error) {
        if (signal?.aborted === true) {
          throw new LimnError('aborted', 'Stopped before the picture came.', {
            cause: scrub(String(error), ''),
          })
        }
        throw explainSdkError(error, { request, isTimeout: limit.aborted })
      }
    },
  }
}

async function loadSdk(): Promise<typeof import('ai')> {
  try {
    return await import('ai')
  } catch (error) {
    throw new LimnError(
      'config/invalid',
      'The provider asks for models of the AI SDK, and the package `ai` is not installed.',
      { hint: 'Install it: `npm install --save-dev ai@7`.', cause: error },
    )
  }
}

/** What the SDK takes, of a request. Both size and shape are said: models take one of the two. */
function optionsOf(
  { prompt, size, ...rest }: ImageRequest,
  model: SdkImageModel,
  { inputs, settings }: { inputs: readonly InputPicture[]; settings: ProviderSettings },
): SdkOptions {
  const wanted = parseSize(size)
  const mask = inputs.find(({ role }) => role === 'mask')
  const pictures = inputs.filter(({ role }) => role !== 'mask').map(({ bytes }) => bytes)
  const vendor = vendorOf(model)
  const own = {
    ...extraFields(settings.body, 'ai-sdk'),
    ...(vendor === 'openai' || vendor === 'azure' ? openaiOptions(rest) : {}),
  }
  return {
    model: model as SdkOptions['model'],
    prompt:
      pictures.length === 0
        ? prompt
        : {
            text: prompt,
            images: pictures,
            ...(mask === undefined
              ? {}
              : { mask: mask.masks?.[settings.quirks.maskPolarity as MaskPolarity] ?? mask.bytes }),
          },
    ...(wanted === undefined
      ? {}
      : {
          size: `${wanted.width}x${wanted.height}`,
          aspectRatio: nearestRatio(wanted, RATIOS) as NonNullable<SdkOptions['aspectRatio']>,
        }),
    headers: settings.headers,
    // Azure's models take the options of OpenAI's.
    providerOptions:
      Object.keys(own).length === 0
        ? {}
        : ({ [vendor === 'azure' ? 'openai' : vendor]: own } as NonNullable<
            SdkOptions['providerOptions']
          >),
  }
}

/**
 * Most pictures of one call. Of more the SDK makes several calls, and where one of them fails it
 * throws away what the others brought.
 */
async function mostPerCall(model: SdkImageModel): Promise<number> {
  // The gateway takes any number.
  if (typeof model === 'string') return Infinity
  const { maxImagesPerCall: most } = model as {
    maxImagesPerCall?:
      | number
      | ((options: { modelId: string }) => number | undefined | PromiseLike<number | undefined>)
  }
  return (
    (typeof most === 'function' ? await most.call(model, { modelId: model.modelId }) : most) ?? 1
  )
}

/** `openai` of `openai.image`; of an id at the gateway, what stands before its slash. */
function vendorOf(model: SdkImageModel): string {
  return typeof model === 'string' ? model.split('/', 1)[0]! : model.provider.split('.', 1)[0]!
}

function openaiOptions({
  quality,
  background,
  format,
  compression,
  complexity,
  moderation,
  fidelity,
  frames,
  inputs = [],
}: Omit<ImageRequest, 'prompt' | 'size'>): Record<string, unknown> {
  return {
    ...(quality === 'auto' ? {} : { quality }),
    ...(background === 'auto' ? {} : { background }),
    ...(format === 'png' ? {} : { outputFormat: format }),
    ...(compression === undefined ? {} : { outputCompression: compression }),
    ...(complexity === undefined ? {} : { complexity }),
    ...(moderation === undefined || inputs.length > 0 ? {} : { moderation }),
    ...(fidelity === undefined || inputs.length === 0 ? {} : { inputFidelity: fidelity }),
    ...(frames === undefined ? {} : { frameCount: frames.count, frameDurationMs: frames.ms }),
  }
}

/** A model that says it takes no pictures would leave them out and draw all the same. */
function refuseInputs(model: SdkImageModel, name: string, inputs: readonly InputPicture[]): void {
  const { supportsFileInputs, supportsMaskInputs } = model as {
    supportsFileInputs?: boolean
    supportsMaskInputs?: boolean
  }
  const hasMask = inputs.some(({ role }) => role === 'mask')
  const cannot =
    inputs.length > 0 && supportsFileInputs === false
      ? 'takes no pictures'
      : hasMask && supportsMaskInputs === false
        ? 'takes no mask'
        : undefined
  if (cannot !== undefined) {
    throw new ProviderError('provider/refused', `${name} ${cannot}.`, {
      hint: 'Name another model, or leave it out.',
    })
  }
}

function answerOf({
  images,
  responses,
  usage,
  providerMetadata,
}: SdkResult): Awaited<ReturnType<ImageProvider['generate']>> {
  const facts = Object.values(providerMetadata as Record<string, unknown>).flatMap(
    (each) => (isObject(each) && Array.isArray(each['images']) ? each['images'] : []) as unknown[],
  )
  const details = facts.map((each) => (isObject(each) ? each : {}))
  const requestId = responses[0]?.headers?.['x-request-id']
  const tokens = usageOf(usage, details)
  return {
    images: images.map(({ uint8Array }) => uint8Array),
    revisedPrompts: images.map((_, index) =>
      revisedPromptOf({ revised_prompt: details[index]?.['revisedPrompt'] }, ''),
    ),
    ...(tokens === undefined ? {} : { usage: tokens }),
    ...(requestId === undefined ? {} : { requestId: scrub(requestId, '') }),
  }
}

function usageOf(
  { inputTokens, outputTokens = 0 }: SdkResult['usage'],
  details: readonly Record<string, unknown>[],
): Usage | undefined {
  if (outputTokens <= 0) return undefined
  const sum = (field: string): number | undefined =>
    details.reduce<number | undefined>(
      (total, each) => (typeof each[field] === 'number' ? (total ?? 0) + each[field] : total),
      undefined,
    )
  const image = sum('imageTokens')
  const text =
    sum('textTokens') ?? (inputTokens === undefined ? undefined : inputTokens - (image ?? 0))
  return {
    outputTokens,
    ...(text === undefined ? {} : { inputTextTokens: text }),
    ...(image === undefined ? {} : { inputImageTokens: image }),
  }
}

function noModel(name: string, file: string, known: readonly string[]): LimnError {
  const list = known.length === 0 ? 'It has none so far.' : `It has ${known.join(', ')}.`
  return new LimnError('config/invalid', `${file} has no image model "${name}".`, {
    hint:
      didYouMean(name, known) ??
      `Add it below \`imageModels\`, or name another as \`model\`. ${list}`,
  })
}

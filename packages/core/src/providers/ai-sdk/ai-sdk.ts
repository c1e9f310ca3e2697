import type * as AiSdk from 'ai'
import type { SdkImageModel } from '../../config.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import type { ImageRequest } from '../../identity/request.ts'
import { isObject } from '../../is-object.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import type { Usage } from '../../models/cost.ts'
import { extraFields, type MaskPolarity } from '../../models/servers.ts'
import { parseSize } from '../../models/size.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { type KeyAccess, requireProviderConsent } from '../key-access.ts'
import { readRevisedPrompt } from '../openai/read-answer.ts'
import { nearestRatio } from '../openai/server-dialect.ts'
import { type ImageProvider, type ProviderAnswer, ProviderError } from '../provider.ts'
import { explainSdkError } from './explain-error.ts'
import { loadImageModels } from './load-config.ts'

/** Ratios that models of the AI SDK accept by name. */
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

type SdkOptions = Parameters<typeof AiSdk.generateImage>[0]
type SdkResult = Awaited<ReturnType<typeof AiSdk.generateImage>>

/**
 * Creates the provider for the image models of the AI SDK in `limn.config.ts`. Each model has its
 * own server and key. The SDK's own retries are off.
 *
 * @param context.root folder of the manifest, absolute
 * @throws LimnError `config/not-found`, `config/not-trusted`, `config/invalid`
 */
export async function createAiSdkProvider(
  settings: ProviderSettings,
  { root, access }: { root: string; access: KeyAccess },
): Promise<ImageProvider> {
  await requireProviderConsent(settings, { access, root })
  const { file, imageModels } = await loadImageModels(root)
  const sdk = await loadSdk()
  // By default the SDK prints warnings to standard output; a value that the user set is kept.
  const host = globalThis as { AI_SDK_LOG_WARNINGS?: unknown }
  host.AI_SDK_LOG_WARNINGS ??= false

  return {
    async generate(request, { signal, inputs = [], count = 1 }) {
      const name = settings.names[request.model] ?? request.model
      const model = Object.hasOwn(imageModels, name) ? imageModels[name]! : undefined
      if (model === undefined) throw unknownModel(name, file, Object.keys(imageModels))
      checkInputs(model, name, inputs)
      const timeout = AbortSignal.timeout(settings.timeoutMs)
      try {
        const result = await sdk.generateImage({
          ...createOptions(request, model, { inputs, settings }),
          n: Math.min(count, await maxPicturesPerCall(model)),
          maxRetries: 0,
          abortSignal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        })
        return readResult(result)
      } catch (error) {
        if (signal?.aborted === true) {
          throw new LimnError('aborted', 'The run was stopped before the picture arrived.', {
            cause: redactKeys(String(error), ''),
          })
        }
        throw explainSdkError(error, { request, isTimeout: timeout.aborted })
      }
    },
  }
}

async function loadSdk(): Promise<typeof AiSdk> {
  try {
    return await import('ai')
  } catch (error) {
    throw new LimnError(
      'config/invalid',
      'The provider uses models of the AI SDK, but the package `ai` is not installed.',
      { hint: 'Run `npm install --save-dev ai@7`.', cause: error },
    )
  }
}

/**
 * Translates a request into the options of the SDK. Both size and ratio are set: each model uses
 * one of the two.
 */
function createOptions(
  { prompt, size, ...rest }: ImageRequest,
  model: SdkImageModel,
  { inputs, settings }: { inputs: readonly InputPicture[]; settings: ProviderSettings },
): SdkOptions {
  const vendor = vendorOf(model)
  // Azure's models take the options of OpenAI's.
  const isOpenAI = vendor === 'openai' || vendor === 'azure'
  const vendorOptions = {
    ...extraFields(settings.body, 'ai-sdk'),
    ...(isOpenAI ? openaiOptions(rest) : {}),
  }
  const providerOptions =
    Object.keys(vendorOptions).length === 0 ? {} : { [isOpenAI ? 'openai' : vendor]: vendorOptions }
  return {
    model: model as SdkOptions['model'],
    prompt: createPrompt(prompt, inputs, settings),
    ...sizeOptions(size),
    headers: settings.headers,
    providerOptions: providerOptions as NonNullable<SdkOptions['providerOptions']>,
  }
}

function createPrompt(
  text: string,
  inputs: readonly InputPicture[],
  { quirks }: ProviderSettings,
): SdkOptions['prompt'] {
  const images = inputs.filter(({ role }) => role !== 'mask').map(({ bytes }) => bytes)
  if (images.length === 0) return text
  const mask = inputs.find(({ role }) => role === 'mask')
  if (mask === undefined) return { text, images }
  return { text, images, mask: mask.masks?.[quirks.maskPolarity as MaskPolarity] ?? mask.bytes }
}

function sizeOptions(size: string): Pick<SdkOptions, 'size' | 'aspectRatio'> {
  const parsed = parseSize(size)
  if (parsed === undefined) return {}
  return {
    size: `${parsed.width}x${parsed.height}`,
    aspectRatio: nearestRatio(parsed, RATIOS) as NonNullable<SdkOptions['aspectRatio']>,
  }
}

/**
 * Returns the maximum of pictures per call. For more, the SDK makes several calls, and if one of
 * them fails, it discards the pictures of the others.
 */
async function maxPicturesPerCall(model: SdkImageModel): Promise<number> {
  // The gateway accepts any number.
  if (typeof model === 'string') return Infinity
  const { maxImagesPerCall: most } = model as {
    maxImagesPerCall?:
      | number
      | ((options: { modelId: string }) => number | undefined | PromiseLike<number | undefined>)
  }
  const max = typeof most === 'function' ? await most.call(model, { modelId: model.modelId }) : most
  return max ?? 1
}

/** Returns `openai` for `openai.image`; for an id of the gateway, the part before its slash. */
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

/**
 * Checks that a model accepts the inputs: otherwise it would ignore them and generate a picture all
 * the same.
 *
 * @throws ProviderError `provider/refused`
 */
function checkInputs(model: SdkImageModel, name: string, inputs: readonly InputPicture[]): void {
  const { supportsFileInputs, supportsMaskInputs } = model as {
    supportsFileInputs?: boolean
    supportsMaskInputs?: boolean
  }
  const hasMask = inputs.some(({ role }) => role === 'mask')
  const refuse = (what: string, part: string): ProviderError =>
    new ProviderError('provider/refused', `${name} does not accept ${what}.`, {
      hint: `Use another model, or remove ${part} from the asset.`,
    })
  if (inputs.length > 0 && supportsFileInputs === false) {
    throw refuse('input pictures', 'the input pictures')
  }
  if (hasMask && supportsMaskInputs === false) throw refuse('masks', 'the mask')
}

function readResult({ images, responses, usage, providerMetadata }: SdkResult): ProviderAnswer {
  const facts = Object.values(providerMetadata as Record<string, unknown>).flatMap(
    (each) => (isObject(each) && Array.isArray(each['images']) ? each['images'] : []) as unknown[],
  )
  const details = facts.map((each) => (isObject(each) ? each : {}))
  const requestId = responses[0]?.headers?.['x-request-id']
  const tokens = readTokens(usage, details)
  return {
    images: images.map(({ uint8Array }) => uint8Array),
    revisedPrompts: images.map((_, index) =>
      readRevisedPrompt({ revised_prompt: details[index]?.['revisedPrompt'] }, ''),
    ),
    ...(tokens === undefined ? {} : { usage: tokens }),
    ...(requestId === undefined ? {} : { requestId: redactKeys(requestId, '') }),
  }
}

function readTokens(
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

function unknownModel(name: string, file: string, known: readonly string[]): LimnError {
  const others = known.length === 0 ? '' : `, or set \`model\` to one of ${known.join(', ')}`
  return new LimnError('config/invalid', `${file} has no image model "${name}".`, {
    hint: didYouMean(name, known) ?? `Add it to \`imageModels\`${others}.`,
  })
}

import type * as AiSdk from 'ai'
import type { SdkImageModel } from '../../config.ts'
import type { ImageRequest } from '../../identity/request.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { isOwnPicture } from '../../models/input-role.ts'
import { extraFields, type MaskPolarity } from '../../models/servers.ts'
import { parseSize } from '../../models/size.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import { nearestRatio } from '../openai/server-dialect.ts'
import { ProviderError } from '../provider.ts'

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

/** What the SDK generates pictures from. */
export type SdkOptions = Parameters<typeof AiSdk.generateImage>[0]

/**
 * Translates a request into the options of the SDK. Both size and ratio are set: each model uses
 * one of the two.
 */
export function createOptions(
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
  const images = inputs.filter(isOwnPicture).map(({ bytes }) => bytes)
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

/** Returns `openai` for `openai.image`; for an id of the gateway, the part before its slash. */
export function vendorOf(model: SdkImageModel): string {
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
export function checkInputs(
  model: SdkImageModel,
  name: string,
  inputs: readonly InputPicture[],
): void {
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
  if (inputs.some(({ role }) => role === 'markup')) throw refuse('`markup`', 'it')
  if (hasMask && supportsMaskInputs === false) throw refuse('masks', 'the mask')
}

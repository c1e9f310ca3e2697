import type { toFile as ToFile } from 'openai'
import type { ImageEditParamsNonStreaming, ImageGenerateParamsNonStreaming } from 'openai/resources/images'
import { LimnError } from '../errors.ts'
import type { Usage } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import type { ImageRequest } from '../plan/request.ts'
import { fetchAtMost, maxAnswerBytes, pictureFromAnswer } from './answer.ts'
import { explainOpenAIError, scrub } from './openai-errors.ts'
import { type ImageProvider, type InputPicture, ProviderError } from './provider.ts'

export type OpenAIOptions = {
  /** Names the key in messages: the variable it is read from. */
  apiKey: string | undefined
  /** Default https://api.openai.com/v1 */
  baseURL?: string | undefined
  /** For one request, ms. Default 600,000: high quality can take minutes. */
  timeoutMs?: number
}

/**
 * OpenAI's Images API, or any server that speaks it. The SDK's own retries are off: it
 * would ask again where the quota is used up, and ignores waits above a minute.
 *
 * @throws LimnError `provider/no-key` where there is no key
 */
export async function createOpenAIProvider({ apiKey, baseURL, timeoutMs = 600_000 }: OpenAIOptions): Promise<ImageProvider> {
  if (apiKey === undefined || apiKey === '') {
    throw new LimnError('provider/no-key', 'The provider openai needs a key, and OPENAI_API_KEY is not set.', { hint: 'Set OPENAI_API_KEY, or write it to .env beside the manifest. To draw offline and free, write `provider: local`.' })
  }
  const { default: OpenAI, toFile } = await import('openai')
  const client = new OpenAI({ apiKey, baseURL: baseURL ?? null, maxRetries: 0, timeout: timeoutMs, logLevel: 'off' })
  return {
    async generate(request, { signal, inputs = [], count = 1 }) {
      const options = signal === undefined ? {} : { signal }
      const { images: api } = client.withOptions({ fetch: fetchAtMost(maxAnswerBytes(count)) })
      const asked = inputs.length === 0 ? api.generate({ ...bodyOf(request), n: count }, options) : api.edit({ ...(await editBodyOf(request, inputs, toFile)), ...(count === 1 ? {} : { n: count }) }, options)
      const { data: answer, request_id: requestId } = await asked
        .withResponse()
        .catch((error: unknown) => {
          throw explainOpenAIError(error, { model: request.model, apiKey })
        })
      // Not every server keeps to the type.
      const listed: unknown = (answer as { data?: unknown } | null | undefined)?.data
      const pictures = Array.isArray(listed) ? listed.filter(isPicture) : []
      if (pictures.length === 0) throw emptyAnswer(answer, apiKey)
      const settled = await Promise.allSettled(pictures.map((picture) => pictureFromAnswer(picture, client.baseURL, signal)))
      // All were paid for: those that came whole are kept.
      const good = settled.flatMap((result, index) => (result.status === 'fulfilled' ? [{ bytes: result.value, revisedPrompt: revisedPromptOf(pictures[index]!) }] : []))
      if (good.length === 0) throw (settled[0] as PromiseRejectedResult).reason
      const usage = usageOf(answer.usage)
      return {
        images: good.map(({ bytes }) => bytes),
        revisedPrompts: good.map(({ revisedPrompt }) => revisedPrompt),
        ...(usage === undefined ? {} : { usage }),
        ...(requestId === null || requestId === undefined ? {} : { requestId: scrub(requestId, apiKey) }),
      }
    },
  }
}

/** The body of POST /images/generations: only the fields that the model's row allows. */
function bodyOf({ prompt, model, size, quality, background, format }: ImageRequest): ImageGenerateParamsNonStreaming {
  const row = findModel(model)
  const takesFormat = row === undefined || row.formats.length > 0
  return {
    model,
    prompt,
    size: size as NonNullable<ImageGenerateParamsNonStreaming['size']>,
    ...(quality === 'auto' ? {} : { quality: quality as NonNullable<ImageGenerateParamsNonStreaming['quality']> }),
    ...(background === 'auto' ? {} : { background }),
    ...(takesFormat && format !== 'png' ? { output_format: format } : {}),
    ...(row?.linksByDefault === true ? { response_format: 'b64_json' as const } : {}),
  }
}

type AnswerPicture = { b64_json?: string; url?: string; revised_prompt?: unknown }

function isPicture(value: unknown): value is AnswerPicture {
  return typeof value === 'object' && value !== null
}

/** The prompt that a model made of the one it was given, at most as long as the longest that one takes. */
function revisedPromptOf({ revised_prompt: text }: AnswerPicture): string | undefined {
  return typeof text === 'string' ? text.replace(/\p{Cc}+/gu, ' ').slice(0, 32_000) : undefined
}

/** The form of POST /images/edits: the picture to change and the references as `image`, the mask beside them. */
async function editBodyOf(request: ImageRequest, inputs: readonly InputPicture[], toFile: typeof ToFile): Promise<ImageEditParamsNonStreaming> {
  // A wrong content type is refused, so each file names its own.
  const fileOf = ({ bytes, format }: InputPicture, name: string): Promise<File> => toFile(bytes, `${name}.${format === 'jpeg' ? 'jpg' : format}`, { type: `image/${format}` })
  const pictures = await Promise.all(inputs.filter(({ role }) => role !== 'mask').map((input, index) => fileOf(input, `image-${index + 1}`)))
  const mask = inputs.find(({ role }) => role === 'mask')
  return { ...(bodyOf(request) as Omit<ImageEditParamsNonStreaming, 'image'>), image: pictures.length === 1 ? pictures[0]! : pictures, ...(mask === undefined ? {} : { mask: await fileOf(mask, 'mask') }) }
}

type AnswerUsage = { output_tokens: number; input_tokens: number; input_tokens_details?: { text_tokens?: number; image_tokens?: number } }

function usageOf(usage: AnswerUsage | undefined): Usage | undefined {
  if (usage === undefined || typeof usage.output_tokens !== 'number' || usage.output_tokens <= 0) return undefined
  const { text_tokens: text = usage.input_tokens, image_tokens: image = 0 } = usage.input_tokens_details ?? {}
  return { inputTextTokens: text, inputImageTokens: image, outputTokens: usage.output_tokens }
}

/** A 200 without a picture: some servers put an error in it, some leave the list empty. */
function emptyAnswer(answer: unknown, apiKey: string): ProviderError {
  const error = typeof answer === 'object' && answer !== null ? (answer as { error?: { message?: unknown } | string }).error : undefined
  const message = typeof error === 'string' ? error : typeof error?.message === 'string' ? error.message : undefined
  if (message !== undefined) return new ProviderError('provider/refused', `The server refused: ${scrub(message, apiKey)}`, { hint: 'Change the prompt or the settings it speaks of.' })
  return new ProviderError('provider/bad-answer', 'The server answered without a picture.', { hint: 'It may have been refused by moderation: reword the prompt, or ask another model.' })
}

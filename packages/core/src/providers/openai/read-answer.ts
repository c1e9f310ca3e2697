import { isObject } from '../../is-object.ts'
import type { Usage } from '../../models/cost.ts'
import type { ProviderEnvironment } from '../environment.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { type GenerateOptions, type ProviderAnswer, ProviderError } from '../provider.ts'
import { explainEmptyAnswer } from './explain-empty-answer.ts'
import type { FailureContext } from './failure-table.ts'
import { type AnswerPicture, findPictures } from './find-pictures.ts'
import { type LinkOptions, linkOf, readPicture } from './read-picture.ts'

type AnswerOptions = {
  context: FailureContext & { baseURL: string }
  requestId?: string | null | undefined
  /** Ends downloads. */
  signal?: AbortSignal | undefined
  /** Variables of the process, with the user's proxies. */
  env: ProviderEnvironment
} & Pick<GenerateOptions, 'onLinks'>

/**
 * Reads an answer of the Images API: pictures, usage and revised prompts.
 *
 * @throws ProviderError for an answer without a picture that can be read
 */
export async function readAnswer(
  answer: unknown,
  { context, requestId, signal, env, onLinks }: AnswerOptions,
): Promise<ProviderAnswer> {
  const pictures = findPictures(answer)
  if (pictures.length === 0) throw explainEmptyAnswer(answer, context)
  const usage = readUsage(answer)
  const { baseURL, apiKey } = context
  const facts = {
    ...(usage === undefined ? {} : { usage }),
    ...(requestId === undefined || requestId === null
      ? {}
      : { requestId: redactKeys(requestId, apiKey) }),
  }
  const links = pictures.flatMap((picture) => linkOf(picture, { baseURL }) ?? [])
  if (links.length > 0) {
    const revisedPrompts = pictures.map((picture) => readRevisedPrompt(picture, apiKey))
    await onLinks?.({ links, revisedPrompts, ...facts })
  }
  return { ...(await readPictures(pictures, { baseURL, env, apiKey, signal })), ...facts }
}

/**
 * Reads pictures as bytes. All of them were paid for: those that can be read are kept, and it fails
 * only if none can.
 */
async function readPictures(
  pictures: readonly AnswerPicture[],
  { apiKey, ...options }: LinkOptions & { apiKey: string },
): Promise<Pick<ProviderAnswer, 'images' | 'revisedPrompts' | 'missingLinks'>> {
  const settled = await Promise.allSettled(pictures.map((each) => readPicture(each, options)))
  const good = settled.flatMap((result, index) =>
    result.status === 'fulfilled'
      ? [{ bytes: result.value, revisedPrompt: readRevisedPrompt(pictures[index]!, apiKey) }]
      : [],
  )
  const failures = settled.map((result) =>
    result.status === 'rejected' ? (result.reason as unknown) : undefined,
  )
  // A picture that may still arrive matters more than one that is damaged.
  if (good.length === 0) throw failures.find(isLinkDown) ?? failures[0]
  const missingLinks = pictures.flatMap((picture, index) =>
    isLinkDown(failures[index]) ? (linkOf(picture, options) ?? []) : [],
  )
  return {
    images: good.map(({ bytes }) => bytes),
    revisedPrompts: good.map(({ revisedPrompt }) => revisedPrompt),
    ...(missingLinks.length === 0 ? {} : { missingLinks }),
  }
}

function isLinkDown(error: unknown): boolean {
  return error instanceof ProviderError && error.link === 'down'
}

/**
 * Reads the prompt that the model made of the original one: one line of at most 32,000 characters,
 * the longest prompt that a model accepts.
 */
export function readRevisedPrompt(
  { revised_prompt: text }: AnswerPicture,
  apiKey: string,
): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined
  // The prompt is stored in the lockfile, where no server may place a key.
  return (apiKey === '' ? text : text.replaceAll(apiKey, '[key]'))
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 32_000)
}

/** Reads the tokens that a server counted; `undefined` if it reports none, or zero output tokens. */
export function readUsage(answer: unknown): Usage | undefined {
  const usage = isObject(answer) ? answer['usage'] : undefined
  if (!isObject(usage)) return undefined
  const outputTokens = count(usage['output_tokens'])
  if (outputTokens === 0) return undefined
  const input = isObject(usage['input_tokens_details']) ? usage['input_tokens_details'] : {}
  const output = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {}
  const inputImageTokens = count(input['image_tokens'])
  const inputTextTokens =
    input['text_tokens'] === undefined
      ? Math.max(0, count(usage['input_tokens']) - inputImageTokens)
      : count(input['text_tokens'])
  const outputTextTokens = Math.min(count(output['text_tokens']), outputTokens)
  const author =
    isObject(answer) && isObject(answer['svg_usage'])
      ? count(answer['svg_usage']['total_tokens'])
      : 0
  return {
    inputTextTokens,
    inputImageTokens,
    outputTokens,
    ...(outputTextTokens === 0 ? {} : { outputTextTokens }),
    ...(author === 0 ? {} : { authorTokens: author }),
  }
}

/** Reads a number of tokens; anything invalid counts as 0. */
function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}

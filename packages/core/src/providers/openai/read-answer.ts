import type { Usage } from '../../models/cost.ts'
import { badAnswer } from '../http/bad-answer.ts'
import { download, isPrivateAddress } from '../http/download.ts'
import { MAX_PICTURE_BYTES } from '../http/limited-fetch.ts'
import { isOwnHost } from '../http/private-address.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { isObject } from '../is-object.ts'
import { type GenerateOptions, type ProviderAnswer, ProviderError } from '../provider.ts'
import { explainEmptyAnswer } from './explain-error.ts'
import type { FailureContext } from './failure-table.ts'

/**
 * A picture of an answer: base64 text, bytes that were decoded while the answer arrived, or a link.
 * Not every server keeps to the types.
 */
export type AnswerPicture = { b64_json?: unknown; url?: unknown; revised_prompt?: unknown }

type AnswerOptions = {
  context: FailureContext & { baseURL: string }
  requestId?: string | null | undefined
  /** Ends downloads. */
  signal?: AbortSignal | undefined
} & Pick<GenerateOptions, 'onLinks'>

/**
 * Reads an answer of the Images API: pictures, usage and revised prompts.
 *
 * @throws ProviderError for an answer without a picture that can be read
 */
export async function readAnswer(
  answer: unknown,
  { context, requestId, signal, onLinks }: AnswerOptions,
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
  const links = pictures.flatMap((picture) => linkOf(picture) ?? [])
  if (links.length > 0) {
    const revisedPrompts = pictures.map((picture) => readRevisedPrompt(picture, apiKey))
    await onLinks?.({ links, revisedPrompts, ...facts })
  }
  return { ...(await readPictures(pictures, { baseURL, apiKey, signal })), ...facts }
}

/** Keys under which servers place their pictures. */
const CONTAINERS = ['data', 'images', 'image', 'output', 'result']
/** Deepest object that is searched for pictures. */
const MAX_DEPTH = 4

/** Finds the pictures of an answer, also if a server wraps them in its own way. */
export function findPictures(answer: unknown): AnswerPicture[] {
  const listed = isObject(answer) ? answer['data'] : undefined
  const pictures = Array.isArray(listed) ? listed.filter(isObject) : []
  if (pictures.some(hasPicture)) return pictures
  const found = searchPictures(answer, { depth: 0, isContainer: false })
  return found.length > 0 ? found : pictures
}

function searchPictures(
  value: unknown,
  { depth, isContainer }: { depth: number; isContainer: boolean },
): AnswerPicture[] {
  if (depth > MAX_DEPTH) return []
  if (Array.isArray(value)) {
    return value.flatMap((item) => searchPictures(item, { depth: depth + 1, isContainer }))
  }
  if (!isObject(value) || value instanceof Uint8Array) return []
  // Elsewhere a link may lead to the documentation of an error.
  if (isContainer ? hasPicture(value) : isFilled(value['b64_json'])) return [value]
  return Object.entries(value).flatMap(([key, inner]) =>
    searchPictures(inner, { depth: depth + 1, isContainer: CONTAINERS.includes(key) }),
  )
}

function hasPicture({ b64_json: base64, url }: AnswerPicture): boolean {
  return isFilled(base64) || (typeof url === 'string' && url !== '')
}

function isFilled(base64: unknown): boolean {
  return base64 instanceof Uint8Array || (typeof base64 === 'string' && base64 !== '')
}

/**
 * Reads pictures as bytes. All of them were paid for: those that can be read are kept, and it fails
 * only if none can.
 */
async function readPictures(
  pictures: readonly AnswerPicture[],
  { baseURL, apiKey, signal }: { baseURL: string; apiKey: string; signal: AbortSignal | undefined },
): Promise<Pick<ProviderAnswer, 'images' | 'revisedPrompts' | 'missingLinks'>> {
  const settled = await Promise.allSettled(
    pictures.map((picture) => readPicture(picture, { baseURL, signal })),
  )
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
    isLinkDown(failures[index]) ? (linkOf(picture) ?? []) : [],
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

/** Returns the link that a picture has to be fetched from; `undefined` if its bytes are there. */
function linkOf({ b64_json: base64, url }: AnswerPicture): string | undefined {
  return !isFilled(base64) && typeof url === 'string' && /^https?:/i.test(url) ? url : undefined
}

/**
 * Reads one picture: base64, with or without a `data:` prefix, or a link.
 *
 * @throws ProviderError `provider/bad-answer`
 */
export async function readPicture(
  { b64_json: base64, url }: AnswerPicture,
  { baseURL, signal }: { baseURL: string; signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const link = typeof url === 'string' ? url : ''
  if (isFilled(base64)) {
    try {
      return toBytes(base64 as string | Uint8Array)
    } catch (error) {
      if (link === '') throw error
    }
  }
  if (link.startsWith('data:')) return decodePicture(link)
  if (link === '') throw badAnswer('The server answered without a picture.')
  // Download from the user's own network only if the API itself is there.
  const isLocal = await isOwnHost(new URL(baseURL).hostname)
  return download(link, {
    maxBytes: MAX_PICTURE_BYTES,
    refuses: isLocal ? () => false : isPrivateAddress,
    signal,
  })
}

/**
 * Returns the bytes of a picture, decoded if they are base64.
 *
 * @throws ProviderError `provider/bad-answer`
 */
export function toBytes(picture: string | Uint8Array): Uint8Array {
  return typeof picture === 'string' ? decodePicture(picture) : withinLimit(picture)
}

function withinLimit(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_PICTURE_BYTES) {
    throw badAnswer(`The picture is larger than ${MAX_PICTURE_BYTES} bytes.`)
  }
  return bytes
}

/**
 * Decodes base64 or a `data:` URL.
 *
 * @throws ProviderError `provider/bad-answer`
 */
function decodePicture(text: string): Uint8Array {
  const comma = text.startsWith('data:') ? text.indexOf(',') : -1
  const body = text.slice(comma + 1)
  if (body.length > (MAX_PICTURE_BYTES * 4) / 3) {
    throw badAnswer(`The picture is larger than ${MAX_PICTURE_BYTES} bytes.`)
  }
  // Some servers send SVG as text.
  if (comma > 0 && !/;base64$/i.test(text.slice(0, comma))) return Buffer.from(decodeURIText(body))
  const bytes = Buffer.from(body, 'base64')
  // Node skips characters that are not base64; a picture that lost bytes that way is incomplete.
  const expected = Math.floor(((body.length - (body.match(/[\s=]/g)?.length ?? 0)) * 3) / 4)
  if (bytes.length === 0 || bytes.length !== expected) {
    throw badAnswer('The picture is not valid base64.')
  }
  return bytes
}

function decodeURIText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    throw badAnswer('The picture is not a valid data: URL.', error)
  }
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

import type { Usage } from '../../models/cost.ts'
import { badAnswer, download, isPrivateAddress, isPrivateHost } from '../http/download.ts'
import type { ProviderAnswer } from '../provider.ts'

/** The largest picture that is taken from a server, bytes. */
export const MAX_PICTURE_BYTES = 64 * 1024 * 1024

/**
 * A picture of an answer: as text or, where it came in one piece, as bytes already. Not every
 * server keeps to the type.
 */
export type AnswerPicture = { b64_json?: unknown; url?: unknown; revised_prompt?: unknown }

/** The pictures of an answer; empty where there are none, or where it is no answer at all. */
export function picturesIn(answer: unknown): AnswerPicture[] {
  const listed = isObject(answer) ? answer['data'] : undefined
  return Array.isArray(listed) ? listed.filter(isObject) : []
}

/**
 * The pictures of an answer as bytes. All were paid for: those that came whole are kept, and only
 * where none did it fails.
 *
 * @throws ProviderError `provider/bad-answer`
 */
export async function readPictures(
  pictures: readonly AnswerPicture[],
  { baseURL, apiKey }: { baseURL: string; apiKey: string },
  signal?: AbortSignal,
): Promise<Pick<ProviderAnswer, 'images' | 'revisedPrompts'>> {
  const settled = await Promise.allSettled(
    pictures.map((picture) => pictureFromAnswer(picture, baseURL, signal)),
  )
  const good = settled.flatMap((result, index) =>
    result.status === 'fulfilled'
      ? [{ bytes: result.value, revisedPrompt: revisedPromptOf(pictures[index]!, apiKey) }]
      : [],
  )
  if (good.length === 0) throw (settled[0] as PromiseRejectedResult).reason
  return {
    images: good.map(({ bytes }) => bytes),
    revisedPrompts: good.map(({ revisedPrompt }) => revisedPrompt),
  }
}

/** The bytes of one picture of an answer: base64, with or without a `data:` prefix, or a link. */
export async function pictureFromAnswer(
  { b64_json: base64, url }: AnswerPicture,
  baseURL: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (base64 instanceof Uint8Array) return withinLimit(base64)
  if (typeof base64 === 'string' && base64 !== '') return decodePicture(base64)
  if (typeof url === 'string' && url.startsWith('data:')) return decodePicture(url)
  if (typeof url !== 'string' || url === '') {
    throw badAnswer('The server answered without a picture.')
  }
  // Never from a private address unless the API itself is at one.
  const isLocal = await isPrivateHost(new URL(baseURL).hostname)
  return download(url, {
    maxBytes: MAX_PICTURE_BYTES,
    refuses: isLocal ? () => false : isPrivateAddress,
    signal,
  })
}

function withinLimit(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_PICTURE_BYTES) {
    throw badAnswer(`The picture has more than ${MAX_PICTURE_BYTES} bytes.`)
  }
  return bytes
}

/** Reads base64, or a `data:` URL. @throws ProviderError `provider/bad-answer` */
export function decodePicture(text: string): Uint8Array {
  const comma = text.startsWith('data:') ? text.indexOf(',') : -1
  const body = text.slice(comma + 1)
  if (body.length > (MAX_PICTURE_BYTES * 4) / 3) {
    throw badAnswer(`The picture has more than ${MAX_PICTURE_BYTES} bytes.`)
  }
  // SVG comes as text at times.
  if (comma > 0 && !/;base64$/i.test(text.slice(0, comma))) return Buffer.from(decodeURIText(body))
  const bytes = Buffer.from(body, 'base64')
  // Node skips what is no base64; a picture that lost bytes that way is not whole.
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
 * The prompt that a model made of the one it was given, on one line, at most as long as the longest
 * that one takes.
 */
export function revisedPromptOf(
  { revised_prompt: text }: AnswerPicture,
  apiKey: string,
): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined
  // It reaches the lockfile: no server is to put a key there.
  return (apiKey === '' ? text : text.replaceAll(apiKey, '[key]'))
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 32_000)
}

/**
 * The tokens that a server counted; `undefined` where it counted none, or says zero where a picture
 * came.
 */
export function usageIn(answer: unknown): Usage | undefined {
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

/** A number of tokens as it can be reckoned with: anything else is none. */
function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

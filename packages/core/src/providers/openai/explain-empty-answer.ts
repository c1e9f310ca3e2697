import { isObject } from '../../is-object.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { ProviderError } from '../provider.ts'
import { explainFailure, unknownFormat } from './explain-error.ts'
import type { FailureContext } from './failure-table.ts'
import { readFailure } from './read-failure.ts'

/** Hint for an answer without a picture that gives no reason. */
export const NO_PICTURE_HINT =
  'Reword the prompt or use another model: moderation may have rejected the request.'

/**
 * Explains a 200 without a picture: some servers put an error in it, some a refusal in the place of
 * the picture, some leave the list empty.
 */
export function explainEmptyAnswer(answer: unknown, context: FailureContext): ProviderError {
  const value = parseText(answer)
  if (!isObject(value)) return explainText(value, context)
  const { error, data, ...rest } = value
  // Relays report the error of the server behind them as their own data.
  const inner = isObject(data) ? data : undefined
  const failure = readFailure({ body: isFailed(error) ? error : rest }, context.apiKey)
  const nested = readFailure({ body: inner?.['error'] ?? inner }, context.apiKey)
  if (isFailed(error) || failure.moderation.isNamed || claimsFailure(rest)) {
    return explainFailure(
      failure.text === '' ? { ...failure, text: nested.text } : failure,
      context,
    )
  }
  if (nested.text !== '' && !isSuccess(nested.text)) return explainFailure(nested, context)
  const words = redactKeys(findWords(value) ?? '', context.apiKey)
  if (words !== '') return answeredInWords(words, true)
  if (failure.text !== '' && !isSuccess(failure.text)) {
    return data === undefined
      ? explainFailure(failure, context)
      : answeredInWords(failure.text, false)
  }
  return new ProviderError('provider/bad-answer', 'The server answered without a picture.', {
    hint: NO_PICTURE_HINT,
  })
}

/** An answer in plain text is often the error of a relay; a web page says nothing about it. */
function explainText(answer: unknown, { apiKey }: FailureContext): ProviderError {
  const isPage = typeof answer !== 'string' || /^\s*</.test(answer)
  const words = isPage ? '' : redactKeys(answer, apiKey)
  return words === '' ? unknownFormat() : answeredInWords(words, false)
}

function parseText(answer: unknown): unknown {
  if (typeof answer !== 'string' || !/^\s*\{/.test(answer)) return answer
  try {
    return JSON.parse(answer) as unknown
  } catch {
    return answer
  }
}

function isFailed(error: unknown): boolean {
  return error !== undefined && error !== null && error !== false && error !== ''
}

/** Whether an answer says in its own fields that the request failed. */
function claimsFailure(fields: Record<string, unknown>): boolean {
  const { success, ok, code, status } = fields
  return (
    success === false ||
    ok === false ||
    isErrorCode(code) ||
    isErrorCode(fields['status_code']) ||
    isErrorCode(fields['errcode'] ?? fields['error_code'] ?? fields['ret']) ||
    (isObject(fields['base_resp']) && isErrorCode(fields['base_resp']['status_code'])) ||
    (isObject(fields['Response']) && isFailed(fields['Response']['Error'])) ||
    isErrorCode(status) ||
    (typeof status === 'string' && /^(?:fail|error|reject|refus)/i.test(status))
  )
}

/** Whether a code is not one of success: 0, 1, 200, or a word for it. */
function isErrorCode(code: unknown): boolean {
  if (typeof code === 'number') return code !== 0 && code !== 1 && !(code >= 200 && code < 300)
  if (typeof code !== 'string' || code === '') return false
  const number = Number(code)
  return Number.isNaN(number)
    ? !isSuccess(code) && !/^[a-z]+(?:ed|ing)$/i.test(code)
    : isErrorCode(number)
}

function isSuccess(text: string): boolean {
  return /^\W*(?:success(?:ful(?:ly)?)?|succeed(?:ed)?|ok|done|completed?|请求成功|操作成功|成功)\W*$/i.test(
    text,
  )
}

/** Reasons to stop that are refusals. */
const REFUSED = /safety|block|filter|refus|prohibit|recitation|violat|no_image/i

/** Finds what a model wrote in the place of a picture. */
function findWords(value: unknown, depth = 0): string | undefined {
  if (depth > 8) return undefined
  if (Array.isArray(value)) return firstWords(value, depth)
  if (!isObject(value)) return undefined
  const { revised_prompt: revised, output_text: output, refusal, text } = value
  const { content, finish_reason: reason } = value
  const stopped = typeof reason === 'string' && REFUSED.test(reason) ? reason : undefined
  const words = [refusal, output, text, content, revised, value['reason'], stopped].find(
    (each) => typeof each === 'string' && each.trim() !== '',
  )
  return typeof words === 'string' ? words : firstWords(Object.values(value), depth)
}

function firstWords(values: readonly unknown[], depth: number): string | undefined {
  for (const each of values) {
    const words = findWords(each, depth + 1)
    if (words !== undefined) return words
  }
  return undefined
}

function answeredInWords(words: string, isFromModel: boolean): ProviderError {
  const text = /[.!?。！？]$/.test(words) ? words : `${words}.`
  return new ProviderError(
    'provider/bad-answer',
    `The server answered without a picture: ${text} The request may have been billed.`,
    {
      hint: isFromModel
        ? 'Reword the prompt if the model refuses it, or use another model.'
        : 'Fix what the message says, then run the command again.',
    },
  )
}

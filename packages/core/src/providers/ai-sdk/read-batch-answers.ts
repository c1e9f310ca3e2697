import type * as AiSdk from 'ai'
import { LimnError } from '../../errors.ts'
import type { BatchAnswer, DamagedLine } from '../batch-client.ts'
import { explainUnanswered } from '../explain-unanswered.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { NO_PICTURE_HINT } from '../openai/explain-empty-answer.ts'
import { ProviderError } from '../provider.ts'
import { splitId } from './find-batch.ts'
import { readResult } from './read-result.ts'
import type { SdkBatches } from './sdk-batches.ts'

/** Codes of the SDK for results that the server returned, but that contain no picture. */
const EMPTY_RESULTS = ['invalid_response', 'invalid_batch_result', 'unsupported_content']
/** How the SDK marks what a content filter refused: Google's code, and xAI's message. */
const REFUSED_CODE = 'prompt_blocked'
const REFUSED = /content policy|moderation|safety|prohibited/i

/**
 * Yields the answers of a finished batch. The SDK stops at the first line that it cannot parse,
 * which becomes a damaged line: the answers behind it stay unread.
 *
 * @throws LimnError if the results cannot be read
 */
export async function* readBatchAnswers(
  id: string,
  { sdk, provider, api, headers, call, signal }: SdkBatches & { signal: AbortSignal | undefined },
): AsyncGenerator<BatchAnswer | DamagedLine> {
  const batch = { version: 2, id, provider: api } as const
  const results = await call((abortSignal) => {
    const stream: AsyncIterable<AiSdk.Experimental_BatchItemResult> =
      sdk.experimental_getBatchResults({ provider, batch, headers, maxRetries: 0, abortSignal })
    return Promise.resolve(stream[Symbol.asyncIterator]())
  }, signal)
  try {
    for (;;) {
      const next = await call(() => results.next().catch(toDamagedLine), signal)
      if ('damaged' in next) {
        yield next
        return
      }
      if (next.done === true) return
      yield toAnswer(next.value)
    }
  } finally {
    await results.return?.()?.catch(() => {})
  }
}

/** Returns the line that the SDK could not parse. @throws the error if it is about something else */
function toDamagedLine(error: unknown): DamagedLine {
  const { name, text, value } = error as { name?: string; text?: unknown; value?: unknown }
  if (name !== 'AI_JSONParseError' && name !== 'AI_TypeValidationError') throw error
  const line = typeof text === 'string' ? text : JSON.stringify(value ?? null)
  return { damaged: Buffer.from(redactKeys(line, '')) }
}

function toAnswer(item: AiSdk.Experimental_BatchItemResult): BatchAnswer {
  const { id } = splitId(item.id)
  if (item.status !== 'succeeded') {
    const code = item.error?.code ?? ''
    const isCompleted = EMPTY_RESULTS.includes(code) || code === REFUSED_CODE
    return { id, isCompleted, error: explainItem(item) }
  }
  if (item.type !== 'image' || item.images.length === 0) {
    return { id, isCompleted: true, error: noPicture() }
  }
  return { id, isCompleted: true, answer: readResult(item) }
}

type FailedItem = Exclude<AiSdk.Experimental_BatchItemResult, { status: 'succeeded' }>

function explainItem({ status, error }: FailedItem): LimnError {
  if (status !== 'failed') return explainUnanswered({ status, errors: [] })
  const { code = '', message = '' } = error
  if (EMPTY_RESULTS.includes(code)) return noPicture()
  const reason = redactKeys(message, '').replace(/[.]?$/, '.')
  if (code === REFUSED_CODE || REFUSED.test(message)) {
    return new ProviderError('provider/moderation', `The provider refused the request: ${reason}`, {
      hint: 'Change the prompt.',
    })
  }
  return new LimnError('batch/failed', `The server failed this request of the batch: ${reason}`, {
    hint: 'Run the command again to request the picture, or change what the message names.',
  })
}

function noPicture(): ProviderError {
  return new ProviderError('provider/bad-answer', 'The model answered without a picture.', {
    hint: NO_PICTURE_HINT,
  })
}

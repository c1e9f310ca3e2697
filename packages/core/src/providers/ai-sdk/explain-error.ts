import { LimnError } from '../../errors.ts'
import type { ImageRequest } from '../../identity/request.ts'
import { scrub } from '../http/redact-keys.ts'
import { explainConnection, explainStatus } from '../openai/explain-error.ts'
import { isObject } from '../openai/read-answer.ts'
import { ProviderError } from '../provider.ts'

/**
 * Puts what the AI SDK threw into words, by the same table as answers of the Images API. Keys never
 * come through.
 */
export function explainSdkError(
  error: unknown,
  { request, isTimeout }: { request: ImageRequest; isTimeout: boolean },
): unknown {
  if (error instanceof LimnError || !(error instanceof Error)) return error
  if (isTimeout) return explainConnection(error, true)
  // Told apart by name: the classes of two copies of the SDK are not the same.
  switch (error.name) {
    case 'AI_APICallError':
      return explainCall(error as Error & CallFacts, request)
    case 'AI_NoImageGeneratedError':
      return new ProviderError('provider/bad-answer', 'The model answered without a picture.', {
        hint: 'It may have been refused by moderation: reword the prompt, or ask another model.',
      })
    case 'AI_LoadAPIKeyError':
    case 'AI_LoadSettingError':
      return new ProviderError('provider/no-key', said(error), {
        hint: 'Set it in the environment, or hand it over in limn.config.ts; `process.loadEnvFile()` there reads .env.',
      })
    default:
      // Vendors throw plain errors where they refuse what was asked, and before they ask.
      return new ProviderError('provider/refused', said(error), {
        hint: 'Change the setting it speaks of in the manifest, or look at limn.config.ts.',
      })
  }
}

/** What a failed call of the SDK knows. */
type CallFacts = {
  statusCode?: number
  responseBody?: string
  responseHeaders?: Record<string, string>
  isRetryable: boolean
}

function explainCall(error: Error & CallFacts, request: ImageRequest): ProviderError {
  const { statusCode: status, responseBody = '', responseHeaders } = error
  if (status === undefined) return explainConnection(error, false)
  // A good status means that the answer was none that the SDK understands.
  if (status < 400) {
    return new ProviderError(
      'provider/bad-answer',
      'The server gave an answer that the AI SDK does not understand.',
      {
        hint: 'Run the command again; if it stays, look for a newer version of the provider package.',
        cause: scrub(error.message, ''),
      },
    )
  }
  const hasPictures = (request.inputs ?? []).length > 0
  return explainStatus(
    {
      status,
      body: bodyOf(responseBody),
      headers: new Headers(responseHeaders),
      message: error.message,
    },
    {
      model: request.model,
      apiKey: '',
      keyName: 'the key',
      endpoint: hasPictures ? 'edits' : 'generations',
      hasPictures,
      isBegun: false,
    },
  )
}

/** The `error` of a JSON body, the whole body where it has none, or its text. */
function bodyOf(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) && body['error'] !== undefined ? body['error'] : body
  } catch {
    return text === '' ? undefined : text
  }
}

function said({ message }: Error): string {
  const text = scrub(message, '')
  return /[.!?]$/.test(text) ? text : `${text}.`
}

import { LimnError } from '../../errors.ts'
import type { ImageRequest } from '../../identity/request.ts'
import { isObject } from '../../is-object.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { explainConnection, type Wanted } from '../openai/explain-connection.ts'
import { NO_PICTURE_HINT } from '../openai/explain-empty-answer.ts'
import { explainStatus } from '../openai/explain-error.ts'
import { ProviderError } from '../provider.ts'

/** The parts of a request that the explanation names. */
type ExplainedRequest = Pick<ImageRequest, 'model' | 'inputs'>

type SdkContext = {
  request: ExplainedRequest
  isTimeout: boolean
  /** What the request was to return. Default `picture`. */
  wanted?: Wanted
}

/**
 * Explains an error that the AI SDK threw, by the same table as failures of the Images API, without
 * repeating keys. Returns LimnErrors and anything that is not an error unchanged.
 */
export function explainSdkError(
  error: unknown,
  { request, isTimeout, wanted = 'picture' }: SdkContext,
): unknown {
  if (error instanceof LimnError || !(error instanceof Error)) return error
  if (isTimeout || error.name === 'TimeoutError') {
    return explainConnection(error, { isTimeout: true, wanted })
  }
  // Compare by name: two copies of the SDK have different classes.
  switch (error.name) {
    case 'AI_APICallError':
      return explainCall(error as Error & CallFacts, { request, wanted })
    case 'AI_NoImageGeneratedError':
      return new ProviderError('provider/bad-answer', 'The model answered without a picture.', {
        hint: NO_PICTURE_HINT,
      })
    case 'AI_LoadAPIKeyError':
    case 'AI_LoadSettingError':
      return new ProviderError('provider/no-key', sentenceOf(error), {
        hint: 'Set the key in the environment or pass it in limn.config.ts, where `process.loadEnvFile()` reads .env.',
      })
    default:
      // Vendors throw plain errors for requests that they refuse to send.
      return new ProviderError('provider/refused', sentenceOf(error), {
        hint: 'Change the setting that the message names in the manifest or in limn.config.ts.',
      })
  }
}

/** Properties of the SDK's `APICallError`. */
type CallFacts = {
  statusCode?: number
  responseBody?: string
  responseHeaders?: Record<string, string>
}

function explainCall(
  error: Error & CallFacts,
  { request, wanted }: { request: ExplainedRequest; wanted: Wanted },
): ProviderError {
  const { statusCode: status, responseBody = '', responseHeaders } = error
  if (status === undefined) return explainConnection(error, { isTimeout: false, wanted })
  // With a good status, the SDK could not parse the answer.
  if (status < 400) {
    return new ProviderError(
      'provider/bad-answer',
      "The AI SDK could not parse the server's answer.",
      {
        hint: 'Run the command again; if the error persists, update the provider package.',
        cause: redactKeys(error.message, ''),
      },
    )
  }
  const hasPictures = (request.inputs ?? []).length > 0
  return explainStatus(
    {
      status,
      ...bodyOf(responseBody),
      headers: new Headers(responseHeaders),
      message: error.message,
    },
    {
      model: request.model,
      apiKey: '',
      keyName: 'the key',
      endpoint: wanted === 'answer' ? 'responses' : hasPictures ? 'edits' : 'generations',
      hasPictures,
      isBegun: false,
    },
  )
}

/** Returns the `error` of a JSON body, the whole body if it has none, or the text of another body. */
function bodyOf(text: string): { body: unknown; isFromApi: boolean } {
  try {
    const body: unknown = JSON.parse(text)
    const hasError = isObject(body) && body['error'] !== undefined
    return { body: hasError ? body['error'] : body, isFromApi: hasError }
  } catch {
    return { body: text === '' ? undefined : text, isFromApi: false }
  }
}

/** Returns the message as a sentence, without keys. */
function sentenceOf({ message }: Error): string {
  const text = redactKeys(message, '')
  return /[.!?]$/.test(text) ? text : `${text}.`
}

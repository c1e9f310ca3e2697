import { formatDiagnostic, LimnError, ManifestError } from '@limn/core'

/** What a caller learns about a failure. The codes are stable. */
export type ProblemCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'unsupported_media_type'
  | 'body_too_large'
  | 'invalid_api_key'
  | 'not_found'
  | 'rate_limit_exceeded'
  | 'budget_exceeded'
  | 'moderation_blocked'
  | 'request_refused'
  | 'overloaded'
  | 'shutting_down'
  | 'timeout'
  | 'provider_failed'
  | 'provider_busy'
  | 'provider_unavailable'
  | 'internal_error'

type Status = 400 | 401 | 402 | 404 | 413 | 415 | 429 | 500 | 502 | 503 | 504

const statusByCode: Readonly<Record<ProblemCode, Status>> = {
  invalid_request: 400,
  invalid_json: 400,
  unsupported_media_type: 415,
  body_too_large: 413,
  invalid_api_key: 401,
  not_found: 404,
  rate_limit_exceeded: 429,
  budget_exceeded: 402,
  moderation_blocked: 400,
  request_refused: 400,
  overloaded: 503,
  shutting_down: 503,
  timeout: 504,
  provider_failed: 502,
  provider_busy: 503,
  provider_unavailable: 503,
  internal_error: 500,
}

/** A failure that is reported to the caller. Its message contains nothing about this machine. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  /** The field of the request that is wrong, if it is one. */
  readonly param: string | null
  /** Seconds after which the caller may try again; `undefined` if a retry is useless. */
  readonly retryAfter: number | undefined

  constructor(
    code: ProblemCode,
    message: string,
    {
      param = null,
      retryAfter,
      cause,
    }: { param?: string | null; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.param = param
    this.retryAfter = retryAfter
  }

  get status(): Status {
    return statusByCode[this.code]
  }

  /** The body of the answer, in the shape of OpenAI's API. */
  toJSON(): { error: { message: string; type: string; param: string | null; code: ProblemCode } } {
    return {
      error: { message: this.message, type: this.#type, param: this.param, code: this.code },
    }
  }

  get #type(): string {
    if (this.code === 'moderation_blocked') return 'image_generation_user_error'
    return this.status >= 500 ? 'server_error' : 'invalid_request_error'
  }
}

/** Converts whatever was thrown to a problem that hides what callers must not see. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof ManifestError) {
    const first = error.diagnostics.find(({ severity }) => severity === 'error')
    const message = first === undefined ? '' : ` ${firstSentence(formatDiagnostic(first))}`
    return new Problem('invalid_request', `The request is invalid.${message}`, { cause: error })
  }
  if (error instanceof LimnError) return problemOf(error)
  return new Problem('internal_error', 'The service failed.', { cause: error })
}

/** Returns the message of a diagnostic, without its place. */
function firstSentence(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^\S+:\d+:\d+:? /, '')
}

function problemOf(cause: LimnError): Problem {
  switch (cause.code) {
    case 'provider/moderation':
      return new Problem('moderation_blocked', cause.message, { param: 'prompt', cause })
    case 'provider/refused':
      return new Problem('request_refused', 'The image model does not accept this request.', {
        cause,
      })
    case 'provider/rate-limit':
      return new Problem('provider_busy', 'The image model is busy.', { retryAfter: 30, cause })
    case 'provider/server':
    case 'provider/network':
    case 'provider/timeout':
    case 'provider/bad-answer':
      return new Problem('provider_failed', 'The image model failed.', { cause })
    case 'provider/auth':
    case 'provider/quota':
    case 'provider/no-key':
    case 'provider/no-consent':
      return new Problem('provider_unavailable', 'The image model is not available.', { cause })
    case 'budget/exceeded':
      return new Problem('budget_exceeded', 'The request could exceed its price.', { cause })
    case 'aborted':
      return new Problem('shutting_down', 'The service is shutting down.', {
        retryAfter: 10,
        cause,
      })
    default:
      return new Problem('internal_error', 'The service failed.', { cause })
  }
}

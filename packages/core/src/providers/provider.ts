import { type ErrorCode, LimnError, type LimnErrorOptions } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { Usage } from '../models/cost.ts'
import type { InputPicture } from '../pictures/input-picture.ts'

/** A source of pictures: an API, an SDK, or the local painter. */
export type ImageProvider = {
  /**
   * Requests the pictures of a request once; callers retry.
   *
   * @throws ProviderError for any failure of the provider or of the connection to it
   */
  generate(request: ImageRequest, options: GenerateOptions): Promise<ProviderAnswer>
  /** Number of concurrent requests, for a provider that overrides the manifest's limits. */
  concurrency?: number
  /**
   * Lets the next provider in the order of failover be used if the failure is final for the one
   * that reported it.
   *
   * @returns whether a retry can help; `false` after a refusal of the request, and if the request
   *   may have been billed
   */
  failOver?(error: ProviderError): Promise<boolean>
  /** Frees the provider's resources. */
  close?(): Promise<void>
}

export type GenerateOptions = {
  /** Number of pictures, at least 1. Default 1. */
  count?: number | undefined
  /** The one of several providers that is to answer, if it can. Default: the first one that can. */
  provider?: string | undefined
  /** In the order of the request's `inputs`. */
  inputs?: readonly InputPicture[] | undefined
  signal?: AbortSignal | undefined
  /** The same for all attempts of a request; sent to servers that accept it. */
  idempotencyKey?: string | undefined
  /** Number of partial pictures to stream, 0 to 3; `undefined` for an answer without streaming. */
  partials?: number | undefined
  /** Called with the server's rate limits, after an answer or a refusal. */
  onRate?: ((rate: RateFacts) => void) | undefined
  /** Called with each partial picture, the roughest first. */
  onPartial?: ((picture: Uint8Array, index: number) => void) | undefined
  /** Called with the links of an answer before Limn fetches them: their pictures are paid for. */
  onLinks?: ((answer: LinkedAnswer) => Promise<void>) | undefined
}

/** An answer whose pictures are behind links. */
export type LinkedAnswer = Omit<ProviderAnswer, 'images' | 'missingLinks'> & {
  /** As the server returned them. */
  links: string[]
}

/** Rate limits as a server states them; absent if it does not. */
export type RateFacts = {
  /** Limit of generated pictures. */
  images?: RateFact
  /** Limit of input pictures. */
  inputImages?: RateFact
}
export type RateFact = {
  /** Pictures per minute. */
  limit?: number
  /** Pictures that can be requested at once. */
  remaining?: number
  /** Time until the limit is fully restored, ms. */
  resetMs?: number
}

/** The pictures of a request. They are untrusted bytes. */
export type ProviderAnswer = {
  images: Uint8Array[]
  revisedPrompts: (string | undefined)[]
  usage?: Usage
  requestId?: string
  /** Links that could not be fetched, if other pictures of the answer arrived. */
  missingLinks?: string[]
  /** Name of the provider that answered, with failover. */
  provider?: string
}

/** A request that returned no picture, and whether a retry can help. */
export class ProviderError extends LimnError {
  override readonly name: string = 'ProviderError'
  /** `undefined`: do not retry. Else retry after `afterMs`, or by default after Limn's own wait. */
  readonly retry: { afterMs?: number } | undefined
  /** Whether a picture was generated, or begun, before the failure. */
  readonly isBegun: boolean
  /** Whether nothing reached the server. */
  readonly isUnsent: boolean
  /**
   * Whether the outcome is unknown: the server may have generated and billed the picture, or not.
   * Limn retries such a request only if the user allows it.
   */
  readonly isUncertain: boolean
  /**
   * The state of the link to a paid picture: `down` if it may be fetched later, `gone` if its
   * server says that it is not valid; `undefined` if the failure is not about a link.
   */
  readonly link: 'down' | 'gone' | undefined
  /** Name of the provider that failed, with failover. */
  provider: string | undefined
  /** The response that contains no usable picture, if one arrived and may have been billed. */
  response: Uint8Array | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: LimnErrorOptions & {
      retry?: { afterMs?: number } | undefined
      isBegun?: boolean
      isUnsent?: boolean
      isUncertain?: boolean
      link?: 'down' | 'gone'
    } = {},
  ) {
    super(code, message, options)
    this.retry = options.retry
    this.isBegun = options.isBegun ?? false
    this.isUnsent = options.isUnsent ?? false
    this.isUncertain = options.isUncertain ?? false
    this.link = options.link
  }
}

/** Whether a failed request may have been billed: it was sent, and the server did not refuse it. */
export function mayBeBilled({
  code,
  isBegun,
  isUnsent,
  isUncertain,
}: Pick<ProviderError, 'code' | 'isBegun' | 'isUnsent' | 'isUncertain'>): boolean {
  return !isUnsent && (isBegun || isUncertain || code === 'provider/bad-answer')
}

/** What to do about a picture that may have been billed. */
export const CHECK_USAGE =
  'Check the usage page of the provider before you run the command again; --retry-uncertain retries such requests at once.'

/** What to do about an answer of the judge that may have been billed. */
export const CHECK_USAGE_OF_JUDGE =
  'Check the usage page of the provider before you run the command again.'

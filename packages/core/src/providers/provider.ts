import { type ErrorCode, LimnError, type LimnErrorOptions } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { Usage } from '../models/cost.ts'
import type { InputPicture } from '../pictures/input-picture.ts'

/** The port to whoever draws. */
export type ImageProvider = {
  /**
   * Asks for the pictures of a request, once: retrying is not its business.
   *
   * @throws ProviderError for whatever the provider or the way to it did
   */
  generate(request: ImageRequest, options: GenerateOptions): Promise<ProviderAnswer>
  /**
   * Requests at the same time where that is its own business, and not that of the manifest's
   * limits.
   */
  concurrency?: number
  /**
   * Lets the next one in the order of failover take over, where this failure is final for the one
   * that gave it.
   *
   * @returns whether asking again can help; never after a refusal, nor where the request may have
   *   been billed
   */
  passOn?(error: ProviderError): Promise<boolean>
  /** Frees what it holds. */
  close?(): Promise<void>
}

export type GenerateOptions = {
  /** Pictures to ask for in this one request, at least 1. Default 1. */
  count?: number | undefined
  /** In the order of the request's `inputs`. */
  inputs?: readonly InputPicture[] | undefined
  signal?: AbortSignal | undefined
  /** Unfinished pictures to send on the way, 0 to 3; `undefined`: the answer comes in one piece. */
  partials?: number | undefined
  /** Told what the server says of its limits, with an answer or a refusal. */
  onRate?: ((rate: RateFacts) => void) | undefined
  /** Called with each unfinished picture while the model draws, the roughest first. */
  onPartial?: ((picture: Uint8Array, index: number) => void) | undefined
}

/** What a server says of its limits; absent where it says nothing. */
export type RateFacts = {
  /** Of pictures that it draws. */
  images?: RateFact
  /** Of pictures that it is given. */
  inputImages?: RateFact
}
export type RateFact = {
  /** A minute. */
  limit?: number
  /** That may be asked for at once. */
  remaining?: number
  /** Until the limit is whole again, ms. */
  resetMs?: number
}

/** What came back. The pictures are untrusted bytes. */
export type ProviderAnswer = {
  images: Uint8Array[]
  revisedPrompts: (string | undefined)[]
  usage?: Usage
  requestId?: string
  /** Name of the provider that answered, where it is not the first. */
  provider?: string
}

/** A request that did not give a picture, and whether asking again can help. */
export class ProviderError extends LimnError {
  override readonly name: string = 'ProviderError'
  /** `undefined`: never ask again. Else ask again after `afterMs`, or after Limn's own wait. */
  readonly retry: { afterMs?: number } | undefined
  /** Whether a picture was drawn, or begun, before it failed. */
  readonly isBegun: boolean
  /** Whether nothing ever reached the server. */
  readonly isUnsent: boolean
  /** Name of the provider that gave it, where several take turns. */
  provider: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: LimnErrorOptions & {
      retry?: { afterMs?: number } | undefined
      isBegun?: boolean
      isUnsent?: boolean
    } = {},
  ) {
    super(code, message, options)
    this.retry = options.retry
    this.isBegun = options.isBegun ?? false
    this.isUnsent = options.isUnsent ?? false
  }
}

/**
 * Whether a request that gave no picture may cost money all the same: it was sent, and nobody said
 * no.
 */
export function mayBeBilled({ code, retry, isBegun, isUnsent }: ProviderError): boolean {
  if (isUnsent) return false
  return (
    isBegun ||
    code === 'provider/timeout' ||
    code === 'provider/bad-answer' ||
    (code === 'provider/network' && retry === undefined)
  )
}

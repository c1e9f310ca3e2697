import { LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import { type ProviderAnswer, ProviderError } from './provider.ts'

/** One request of a batch. */
export type BatchedRequest = {
  /** Identifies the answer; unique within the batch. */
  id: string
  request: ImageRequest
  inputs: readonly InputPicture[]
  /** Number of pictures, at least 1. */
  count: number
}

/** A request in the form in which it is sent. Requests of one `group` can share a batch. */
export type PreparedRequest = { group: string; line: Buffer }

/**
 * Creates a batch from requests that are uploaded. `uuid` is Limn's own name for it.
 *
 * @throws ProviderError; `mayBeCreated` says whether the batch may exist in spite of it
 */
export type CreateBatch = (uuid: string, signal?: AbortSignal) => Promise<BatchState>

/** Progress of a batch, as the server reports it. */
export type BatchState = {
  id: string
  /** Limn's own name for the batch, if the server returns it. */
  uuid: string | undefined
  /** The server's name for the status: `in_progress`, `completed`, … */
  status: string
  /** Whether the status is final. */
  isFinished: boolean
  counts: { total: number; completed: number; failed: number }
  /** When the batch expires, ms since 1970. */
  expiresAt: number | undefined
  /** The files with answers, at most two. One of failed requests has no picture. */
  files: { id: string; kind: 'completed' | 'failed' }[]
  /** Why the server rejected the whole batch. */
  errors: string[]
}

/** The result of one request. */
export type BatchAnswer = {
  id: string
  /** Whether the server counts the request as completed. */
  isCompleted: boolean
} & ({ answer: ProviderAnswer } | { error: unknown })

/** A part of the results that cannot be read, without the key. */
export type DamagedLine = { damaged: Uint8Array }

export type AnswersOptions = {
  model: string
  /** Maximum number of pictures in the whole batch, and in one line. */
  pictures: { all: number; each: number }
  signal?: AbortSignal | undefined
}

/** The Batch API of one server. */
export type BatchClient = {
  /** The host of the server, or the name of the SDK's provider. */
  readonly host: string
  /** Largest number of pictures in one batch. Default: Limn's own limit. */
  readonly maxPictures?: number
  /**
   * Prepares a request for a batch.
   *
   * @throws LimnError if the server cannot accept it in a batch
   */
  prepare(request: BatchedRequest): PreparedRequest
  /**
   * Uploads prepared requests of one group, which costs nothing and requests nothing yet.
   *
   * @returns a function that creates the batch
   * @throws ProviderError; LimnError `batch/unsupported`
   */
  upload(requests: readonly PreparedRequest[], signal?: AbortSignal): Promise<CreateBatch>
  /**
   * Finds a batch by Limn's own name; `undefined` if the server's complete list has none. `at` is
   * when it was sent, ISO 8601: the clocks of the server and of this machine may differ by hours.
   *
   * @throws LimnError also if the list is too long, has entries that can't be read, or has
   *   unfinished batches of which one may be this one
   */
  find(batch: { uuid: string; at: string }, signal?: AbortSignal): Promise<BatchState | undefined>
  /**
   * Reads the progress of a batch.
   *
   * @throws LimnError `batch/unknown` if the server has no such batch
   */
  read(id: string, signal?: AbortSignal): Promise<BatchState>
  /** Cancels a batch. @returns its state then */
  cancel(id: string): Promise<BatchState>
  /** Yields the answers in a file, one at a time. */
  answers(file: string, options: AnswersOptions): AsyncGenerator<BatchAnswer | DamagedLine>
}

/** Whether a batch may exist although its creation failed: no answer, or an unclear one, arrived. */
export function mayBeCreated(error: unknown): boolean {
  if (error instanceof LimnError && error.code === 'aborted') return true
  return (
    error instanceof ProviderError &&
    ['provider/network', 'provider/timeout', 'provider/server', 'provider/bad-answer'].includes(
      error.code,
    ) &&
    !(error.code === 'provider/network' && error.retry !== undefined)
  )
}

import type * as AiSdk from 'ai'
import { LimnError } from '../../errors.ts'
import type { BatchState } from '../batch-client.ts'
import { ProviderError } from '../provider.ts'
import { readBatchState } from './batch-state.ts'
import type { SdkBatches } from './sdk-batches.ts'

/** Largest number of batches to search for one, and of pages: a page may be empty. */
const MAX_LISTED = 1000
const MAX_PAGES = 200
/** A batch that was created so much earlier or later is another one: no clock is that wrong. */
const MAX_CLOCK_DIFFERENCE = 2 * 24 * 60 * 60 * 1000

type FindOptions = SdkBatches & { signal: AbortSignal | undefined }

/**
 * Finds a batch by Limn's own name, which the ids in its results contain.
 *
 * @returns `undefined` if the batch was never created, or has ended without any result
 * @throws LimnError `batch/unclear` if a batch that may be this one has no results yet
 */
export async function findBatch(
  { uuid, at }: { uuid: string; at: string },
  options: FindOptions,
): Promise<BatchState | undefined> {
  const { sdk, provider, headers, call, signal } = options
  let unclear = 0
  let cursor: string | undefined
  for (let listed = 0, pages = 0; listed < MAX_LISTED && pages < MAX_PAGES; pages++) {
    const page = await call(
      (abortSignal) =>
        sdk.experimental_listBatches({
          provider,
          headers,
          limit: 100,
          maxRetries: 0,
          abortSignal,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      signal,
    )
    for (const { id, version: _, provider: __, ...status } of page.batches) {
      if (!maySentAt(at, status.createdAt)) continue
      const name = status.status === 'pending' ? 'unclear' : await readName(id, status, options)
      if (name === uuid) return readBatchState(id, status)
      if (name === 'unclear') unclear++
    }
    listed += page.batches.length
    // Only a page without a cursor is the last one: servers may return an empty one in between.
    cursor = page.nextCursor === '' ? undefined : page.nextCursor
    if (cursor === undefined) {
      if (unclear > 0) throw stillUnclear(uuid, unclear, options)
      return undefined
    }
  }
  throw new ProviderError(
    'provider/bad-answer',
    'The server lists more batches than Limn searches, and the one that Limn sent is not among them.',
    { hint: 'Look the batch up in the dashboard of the server.' },
  )
}

function maySentAt(at: string, createdAt: string | undefined): boolean {
  const difference = Math.abs(Date.parse(at) - Date.parse(createdAt ?? ''))
  return Number.isNaN(difference) || difference < MAX_CLOCK_DIFFERENCE
}

/**
 * Reads Limn's name of a finished batch from its first result.
 *
 * @returns `unclear` if the results cannot be read, or are not there yet; `undefined` for a batch
 *   without results or name
 */
async function readName(
  id: string,
  { requestCounts }: AiSdk.Experimental_BatchStatus,
  options: FindOptions,
): Promise<string | undefined> {
  const { sdk, provider, api, headers, call, signal } = options
  const batch = { version: 2, id, provider: api } as const
  try {
    return await call(async (abortSignal) => {
      const results: AsyncIterable<AiSdk.Experimental_BatchItemResult> =
        sdk.experimental_getBatchResults({ provider, batch, headers, maxRetries: 0, abortSignal })
      for await (const { id: requestId } of results) return splitId(requestId).uuid
      return (requestCounts?.completed ?? 0) > 0 ? 'unclear' : undefined
    }, signal)
  } catch (error) {
    if (signal?.aborted === true) throw error
    return 'unclear'
  }
}

/** Splits the id of a request in a batch into Limn's id of the request and name of the batch. */
export function splitId(id: string): { id: string; uuid: string | undefined } {
  const [, request, uuid] = /^(.+)-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/.exec(id) ?? []
  return { id: request ?? id, uuid }
}

function stillUnclear(uuid: string, count: number, { api }: FindOptions): LimnError {
  const others = count === 1 ? '1 other batch' : `${count} other batches`
  return new LimnError(
    'batch/unclear',
    `It is unclear whether the batch reached the server: ${others} of ${api} can't be told apart from it yet.`,
    {
      hint: `Run the command again once they are finished. If none of them is from this project, delete .limn/batches/${uuid}.json to request the pictures again.`,
    },
  )
}

import type { OnEvent } from '../events.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { Clock } from '../limits/clock.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { BatchRecord } from '../store/batch-records.ts'
import { type Claims, createClaims } from './claims.ts'
import { type FoundAnswer, hasAnswer } from './find-answer.ts'
import type { RemoteAccess, UnaskedRequest } from './remote-access.ts'
import { isRemoteError } from './remote-errors.ts'
import { beingSent, findSharedBatch, forgetBatches, shareBatch } from './shared-batches.ts'
import type { UploadedAnswer } from './store-answer.ts'
import { createUploads } from './uploads.ts'

/** What a run knows about a request before it pays for it. */
type Turn =
  /** This run may send it. It holds the claim, or the store is of no help. */
  | { kind: 'ours' }
  /** Another run is about to pay for it, or is paying. */
  | { kind: 'theirs' }
  /** The store has its pictures. */
  | { kind: 'found'; answer: FoundAnswer }

/** What a request is for. */
export type TurnOptions = {
  asset: string
  /** Its price at most, USD; `null` if it is unknown. */
  usd: number | null
  /** Most pictures of an answer to read. */
  images: number
}

/** The remote store as a run uses it. No failure of the store fails the run. */
export type RemoteRun = {
  /**
   * Claims a request right before it is sent. If it is `ours`, `settle` or `upload` must follow.
   *
   * @throws LimnError `batch/unclear` if another machine has sent it in a batch since the plan was
   *   made; `aborted`; `remote/…` if the store is required and can't be asked
   */
  takeTurn(request: ImageRequest, locked: LockEntry | undefined, turn?: TurnOptions): Promise<Turn>
  /** Waits until another run no longer holds the claim on a request. @throws LimnError `aborted` */
  whenFree(request: ImageRequest): Promise<void>
  /** Releases the claim on a request in the background, unless an upload will. */
  settle(request: ImageRequest): void
  /**
   * Uploads an answer in the background, unless it came from the store, and then releases the claim
   * on its request.
   *
   * @returns whether the store has it now; never rejects
   */
  upload(answer: UploadedAnswer): Promise<boolean>
  /**
   * Stores the record of a batch before it is created, so that other machines find it.
   *
   * @throws LimnError `batch/unclear` if another machine is sending one of its requests; `aborted`
   */
  shareBatch(record: BatchRecord): Promise<void>
  /** Removes the record of a batch that was not created. */
  forgetBatch(record: BatchRecord): Promise<void>
  /** Waits for the uploads, up to a limit, and reports the result. */
  finish(): Promise<void>
}

type RemoteRunOptions = {
  access: RemoteAccess
  clock: Clock
  onEvent: OnEvent
  /** Whether git does not have the pictures either. Default false. */
  isOnlyCopy?: boolean | undefined
  /** Ends waiting for other runs. */
  stop?: AbortSignal | undefined
  /** Ends the uploads. */
  quit?: AbortSignal | undefined
}

/** Opens the remote store for a run. */
export function createRemoteRun(options: RemoteRunOptions): RemoteRun {
  const { access, clock, onEvent, isOnlyCopy, stop: signal, quit } = options
  const { store } = access
  const claims = createClaims({ store, clock })
  const uploads = createUploads({ store, clock, onEvent, isOnlyCopy })
  const unasked: UnaskedRequest[] = []
  const noteUnasked = (requestHash: string, turn: TurnOptions | undefined): void => {
    if (access.isRequired && access.failure !== undefined) throw access.failure
    if (turn === undefined || access.reported.has(requestHash)) return
    unasked.push({ asset: turn.asset, requestHash, usd: turn.usd })
  }
  const requireNoBatch = async (requestHash: string): Promise<void> => {
    const batch = await access.attempt(() => findSharedBatch(requestHash, { store, signal }))
    if (batch?.value !== undefined && !access.knownBatches.has(batch.value.uuid)) throw beingSent()
  }
  const uploading = new Set<string>()
  const releasing = new Set<Promise<void>>()
  const release = (requestHash: string, isAnswered: boolean): Promise<void> => {
    // A claim that can't be released expires.
    const released = claims.release(requestHash, isAnswered).catch(() => {})
    releasing.add(released)
    return released.finally(() => releasing.delete(released))
  }
  return {
    async takeTurn(request, locked, turn) {
      const requestHash = hashRequest(request)
      const isTaken = await access.attempt(() => take(claims, requestHash, signal))
      if (isTaken?.value === false) return { kind: 'theirs' }
      try {
        // Another run may have paid since the plan was made.
        const answer = await access.find(request, locked, { signal, images: turn?.images })
        if (answer === undefined) {
          await requireNoBatch(requestHash)
          if (!access.asked.has(requestHash)) noteUnasked(requestHash, turn)
          return { kind: 'ours' }
        }
        await release(requestHash, true)
        return { kind: 'found', answer }
      } catch (error) {
        await release(requestHash, false)
        throw error
      }
    },
    async whenFree(request) {
      await access.attempt(() => claims.whenFree(hashRequest(request), { signal }))
    },
    settle(request) {
      const requestHash = hashRequest(request)
      if (!uploading.has(requestHash)) void release(requestHash, false)
    },
    async upload(answer) {
      const requestHash = hashRequest(answer.request)
      if (access.found.has(requestHash)) return true
      uploading.add(requestHash)
      const isStored = await uploads.add(answer)
      uploading.delete(requestHash)
      void release(requestHash, isStored)
      return isStored
    },
    async shareBatch(record) {
      const options = { store, onDamaged: () => {}, signal }
      const isOver = async ({ uuid, lines: [line] }: BatchRecord): Promise<boolean> =>
        access.knownBatches.has(uuid) ||
        (line !== undefined && (await hasAnswer(line.request, undefined, options)))
      await access.attempt(() => shareBatch(record, { store, signal, isOver }))
    },
    async forgetBatch({ uuid, lines }) {
      const requestHashes = lines.map(({ request }) => hashRequest(request))
      await access.attempt(() => forgetBatches({ uuid, requestHashes }, { store, signal: quit }))
    },
    async finish() {
      access.reportUnasked(unasked, { isSent: true })
      await uploads.finish(quit)
      await Promise.all(releasing)
    },
  }
}

/**
 * Takes the claim on a request. Where this run may not write, no claim of it protects the request,
 * but those of others still count.
 */
async function take(
  claims: Claims,
  requestHash: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return await claims.take(requestHash, { signal })
  } catch (error) {
    if (isRemoteError(error) && error.code !== 'remote/unreachable') return true
    throw error
  }
}

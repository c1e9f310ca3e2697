import { createDebug } from '../debug.ts'
import type { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { Clock } from '../limits/clock.ts'
import type { LockEntry } from '../lock/lock.ts'
import { sumUsd } from '../models/cost.ts'
import { findAnswer, type FoundAnswer, readPicture } from './find-answer.ts'
import { isRemoteError } from './remote-errors.ts'
import type { RemoteOptions, RemoteStore } from './remote-store.ts'

const debug = createDebug('remote')

/** Pause after a failure before the store is used again, ms. */
const PAUSE_MS = 30_000

/** A request that the store could not be asked about. `usd` is `null` if its price is unknown. */
export type UnaskedRequest = { asset: string; requestHash: string; usd: number | null }

/** A store during one run, in which no failure of it fails the run. */
export type RemoteAccess = {
  store: RemoteStore
  /** Whether nothing may be paid for while the store can't be asked. */
  isRequired: boolean
  /** The hashes of the requests whose pictures came from the store. */
  found: ReadonlySet<string>
  /** The hashes of the requests that the store answered, whether it has their pictures or not. */
  asked: ReadonlySet<string>
  /** The hashes of the requests that `reportUnasked` has reported. */
  reported: ReadonlySet<string>
  /** Names of the batches that this run has looked up in the store: what they lack is not open. */
  knownBatches: Set<string>
  /** The last failure of the store. */
  readonly failure: LimnError | undefined
  /** Reports requests that the store could not be asked about, if there are any. */
  reportUnasked(requests: readonly UnaskedRequest[], options: { isSent: boolean }): void
  /**
   * Runs work that uses the store, unless the store has failed within the last 30 s. The first
   * failure is reported as an event.
   *
   * @returns `undefined` if the store failed
   * @throws what is no error of a store
   */
  attempt<T>(work: () => Promise<T>): Promise<{ value: T } | undefined>
  /** Reads a master by its digest; `undefined` if it can't be used, or the store failed. */
  readMaster(
    master: Pick<LockEntry['master'], 'sha256' | 'bytes'>,
    options: RemoteOptions,
  ): Promise<Uint8Array | undefined>
  /**
   * Finds the pictures of a request; `undefined` if there are none, or the store failed.
   *
   * @param options.images most pictures to read. Default: all of the answer
   */
  find(
    request: ImageRequest,
    locked: LockEntry | undefined,
    options: RemoteOptions & { images?: number | undefined },
  ): Promise<FoundAnswer | undefined>
}

/** Opens a store for one run. */
export function createRemoteAccess(
  store: RemoteStore,
  {
    onEvent,
    clock,
    isRequired = false,
  }: { onEvent: OnEvent; clock: Pick<Clock, 'now'>; isRequired?: boolean | undefined },
): RemoteAccess {
  let failure: { error: LimnError; at: number } | undefined
  const damaged = new Set<string>()
  const found = new Set<string>()
  const asked = new Set<string>()
  const reported = new Set<string>()
  const onDamaged = (key: string): void => {
    if (damaged.has(key)) return
    damaged.add(key)
    onEvent({ type: 'remote-damaged', store: store.name, key })
  }
  const attempt: RemoteAccess['attempt'] = async (work) => {
    if (failure !== undefined && clock.now() - failure.at < PAUSE_MS) return undefined
    try {
      return { value: await work() }
    } catch (error) {
      if (!isRemoteError(error)) throw error
      debug('%s failed: %s', store.name, error)
      if (failure === undefined) onEvent({ type: 'remote-failed', error })
      failure = { error, at: clock.now() }
      return undefined
    }
  }
  return {
    store,
    isRequired,
    found,
    asked,
    reported,
    knownBatches: new Set(),
    get failure() {
      return failure?.error
    },
    reportUnasked(requests, { isSent }) {
      if (requests.length === 0) return
      for (const { requestHash } of requests) reported.add(requestHash)
      const assets = requests.map(({ asset }) => asset)
      const usd = sumUsd(requests)
      onEvent({ type: 'remote-unasked', store: store.name, assets, usd, isSent })
    },
    attempt,
    async readMaster(master, { signal }) {
      return (await attempt(() => readPicture(master, { store, onDamaged, signal })))?.value
    },
    async find(request, locked, { signal, images }) {
      const options = { store, onDamaged, signal, images }
      const answered = await attempt(() => findAnswer(request, locked, options))
      const requestHash = hashRequest(request)
      if (answered !== undefined) asked.add(requestHash)
      if (answered?.value !== undefined) found.add(requestHash)
      return answered?.value
    },
  }
}

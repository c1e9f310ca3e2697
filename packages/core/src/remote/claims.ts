import { randomUUID } from 'node:crypto'
import { createDebug } from '../debug.ts'
import { isObject } from '../is-object.ts'
import { type Clock, sleepUnlessAborted } from '../limits/clock.ts'
import { claimKey, REMOTE_VERSION } from './keys.ts'
import { isRemoteError, unreachable } from './remote-errors.ts'
import type { RemoteOptions, RemoteStore } from './remote-store.ts'

const debug = createDebug('remote')

/** How long a claim holds after its last renewal, ms. */
export const CLAIM_MS = 120_000
/** Interval of renewals, ms. */
const RENEWAL_MS = 40_000
/** Longest that another run's claim holds, ms, whatever it says. */
const MAX_CLAIM_MS = 10 * 60_000
/** Failures in a row after which a run no longer waits for a claim. */
const MAX_FAILURES = 3
/** Most links of a chain. */
const MAX_LINKS = 10_000
/** Most damaged links in a row: a server may answer each key with a page. */
const MAX_DAMAGED = 8
/** Largest record that is read, bytes. */
const MAX_RECORD_BYTES = 4096

/** A link of a chain: the last one says whether a request is claimed, and by whom. */
type ClaimRecord = { owner: string; state: 'held' | 'free'; ms: number }
type Link = { number: number; record: ClaimRecord }

/**
 * Claims of a run on requests that it is about to pay for. All functions throw LimnError
 * `remote/…`, `aborted`.
 */
export type Claims = {
  /**
   * Takes the claim on a request, and renews it until `release`.
   *
   * @returns `false` if another run holds it
   */
  take(requestHash: string, options?: RemoteOptions): Promise<boolean>
  /** Waits until the claim of another run on a request is released, renewed no more, or removed. */
  whenFree(requestHash: string, options?: RemoteOptions): Promise<void>
  /**
   * Gives a claim up; does nothing if this run does not hold it. If the store has the answer by
   * now, nobody needs the chain any more, and it is removed.
   */
  release(requestHash: string, isAnswered: boolean, options?: RemoteOptions): Promise<void>
}

type ClaimOptions = {
  store: RemoteStore
  clock: Clock
  /**
   * Who takes the claims. Runs with the same owner continue each other's claims. Default: this run
   * alone.
   */
  owner?: string | undefined
  /** How often a claim of another run is looked at, ms. */
  pollMs?: number
}

/** Creates the claims of a run. */
export function createClaims({
  store,
  clock,
  owner: sharedOwner,
  pollMs = 2000,
}: ClaimOptions): Claims {
  const owner = sharedOwner ?? randomUUID()
  const chain = createChain(store, owner)
  /** The last link of other runs' chains, and when this run saw it first, by request hash. */
  const seen = new Map<string, { number: number; since: number }>()
  const renewals = new Map<string, { number: number; stop: AbortController }>()

  const isExpired = (requestHash: string, { number, record }: Link): boolean => {
    const known = seen.get(requestHash)
    if (known?.number === number) {
      return clock.now() - known.since >= Math.min(record.ms, MAX_CLAIM_MS)
    }
    seen.set(requestHash, { number, since: clock.now() })
    return false
  }
  const isFree = (requestHash: string, last: Link | undefined): boolean =>
    last === undefined ||
    last.record.state === 'free' ||
    (last.record.owner === sharedOwner && !renewals.has(requestHash)) ||
    isExpired(requestHash, last)

  const renew = async (requestHash: string): Promise<void> => {
    const renewal = renewals.get(requestHash)!
    const { signal } = renewal.stop
    for (;;) {
      await clock.sleep(RENEWAL_MS, signal)
      const number = renewal.number + 1
      // A store that fails for a while may work again before the claim expires.
      const isOurs = await chain.put(requestHash, number, 'held', { signal }).catch(() => undefined)
      signal.throwIfAborted()
      // If another run has the number, this claim had expired: it is too late to keep it.
      if (isOurs === false) return
      if (isOurs === true) renewal.number = number
    }
  }
  return {
    async take(requestHash, options) {
      const last = await chain.last(requestHash, options)
      if (!isFree(requestHash, last)) return false
      const number = (last?.number ?? 0) + 1
      if (!(await chain.put(requestHash, number, 'held', options))) return false
      debug('%s: took claim %d', requestHash, number)
      // An earlier claim of this run, which has expired, is not renewed beside this one.
      renewals.get(requestHash)?.stop.abort()
      renewals.set(requestHash, { number, stop: new AbortController() })
      // A claim that is not renewed expires; the request that it covers goes on.
      void renew(requestHash).catch(() => {})
      return true
    },
    async whenFree(requestHash, options = {}) {
      let failures = 0
      for (;;) {
        try {
          if (isFree(requestHash, await chain.last(requestHash, options))) return
          failures = 0
        } catch (error) {
          // A store that fails for a moment says nothing about the claim.
          if (!isRemoteError(error) || ++failures === MAX_FAILURES) throw error
        }
        await sleepUnlessAborted(pollMs, { clock, signal: options.signal })
      }
    },
    async release(requestHash, isAnswered, options) {
      const renewal = renewals.get(requestHash)
      if (renewal === undefined) return
      renewals.delete(requestHash)
      renewal.stop.abort()
      const free = (): Promise<boolean> =>
        chain.put(requestHash, renewal.number + 1, 'free', options)
      // A store may accept objects, and forbid to delete them.
      if (isAnswered) await chain.remove(requestHash, renewal.number, options).catch(free)
      else await free()
    },
  }
}

/** The chains of claims in a store. */
type Chain = {
  /** Returns the last link of a chain. */
  last(requestHash: string, options?: RemoteOptions): Promise<Link | undefined>
  /** Adds a link, unless there is one with its number. @returns whether it was added */
  put(
    requestHash: string,
    number: number,
    state: ClaimRecord['state'],
    options?: RemoteOptions,
  ): Promise<boolean>
  remove(requestHash: string, last: number, options?: RemoteOptions): Promise<void>
}

function createChain(store: RemoteStore, owner: string): Chain {
  const read = async (key: string, options?: RemoteOptions): Promise<Uint8Array | undefined> =>
    store.get(key, { maxBytes: MAX_RECORD_BYTES, ...options })
  return {
    async last(requestHash, options) {
      let last: Link | undefined
      let damaged = 0
      for (let number = 1; number <= MAX_LINKS && damaged <= MAX_DAMAGED; number++) {
        const bytes = await read(claimKey(requestHash, number), options)
        if (bytes === undefined) return last
        last = { number, record: parseRecord(bytes) }
        damaged = last.record.owner === '' ? damaged + 1 : 0
      }
      throw unreachable(store.name, 'answers with an object where there is none')
    },
    async put(requestHash, number, state, options) {
      const key = claimKey(requestHash, number)
      await store.putIfAbsent(key, formatRecord({ owner, state, ms: CLAIM_MS }), options)
      // What is there decides: a server that ignores conditions lets the last writer win, and a
      // put whose response was lost is answered as one that failed.
      const written = await read(key, options)
      return written !== undefined && parseRecord(written).owner === owner
    },
    async remove(requestHash, last, options) {
      for (let number = 1; number <= last; number++) {
        await store.delete(claimKey(requestHash, number), options)
      }
    },
  }
}

function formatRecord(record: ClaimRecord): Uint8Array {
  return Buffer.from(JSON.stringify({ version: REMOTE_VERSION, ...record }))
}

/** Parses a record. A damaged one counts as held by another run: it expires too. */
function parseRecord(bytes: Uint8Array): ClaimRecord {
  const damaged: ClaimRecord = { owner: '', state: 'held', ms: CLAIM_MS }
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (!isObject(value)) return damaged
    const { owner, state, ms } = value
    const isSound =
      typeof owner === 'string' &&
      (state === 'held' || state === 'free') &&
      typeof ms === 'number' &&
      ms >= 0
    return isSound ? { owner, state, ms } : damaged
  } catch {
    return damaged
  }
}

import PQueue from 'p-queue'
import { createDebug } from '../debug.ts'
import type { Limits } from '../manifest/manifest.ts'
import { ProviderError, type RateFacts } from '../providers/provider.ts'
import { abortedError, type Clock, sleepUnlessAborted } from './clock.ts'
import { createTokenBucket, type Taken, type TokenBucket } from './token-bucket.ts'

const debug = createDebug('limits')

/** Number of pictures that a request generates, and of its input pictures without the mask. */
export type Need = { images: number; inputImages: number }

/** A wait that the server requested. */
export type RateWait = { attempt: number; ms: number; error: ProviderError }

/** A wait before a request can be sent, and what requires it. */
export type LimitWait = { ms: number; limit: 'images' | 'inputImages' | 'refusal' }

/** What a caller wants to know while a request waits. */
type WaitListeners = {
  /** Called when the server refused the request for its rate limit. */
  onRefused?: (wait: RateWait) => void
  /** Called when the request that is next in turn waits a second or more. */
  onLimit?: (wait: LimitWait) => void
}

/** Sends one request. `onRate` receives the rate limits that the server reports. */
type Call<T> = (onRate: (rate: RateFacts) => void) => Promise<T>

/** What is left of the limits of a server for one more request. */
type Capacity = {
  /** The requests that could be in flight in addition, as a part of all: 0 to 1. */
  free: number
  /** How long the request would wait, ms. */
  wait: number
}

/** Sends the requests of a run together no faster than the server allows. */
export type Limiter = {
  /** Maximum number of pictures in one request. */
  readonly maxPictures: number
  /** Returns what is left of the limits for one more request. */
  capacity(need: Need): Capacity
  /**
   * Sends a request in its turn, and again if the server refuses it for its rate limit. After a
   * refusal all requests wait, as long as the server asks, up to ten minutes.
   *
   * @throws what `call` throws; the ProviderError `provider/rate-limit` if waiting does not help;
   *   LimnError `aborted`
   */
  schedule<T>(need: Need, call: Call<T>, listeners?: WaitListeners): Promise<T>
}

export type LimiterOptions = {
  limits: Limits
  /** Number of concurrent requests, whatever the limits. */
  concurrency?: number | undefined
  clock: Clock
  /** Ends all waits. Requests in flight continue. */
  signal?: AbortSignal | undefined
}

/** Shortest wait that callers are told about, ms. */
const SHOWN_WAIT = 1000
/** Concurrent requests at the start, if the server's limits are unknown. */
const SLOW_START = 2
/** Longest wait that a server may ask for, ms. */
const MAX_WAIT = 10 * 60_000
/** Number of successive refusals after which the limiter gives up. */
const MAX_REFUSALS = 12

/**
 * Creates the limiter of a run. It starts slowly if the server's limits are unknown, and halves the
 * number of concurrent requests after a refusal.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { limits, concurrency, clock, signal } = options
  const maxInFlight = concurrency ?? limits.inFlight
  const state: State = {
    images: createTokenBucket(limits.imagesPerMinute),
    inputImages: createTokenBucket(limits.inputImagesPerMinute),
    requests: new PQueue({
      concurrency: isKnown(options) ? maxInFlight : Math.min(SLOW_START, maxInFlight),
    }),
    turns: new PQueue({ concurrency: 1 }),
    maxInFlight,
    clock,
    signal,
    pausedUntil: 0,
    round: 0,
    refusalsInARow: 0,
    closedBy: undefined,
  }
  debug('%d of at most %d requests at a time', state.requests.concurrency, maxInFlight)
  return {
    get maxPictures() {
      return state.images.maxPictures
    },
    capacity(need) {
      const { images, requests, turns, pausedUntil } = state
      const now = clock.now()
      const isNext = turns.size + turns.pending
      const wait = Math.max(
        pausedUntil - now,
        images.wait(need.images * (isNext + 1), now),
        state.inputImages.wait(need.inputImages * (isNext + 1), now),
        0,
      )
      const taken = requests.size + requests.pending
      return { free: Math.max(0, maxInFlight - taken) / maxInFlight, wait }
    },
    async schedule(need, call, { onRefused, onLimit } = {}) {
      for (let attempt = 1; ; attempt++) {
        const result = await state.requests.add(() => send({ need, call, onLimit }, state))
        if ('answer' in result) return result.answer
        onRefused?.({ attempt, ...result })
      }
    },
  }
}

type State = {
  readonly images: TokenBucket
  readonly inputImages: TokenBucket
  /** Limits the number of concurrent requests. */
  readonly requests: PQueue
  /** Lets requests wait for their turn in order. */
  readonly turns: PQueue
  readonly maxInFlight: number
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** No request is sent before, ms by the clock. */
  pausedUntil: number
  /** Rises with each refusal of a request that was sent after the previous refusal was known. */
  round: number
  refusalsInARow: number
  /** The refusal after which nothing more is sent. */
  closedBy: ProviderError | undefined
}

/** What a request took from the buckets, and the round it was sent in. */
type Turn = { images: Taken; inputImages: Taken; round: number }

function isKnown({ limits, concurrency }: LimiterOptions): boolean {
  return concurrency !== undefined || limits.isInFlightSaid || limits.imagesPerMinute !== null
}

/** A request that waits for its turn. */
type Scheduled<T> = { need: Need; call: Call<T>; onLimit: WaitListeners['onLimit'] | undefined }

/** Sends a request once. @returns its answer, or the wait that the server asks for */
async function send<T>(
  { need, call, onLimit }: Scheduled<T>,
  state: State,
): Promise<{ answer: T } | { ms: number; error: ProviderError }> {
  const { images, inputImages, requests, clock } = state
  const turn = await state.turns.add(() => waitForTurn({ need, onLimit }, state))
  try {
    const answer = await call((rate) => {
      if (rate.images !== undefined) images.observe(rate.images, turn.images, clock.now())
      if (rate.inputImages !== undefined) {
        inputImages.observe(rate.inputImages, turn.inputImages, clock.now())
      }
    })
    state.refusalsInARow = 0
    requests.concurrency = Math.min(requests.concurrency + 1, state.maxInFlight)
    return { answer }
  } catch (error) {
    if (
      !(error instanceof ProviderError) ||
      error.code !== 'provider/rate-limit' ||
      error.retry === undefined
    ) {
      throw error
    }
    return { ms: slowDown(error, turn, state), error }
  } finally {
    images.complete(turn.images)
    inputImages.complete(turn.inputImages)
  }
}

/** Waits until a request may be sent, and counts it. */
async function waitForTurn(
  { need, onLimit }: Omit<Scheduled<unknown>, 'call'>,
  state: State,
): Promise<Turn> {
  const { images, inputImages, clock, signal } = state
  for (;;) {
    if (signal?.aborted === true) throw abortedError(signal.reason)
    if (state.closedBy !== undefined) throw state.closedBy
    const now = clock.now()
    const waits: Waits = {
      pause: state.pausedUntil - now,
      images: images.wait(need.images, now),
      inputImages: inputImages.wait(need.inputImages, now),
    }
    const ms = Math.max(waits.pause, waits.images, waits.inputImages)
    if (ms <= 0) {
      return {
        images: images.take(need.images, now),
        inputImages: inputImages.take(need.inputImages, now),
        round: state.round,
      }
    }
    const limit = limitOf(waits, ms)
    debug('waiting %d ms: %s', Math.round(ms), reasonByLimit[limit])
    if (ms >= SHOWN_WAIT) onLimit?.({ ms, limit })
    await sleepUnlessAborted(ms, { clock, signal })
  }
}

/** The waits before a request can be sent, ms, by what requires them. */
type Waits = { pause: number; images: number; inputImages: number }

const reasonByLimit: Readonly<Record<LimitWait['limit'], string>> = {
  refusal: 'the server refused a request',
  images: 'the limit of pictures',
  inputImages: 'the limit of input pictures',
}

function limitOf({ pause, images }: Waits, ms: number): LimitWait['limit'] {
  if (pause === ms) return 'refusal'
  return images === ms ? 'images' : 'inputImages'
}

/**
 * Slows all requests down after a refusal.
 *
 * @returns the wait, ms
 * @throws ProviderError the refusal, if waiting does not help
 */
function slowDown(error: ProviderError, turn: Turn, state: State): number {
  const { images, inputImages, requests, clock } = state
  // Requests in flight together are refused together, which counts as one refusal.
  if (turn.round === state.round) {
    state.round++
    state.refusalsInARow++
    requests.concurrency = Math.max(1, Math.floor(requests.concurrency / 2))
  }
  const ms =
    error.retry?.afterMs ??
    Math.min(1000 * 2 ** (state.refusalsInARow - 1), 60_000) * (1 - Math.random() / 4)
  if (ms > MAX_WAIT || state.refusalsInARow >= MAX_REFUSALS) {
    debug('stopped: %d refusals in a row, %d ms to wait', state.refusalsInARow, Math.round(ms))
    state.closedBy = error
    throw error
  }
  debug(
    'slowed down: %d refusals in a row, %d requests at a time, paused for %d ms',
    state.refusalsInARow,
    requests.concurrency,
    Math.round(ms),
  )
  const refusedAt = clock.now()
  state.pausedUntil = Math.max(state.pausedUntil, refusedAt + ms)
  images.refuse(turn.images, ms, refusedAt)
  inputImages.refuse(turn.inputImages, ms, refusedAt)
  return ms
}

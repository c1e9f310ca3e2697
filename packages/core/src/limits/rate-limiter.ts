import PQueue from 'p-queue'
import { LimnError } from '../errors.ts'
import type { Limits } from '../manifest/manifest.ts'
import { ProviderError, type RateFacts } from '../providers/provider.ts'
import type { Clock } from './clock.ts'
import { createBucket, type Taken } from './token-bucket.ts'

/** Pictures that one request asks for, and that go with it, the mask not counted. */
export type Need = { images: number; inputImages: number }

/** A wait that the server asked for. */
export type RateWait = { attempt: number; ms: number; error: ProviderError }

/**
 * Sees to it that the requests of a run, all together, are asked no faster than the server takes
 * them.
 */
export type Limiter = {
  /** Most pictures that one request should ask for. */
  readonly most: number
  /**
   * Makes a request when its turn has come, and again where the server refused it for its rate
   * limit. Then all others wait as well, for as long as the server says, up to ten minutes.
   *
   * @param call is given what to tell of the server's limits
   * @throws what `call` throws; the ProviderError `provider/rate-limit` where waiting does not
   *   help; LimnError `aborted`
   */
  ask<T>(
    need: Need,
    call: (onRate: (rate: RateFacts) => void) => Promise<T>,
    onWait?: (wait: RateWait) => void,
  ): Promise<T>
}

export type LimiterOptions = {
  limits: Limits
  /** Requests at the same time, whatever the limits. */
  concurrency?: number | undefined
  clock: Clock
  /** Ends all waits. What is under way goes on. */
  signal?: AbortSignal | undefined
}

/** Requests at the same time to begin with, where nobody knows what the server takes. */
const SLOW_START = 2
/** The longest wait that is waited for, ms. */
const MAX_WAIT = 10 * 60_000
/** So often in a row may the server refuse before it counts as closed. */
const MAX_REFUSALS = 12

/**
 * The limiter of one run. It starts slowly where nothing is known of the server, and after a
 * refusal goes on with half as much at the same time.
 */
export function createLimiter({ limits, concurrency, clock, signal }: LimiterOptions): Limiter {
  const images = createBucket(limits.imagesPerMinute)
  const inputImages = createBucket(limits.inputImagesPerMinute)
  const mostInFlight = concurrency ?? limits.inFlight
  const isKnown =
    concurrency !== undefined || limits.isInFlightSaid || limits.imagesPerMinute !== null
  const requests = new PQueue({
    concurrency: isKnown ? mostInFlight : Math.min(SLOW_START, mostInFlight),
  })
  const turns = new PQueue({ concurrency: 1 })
  let pausedUntil = 0
  /** Rises with each refusal of a request that was sent after the one before was known. */
  let round = 0
  let refusalsInARow = 0
  let closed: ProviderError | undefined

  /**
   * Waits until a request may be sent, and counts it. One after the other: who came first goes
   * first.
   */
  async function pass({
    images: out,
    inputImages: given,
  }: Need): Promise<{ images: Taken; inputImages: Taken; round: number }> {
    for (;;) {
      if (signal?.aborted === true) throw stopped(signal.reason)
      if (closed !== undefined) throw closed
      const now = clock.now()
      const ms = Math.max(pausedUntil - now, images.wait(out, now), inputImages.wait(given, now))
      if (ms <= 0) {
        return { images: images.take(out, now), inputImages: inputImages.take(given, now), round }
      }
      await clock.sleep(ms, signal).catch((error: unknown) => {
        throw signal?.aborted === true ? stopped(error) : error
      })
    }
  }

  /** One request. @returns its answer, or how long the server wants to be left alone */
  async function send<T>(
    need: Need,
    call: (onRate: (rate: RateFacts) => void) => Promise<T>,
  ): Promise<{ answer: T } | { ms: number; error: ProviderError }> {
    const taken = await turns.add(() => pass(need))
    try {
      const answer = await call((rate) => {
        if (rate.images !== undefined) images.hear(rate.images, taken.images, clock.now())
        if (rate.inputImages !== undefined) {
          inputImages.hear(rate.inputImages, taken.inputImages, clock.now())
        }
      })
      refusalsInARow = 0
      requests.concurrency = Math.min(requests.concurrency + 1, mostInFlight)
      return { answer }
    } catch (error) {
      if (
        !(error instanceof ProviderError) ||
        error.code !== 'provider/rate-limit' ||
        error.retry === undefined
      ) {
        throw error
      }
      const isFirst = taken.round === round
      if (isFirst) {
        round++
        refusalsInARow++
        requests.concurrency = Math.max(1, Math.floor(requests.concurrency / 2))
      }
      const ms =
        error.retry.afterMs ??
        Math.min(1000 * 2 ** (refusalsInARow - 1), 60_000) * (1 - Math.random() / 4)
      if (ms > MAX_WAIT || refusalsInARow >= MAX_REFUSALS) {
        closed = error
        throw error
      }
      const refusedAt = clock.now()
      pausedUntil = Math.max(pausedUntil, refusedAt + ms)
      images.refuse(taken.images, ms, refusedAt)
      inputImages.refuse(taken.inputImages, ms, refusedAt)
      return { ms, error }
    } finally {
      images.answer(taken.images)
      inputImages.answer(taken.inputImages)
    }
  }

  return {
    get most() {
      return images.most
    },
    async ask(need, call, onWait) {
      for (let attempt = 1; ; attempt++) {
        const result = await requests.add(() => send(need, call))
        if ('answer' in result) return result.answer
        onWait?.({ attempt, ...result })
      }
    },
  }
}

function stopped(cause: unknown): LimnError {
  return new LimnError('aborted', 'Stopped before it was done.', { cause })
}

import type { RateFact } from '../providers/provider.ts'

/*
 * The pictures per minute that a server allows, as a token bucket: it fills steadily, and each
 * request takes its pictures out. With an answer, the server reports the level of its own bucket at
 * the moment it admitted that request. Requests sent since then have taken pictures as well, and of
 * two requests sent at nearly the same time, either may have been admitted first. So each answer
 * gives a lower and an upper bound of the level, and the level moves only as far as the bounds
 * require.
 */

/** The pictures of one request, taken out of a bucket. `at` in ms by the clock. */
export type Taken = { amount: number; at: number; sent: number; answered: number }

export type TokenBucket = {
  /** Returns how long to wait before `amount` pictures can be requested, ms; 0 for no wait. */
  wait(amount: number, now: number): number
  /** Takes the pictures of a request out, when it is sent. */
  take(amount: number, now: number): Taken
  /** Adopts the limits that the server reported with its answer to a request. */
  observe(fact: RateFact, taken: Taken, now: number): void
  /** Marks a request as answered: requests sent from now on come after it. */
  complete(taken: Taken): void
  /** Returns the pictures of a request that the server refused; it admits the request in `ms`. */
  refuse(taken: Taken, ms: number, now: number): void
  /** Maximum number of pictures in one request, at least 1. */
  readonly maxPictures: number
}

const MINUTE = 60_000
/** Capacity of a bucket of which only the rate is known, as time to fill, ms. */
const BURST_MS = 5000
/**
 * A request takes at most this long to arrive, so two that are closer may arrive in either order,
 * ms.
 */
const ORDER_MS = 1000
/**
 * Level that is never used, as time to fill, ms, so that no request is refused because requests
 * take different times to reach the server.
 */
const MARGIN_MS = 250
/** Growth of the rate with each answer, while only refusals reveal it. */
const GROWTH = 1.02

type State = {
  /** The rate that the user set, pictures per ms; Infinity if unknown. */
  readonly setRate: number
  /** The rate in use, pictures per ms; Infinity while unknown. */
  rate: number
  capacity: number
  level: number
  filledAt: number
  /** Whether the rate was reported by the server. */
  isReported: boolean
  /** The pictures admitted since the first refusal, while only refusals reveal the rate. */
  learned: { since: number; order: number; amount: number } | undefined
  /** No request is sent before, ms by the clock. */
  heldUntil: number
  /** Counts requests and answers, which orders them. */
  order: number
  /** The latest request whose answer was observed. */
  newest: number
  /** Requests whose order relative to an unanswered one matters. */
  log: Taken[]
}

/**
 * Creates a bucket.
 *
 * @param perMinute rate of filling; `null` if unknown: the bucket is unlimited until the server
 *   reports more
 */
export function createTokenBucket(perMinute: number | null): TokenBucket {
  const setRate = perMinute === null ? Infinity : perMinute / MINUTE
  const capacity = burstOf(setRate)
  const state: State = {
    setRate,
    rate: setRate,
    capacity,
    level: capacity,
    filledAt: 0,
    isReported: false,
    learned: undefined,
    heldUntil: 0,
    order: 0,
    newest: 0,
    log: [],
  }
  return {
    get maxPictures() {
      return Math.max(1, Math.floor(state.isReported ? state.capacity : state.rate * MINUTE))
    },
    wait: (amount, now) => waitFor(amount, now, state),
    take: (amount, now) => take(amount, now, state),
    observe(fact, taken, now) {
      fill(state, now)
      adoptRate(fact, state)
      adoptLevel(fact, { taken, now }, state)
    },
    complete(taken) {
      taken.answered = ++state.order
      // The server may allow more by now.
      if (state.learned !== undefined && taken.amount > 0 && state.rate !== Infinity) {
        state.rate *= GROWTH
      }
    },
    refuse(taken, ms, now) {
      if (taken.amount > 0) refuse(taken, { ms, now }, state)
    },
  }
}

function burstOf(rate: number): number {
  return Math.max(1, rate * BURST_MS)
}

function fill(state: State, now: number): void {
  if (state.rate !== Infinity) {
    state.level = Math.min(state.capacity, state.level + (now - state.filledAt) * state.rate)
  }
  state.filledAt = now
}

function waitFor(amount: number, now: number, state: State): number {
  if (amount === 0) return 0
  if (state.rate === Infinity) return Math.max(0, state.heldUntil - now)
  fill(state, now)
  // A request for more than the capacity is sent when the bucket is full.
  const needed = Math.min(amount + state.rate * MARGIN_MS, state.capacity)
  const missing = needed - state.level
  return missing > 1e-9 ? Math.ceil(missing / state.rate) : 0
}

function take(amount: number, now: number, state: State): Taken {
  fill(state, now)
  state.level -= amount
  if (state.learned !== undefined) state.learned.amount += amount
  const firstOpen = Math.min(
    ...state.log.filter(({ answered }) => answered === Infinity).map(({ sent }) => sent),
  )
  state.log = state.log.filter(({ answered }) => answered > firstOpen)
  const taken: Taken = { amount, at: now, sent: ++state.order, answered: Infinity }
  state.log.push(taken)
  return taken
}

/** Adopts a reported limit, unless the user set a lower one. */
function adoptRate({ limit, remaining, resetMs }: RateFact, state: State): void {
  if (limit === undefined || limit <= 0 || limit / MINUTE > state.setRate) return
  state.learned = undefined
  if (!state.isReported) {
    state.capacity = remaining === undefined ? burstOf(limit / MINUTE) : 0
    // The level so far was a guess.
    state.level = remaining === undefined ? Math.min(state.level, state.capacity) : -Infinity
  }
  state.isReported = true
  state.rate = limit / MINUTE
  if (remaining === undefined) return
  // The bucket is full when the reset is over.
  const full = resetMs === undefined ? limit : remaining + resetMs * state.rate
  state.capacity = Math.min(limit, Math.max(1, state.capacity, full))
}

/** Moves the level into the bounds that an answer gives. */
function adoptLevel(
  { remaining, resetMs }: RateFact,
  { taken, now }: { taken: Taken; now: number },
  state: State,
): void {
  if (remaining === undefined) return
  if (state.rate === Infinity) {
    if (remaining === 0) state.heldUntil = Math.max(state.heldUntil, now + (resetMs ?? 0))
    return
  }
  const others = state.log.filter((other) => other !== taken && other.answered > taken.sent)
  // The server admitted the request at some moment between its sending and now: soon, as it refuses
  // a request before it spends time on the picture. Relying on that once, for the first level, is
  // safe even if a server's numbers are those of the moment when it answers.
  const isFirst = state.level === -Infinity
  const filled = isFirst ? Math.max(0, now - taken.at - ORDER_MS) * state.rate : 0
  const least =
    Math.min(state.capacity, remaining + filled) -
    sum(others.filter(({ at }) => at > taken.at - ORDER_MS))
  const most =
    remaining +
    1 +
    (now - taken.at) * state.rate -
    sum(others.filter(({ at }) => at > taken.at + ORDER_MS))
  // Other clients may have used up what an older request saw.
  if (state.isReported && taken.sent > state.newest) state.level = Math.max(state.level, least)
  state.newest = Math.max(state.newest, taken.sent)
  state.level = Math.min(state.level, most)
}

function refuse(taken: Taken, { ms, now }: { ms: number; now: number }, state: State): void {
  fill(state, now)
  learnRate(taken, now, state)
  taken.answered = ++state.order
  const inFlight = sum(state.log.filter(({ answered }) => answered === Infinity))
  // After the wait the level suffices for this request, less what requests in flight still take.
  if (state.rate !== Infinity) {
    state.level = Math.min(taken.amount, state.capacity) - ms * state.rate - inFlight
  }
  taken.amount = 0
}

/**
 * Learns the rate from refusals: between two of them the server's bucket was empty, so it fills as
 * fast as requests were admitted.
 */
function learnRate(taken: Taken, now: number, state: State): void {
  if (state.rate === Infinity && state.learned === undefined) {
    state.learned = { since: now, order: state.order, amount: 0 }
  }
  const { learned } = state
  if (learned === undefined || taken.sent <= learned.order) return
  learned.amount -= taken.amount
  if (learned.amount <= 0 || now <= learned.since) return
  state.rate = learned.amount / (now - learned.since)
  state.capacity = burstOf(state.rate)
}

function sum(takens: readonly Taken[]): number {
  return takens.reduce((total, { amount }) => total + amount, 0)
}

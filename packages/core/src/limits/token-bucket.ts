import type { RateFact } from '../providers/provider.ts'

/*
 * What a server allows in a minute, as a bucket: it fills steadily, and each request takes
 * its pictures out. What the server says with an answer is how its own bucket stood when it
 * let that request in. Requests that were sent since have taken from it as well, and of two
 * that were sent at nearly the same time nobody knows which came first. So an answer gives two
 * bounds, and the level is moved only as far as these force it.
 */

/** Pictures of one request, taken out of a bucket. */
export type Taken = { amount: number; at: number; sent: number; answered: number }

export type Bucket = {
  /** How long to wait before so many may be asked for, ms; 0: not at all. */
  wait(amount: number, now: number): number
  take(amount: number, now: number): Taken
  /** Takes in what the server said with its answer to a request. */
  hear(fact: RateFact, taken: Taken, now: number): void
  /** The request was answered: those that are sent from now on come after it. */
  answer(taken: Taken): void
  /** The server let the request not in, and will in `ms`. */
  refuse(taken: Taken, ms: number, now: number): void
  /** Most that one request should ask for, at least 1. */
  readonly most: number
}

const MINUTE = 60_000
/** How much may go at once where only the rate is known, as time to fill, ms. */
const BURST_MS = 5000
/** Two requests that were sent so close to each other may have come in either order, ms. */
const ORDER_MS = 1000
/**
 * What is left in the bucket so that requests which take unlike times to the server are not
 * refused, as time to fill, ms.
 */
const MARGIN_MS = 250
/** How much faster it is tried with each answer, where only refusals tell of the rate. */
const GROWTH = 1.02

/**
 * A bucket that fills with so many a minute; `null` where nobody knows: then it is bottomless until
 * the server says more.
 */
export function createBucket(perMinute: number | null): Bucket {
  const said = perMinute === null ? Infinity : perMinute / MINUTE
  let perMs = said
  let capacity = Math.max(1, perMs * BURST_MS)
  let level = capacity
  let filledAt = 0
  let isServers = false
  /** What came through since the first refusal, while only refusals tell of the rate. */
  let learned: { since: number; order: number; amount: number } | undefined
  let heldUntil = 0
  let order = 0
  let newest = 0
  let log: Taken[] = []

  const fill = (now: number): void => {
    if (perMs !== Infinity) level = Math.min(capacity, level + (now - filledAt) * perMs)
    filledAt = now
  }
  const sum = (takens: readonly Taken[]): number =>
    takens.reduce((total, { amount }) => total + amount, 0)

  /**
   * Between two refusals there was nothing left in the server's bucket: what came through is what
   * it fills with.
   */
  const learn = (taken: Taken, now: number): void => {
    if (perMs === Infinity && learned === undefined) learned = { since: now, order, amount: 0 }
    if (learned === undefined || taken.sent <= learned.order) return
    learned.amount -= taken.amount
    if (learned.amount <= 0 || now <= learned.since) return
    perMs = learned.amount / (now - learned.since)
    capacity = Math.max(1, perMs * BURST_MS)
  }

  return {
    get most() {
      return Math.max(1, Math.floor(isServers ? capacity : perMs * MINUTE))
    },
    wait(amount, now) {
      if (amount === 0) return 0
      if (perMs === Infinity) return Math.max(0, heldUntil - now)
      fill(now)
      // What is more than the bucket holds goes when it is full.
      const missing = Math.min(amount + perMs * MARGIN_MS, capacity) - level
      return missing > 1e-9 ? Math.ceil(missing / perMs) : 0
    },
    take(amount, now) {
      fill(now)
      level -= amount
      if (learned !== undefined) learned.amount += amount
      const firstOpen = Math.min(
        ...log.filter(({ answered }) => answered === Infinity).map(({ sent }) => sent),
      )
      log = log.filter(({ answered }) => answered > firstOpen)
      const taken: Taken = { amount, at: now, sent: ++order, answered: Infinity }
      log.push(taken)
      return taken
    },
    hear({ limit, remaining, resetMs }, taken, now) {
      fill(now)
      if (limit !== undefined && limit > 0 && limit / MINUTE <= said) {
        learned = undefined
        if (!isServers) {
          capacity = remaining === undefined ? Math.max(1, (limit / MINUTE) * BURST_MS) : 0
          // What was counted before was a guess.
          level = remaining === undefined ? Math.min(level, capacity) : -Infinity
        }
        isServers = true
        perMs = limit / MINUTE
        // The bucket is whole when the reset is over.
        if (remaining !== undefined) {
          capacity = Math.min(
            limit,
            Math.max(1, capacity, resetMs === undefined ? limit : remaining + resetMs * perMs),
          )
        }
      }
      if (remaining === undefined) return
      if (perMs === Infinity) {
        if (remaining === 0) heldUntil = Math.max(heldUntil, now + (resetMs ?? 0))
        return
      }
      const others = log.filter((other) => other !== taken && other.answered > taken.sent)
      // It was let in at some moment between its sending and now.
      const least =
        Math.min(capacity, remaining) - sum(others.filter(({ at }) => at > taken.at - ORDER_MS))
      const most =
        remaining +
        1 +
        (now - taken.at) * perMs -
        sum(others.filter(({ at }) => at > taken.at + ORDER_MS))
      // What an older request saw may have been used up by somebody else since.
      if (isServers && taken.sent > newest) level = Math.max(level, least)
      newest = Math.max(newest, taken.sent)
      level = Math.min(level, most)
    },
    answer(taken) {
      taken.answered = ++order
      // The server may have more to give by now.
      if (learned !== undefined && taken.amount > 0 && perMs !== Infinity) perMs *= GROWTH
    },
    refuse(taken, ms, now) {
      if (taken.amount === 0) return
      fill(now)
      learn(taken, now)
      taken.answered = ++order
      const open = sum(log.filter(({ answered }) => answered === Infinity))
      // When the wait is over there is as much as this one asked for, but for what others that are under way still take.
      if (perMs !== Infinity) level = Math.min(taken.amount, capacity) - ms * perMs - open
      taken.amount = 0
    },
  }
}

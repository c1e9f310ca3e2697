import { LimnError } from '../errors.ts'
import type { Budget } from '../limits/budget.ts'
import { addUsd, USD_TOLERANCE } from '../models/cost.ts'

/** The amount that is reserved in the budget for the pictures of one asset, and what they cost. */
export type Reservation = {
  /** USD spent so far; `null` if a price is unknown. */
  readonly spent: number | null
  /**
   * Call when the turn of a request comes, with its worst-case cost by what is known now, USD.
   *
   * @throws LimnError `budget/exceeded` if responses have cost so much by now that the request
   *   could exceed a limit
   */
  send(worstUsd: number | null): void
  /** Call when the request has ended, with its cost, USD; `null` if unknown. */
  spend(usd: number | null): void
  /**
   * Reserves what one more request with this worst-case cost needs beyond the reservation: a server
   * that returns fewer pictures than requested may bill for all of them.
   *
   * @returns whether the budget allows it
   */
  cover(worstUsd: number | null): boolean
  /** Frees what is reserved and was not sent. */
  settle(): void
}

/**
 * Reserves the worst-case cost of an asset's pictures, and waits until the budget has room for it.
 *
 * @throws LimnError `budget/exceeded`
 */
export async function reserve(budget: Budget, worstUsd: number | null): Promise<Reservation> {
  await budget.reserve(worstUsd)
  /** The part of the reservation that was not sent yet, USD. */
  let left = worstUsd ?? 0
  let inFlight: number | null = 0
  let spent: number | null = 0
  return {
    get spent() {
      return spent
    },
    send(usd) {
      const part = Math.min(left, usd ?? left)
      budget.send(part, usd)
      left -= part
      inFlight = usd ?? part
    },
    spend(usd) {
      spent = addUsd(spent, usd)
      if (usd === 0) {
        // The reservation stays for the next attempt.
        budget.unsend(inFlight)
        left += inFlight ?? 0
      } else budget.settleSent(inFlight, usd)
      inFlight = 0
    },
    cover(nextUsd) {
      if (nextUsd === null || spent === null) return true
      const missing = nextUsd - left
      if (missing <= USD_TOLERANCE) return true
      if (!tryReserve(budget, missing)) return false
      left += missing
      return true
    },
    settle() {
      budget.settle(left, 0)
      left = 0
    },
  }
}

function tryReserve(budget: Budget, usd: number): boolean {
  try {
    budget.reserveNow(usd)
    return true
  } catch (error) {
    if (error instanceof LimnError && error.code === 'budget/exceeded') return false
    throw error
  }
}

import { LimnError } from '../errors.ts'
import type { Budget } from '../limits/budget.ts'

/** The amount that is reserved in the budget for the pictures of one asset, and what they cost. */
type Reservation = {
  /** USD spent so far; `null` if a price is unknown. */
  readonly spent: number | null
  /** Adds the cost of a request, USD. */
  spend(usd: number | null): void
  /**
   * Reserves what one more request with this worst-case cost needs beyond the reservation: a server
   * that returns fewer pictures than requested may bill for all of them.
   *
   * @returns whether the budget allows it
   */
  cover(worstUsd: number | null): boolean
  /** Replaces the reservation in the budget by the money that was spent. */
  settle(): void
}

/**
 * Reserves the worst-case cost of an asset's pictures, and waits until the budget has room for it.
 *
 * @throws LimnError `budget/exceeded`
 */
export async function reserve(budget: Budget, worstUsd: number | null): Promise<Reservation> {
  await budget.reserve(worstUsd)
  let reserved = worstUsd
  let spent: number | null = 0
  return {
    get spent() {
      return spent
    },
    spend(usd) {
      spent = spent === null || usd === null ? null : spent + usd
    },
    cover(nextUsd) {
      if (nextUsd === null || spent === null || reserved === null) return true
      const missing = spent + nextUsd - reserved
      // Sums of fractions differ by less than this.
      if (missing <= 1e-9) return true
      if (!tryReserve(budget, missing)) return false
      reserved += missing
      return true
    },
    settle: () => budget.settle(reserved, spent),
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

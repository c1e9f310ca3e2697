import { LimnError } from '../errors.ts'
import { formatUsd } from '../models/cost.ts'

/** Keeps a run below a sum of money, counting what is in flight at its worst case. */
export type Budget = {
  /**
   * Sets the worst case of a request aside.
   *
   * @throws LimnError `budget/exceeded` where that would pass the limit, or its price is not known
   */
  reserve(usd: number | null): void
  /** Puts what a request really cost in the place of what was set aside for it. */
  settle(reserved: number | null, actual: number | null): void
  /** USD spent so far. */
  readonly spent: number
}

/** A budget of `limit` USD for one run; without a limit only the sum is kept. */
export function createBudget(limit?: number): Budget {
  let spent = 0
  let reserved = 0
  return {
    get spent() {
      return spent
    },
    reserve(usd) {
      if (limit !== undefined && usd === null) {
        throw new LimnError('budget/exceeded', 'Its price is not known, so it might pass the limit of --max-cost.', { hint: 'Name a model whose price Limn knows, or leave --max-cost out.' })
      }
      if (limit !== undefined && spent + reserved + (usd ?? 0) > limit + 1e-9) {
        throw new LimnError('budget/exceeded', `It may cost ${formatUsd(usd)}, and ${formatUsd(Math.max(0, limit - spent - reserved))} of ${formatUsd(limit)} is left.`, { hint: 'Raise --max-cost, or name fewer assets.' })
      }
      reserved += usd ?? 0
    },
    settle(before, actual) {
      reserved -= before ?? 0
      spent += actual ?? before ?? 0
    },
  }
}

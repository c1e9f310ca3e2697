import { LimnError } from '../errors.ts'
import { formatUsd } from '../models/cost.ts'

/** A sum that is not to be passed. */
export type BudgetLimit = {
  /** Of what it is a limit. */
  of: 'max-cost' | 'run' | 'month'
  /** USD. */
  usd: number
  /** USD that had been spent of it before this run. Default 0. */
  before?: number
}

/** Keeps a run below its limits, counting what is in flight at its worst case. */
export type Budget = {
  /**
   * Sets the worst case of a request aside. Where that fits only if what is in flight comes cheaper
   * than its worst case, it waits to see.
   *
   * @throws LimnError `budget/exceeded` where it would pass a limit, or its price is not known and
   *   there is one
   */
  reserve(usd: number | null): Promise<void>
  /** As `reserve`, but without waiting: for requests whose price will be what is set aside. */
  reserveNow(usd: number | null): void
  /**
   * Puts what a request really cost in the place of what was set aside for it; `null` counts as the
   * worst case.
   */
  settle(reserved: number | null, actual: number | null): void
  /** USD spent so far in this run. */
  readonly spent: number
}

type Waiting = { usd: number; resolve: () => void; reject: (error: LimnError) => void }

const hints: Readonly<Record<BudgetLimit['of'], string>> = {
  'max-cost': 'Raise --max-cost, or name fewer assets.',
  run: 'Raise budget.run in the manifest, or name fewer assets.',
  month: 'Raise budget.month in the manifest, or wait for the next month (UTC).',
}
const names: Readonly<Record<BudgetLimit['of'], string>> = {
  'max-cost': '--max-cost',
  run: 'budget.run',
  month: 'budget.month',
}

/** A budget of a run; without limits only the sum is kept. */
export function createBudget(limits: readonly BudgetLimit[] = []): Budget {
  let spent = 0
  let reserved = 0
  let line: Waiting[] = []
  // Sums of fractions miss the limit by less than this.
  const leftOf = ({ usd, before = 0 }: BudgetLimit): number => usd - before - spent + 1e-9
  const fits = (usd: number): boolean => limits.every((limit) => usd <= leftOf(limit) - reserved)

  /** Lets in who fits by now, and turns away who never will. */
  const review = (): void => {
    const waiting = line
    line = []
    for (const one of waiting) {
      const passed = limits.find((limit) => one.usd > leftOf(limit))
      if (passed !== undefined) one.reject(exceeded(one.usd, passed, leftOf(passed) - reserved))
      else if (fits(one.usd)) {
        reserved += one.usd
        one.resolve()
      } else line.push(one)
    }
  }

  const refuseUnknown = (usd: number | null): void => {
    const [limit] = limits
    if (usd !== null || limit === undefined) return
    throw new LimnError(
      'budget/exceeded',
      `Its price is not known, so it might pass the limit of ${names[limit.of]}.`,
      { hint: `Name a model whose price Limn knows, or leave ${names[limit.of]} out.` },
    )
  }

  return {
    get spent() {
      return spent
    },
    async reserve(usd) {
      refuseUnknown(usd)
      return new Promise((resolve, reject) => {
        line.push({ usd: usd ?? 0, resolve, reject })
        review()
      })
    },
    reserveNow(usd) {
      refuseUnknown(usd)
      const passed = limits.find((limit) => (usd ?? 0) > leftOf(limit) - reserved)
      if (passed !== undefined) throw exceeded(usd ?? 0, passed, leftOf(passed) - reserved)
      reserved += usd ?? 0
    },
    settle(before, actual) {
      reserved -= before ?? 0
      spent += actual ?? before ?? 0
      review()
    },
  }
}

function exceeded(usd: number, { of, usd: limit }: BudgetLimit, left: number): LimnError {
  return new LimnError(
    'budget/exceeded',
    `It may cost ${formatUsd(usd)}, and ${formatUsd(Math.max(0, left - 1e-9))} of ${formatUsd(limit)} is left${of === 'month' ? ' for this month' : ''}.`,
    { hint: hints[of] },
  )
}

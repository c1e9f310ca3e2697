import { LimnError } from '../errors.ts'
import { formatUsd } from '../models/cost.ts'

/** A limit of spending. */
export type BudgetLimit = {
  /** What sets the limit: `--max-cost`, `budget.run`, `budget.month`, or the price of the plan. */
  of: 'max-cost' | 'run' | 'month' | 'plan'
  /** USD. */
  usd: number
  /**
   * USD of the limit that were spent before this run, or by other copies of the project meanwhile.
   * Default 0.
   */
  readonly before?: number
}

/** Keeps a run within its limits. Requests in flight count with their maximum cost. */
export type Budget = {
  /**
   * Reserves the maximum cost of a request, USD. Waits if the request fits only in case those in
   * flight cost less than their maximum.
   *
   * @throws LimnError `budget/exceeded` if the request would exceed a limit, or if its cost is
   *   unknown and there is a limit
   */
  reserve(usd: number | null): Promise<void>
  /** Like `reserve`, without waiting, for requests that cost exactly what is reserved. */
  reserveNow(usd: number | null): void
  /** Replaces a reservation by the actual cost, USD; `null` counts as the maximum. */
  settle(reserved: number | null, actual: number | null): void
  /**
   * Checks a request against what responses have cost when its turn comes, and counts it as in
   * flight with its maximum cost, USD. `reserved` is the part of it that is reserved. Requests that
   * wait for their turn do not count: they are checked when it comes.
   *
   * @throws LimnError `budget/exceeded` if the request could exceed a limit by now
   */
  send(reserved: number, usd: number | null): void
  /**
   * Checks a request in flight once more, after `before` of a limit has changed. `usd` is its
   * maximum cost.
   *
   * @throws LimnError `budget/exceeded` if what is in flight could exceed the limit
   */
  requireRoom(usd: number | null): void
  /** Replaces the cost of a request in flight by the actual one, USD; `null` counts as the maximum. */
  settleSent(sent: number | null, actual: number | null): void
  /** Returns a request in flight that cost nothing to the reservations. */
  unsend(sent: number | null): void
  /** USD spent so far in this run. */
  readonly spent: number
}

type Waiting = { usd: number; resolve: () => void; reject: (error: LimnError) => void }

const hints: Readonly<Record<BudgetLimit['of'], string>> = {
  'max-cost': 'Raise --max-cost, or select fewer assets.',
  run: 'Raise budget.run in the manifest, or select fewer assets.',
  month: 'Raise budget.month in the manifest, or wait for the next month (UTC).',
  plan: 'The server bills more than the plan said. Run the command again to continue with a new plan, or allow more with --max-cost.',
}
const settingNames: Readonly<Record<BudgetLimit['of'], string>> = {
  'max-cost': '--max-cost',
  run: 'budget.run',
  month: 'budget.month',
  plan: 'the price of the plan',
}

/** Tolerance for the rounding errors of sums, USD. */
const TOLERANCE = 1e-9

/** Creates the budget of a run; without limits it only sums up what is spent. */
export function createBudget(limits: readonly BudgetLimit[] = []): Budget {
  let spent = 0
  /** Reserved in total, and the part of it that is in flight. */
  let reserved = 0
  let inFlight = 0
  let queue: Waiting[] = []
  const leftOf = ({ usd, before = 0 }: BudgetLimit): number => usd - before - spent + TOLERANCE
  /** The limit that a cost exceeds now, with everything in flight at its maximum. */
  const exceededBy = (usd: number): BudgetLimit | undefined =>
    limits.find((limit) => usd > leftOf(limit) - reserved)
  const refusal = (usd: number, limit: BudgetLimit): LimnError =>
    exceeded(usd, limit, leftOf(limit) - reserved)

  /** Admits the requests that fit by now, and rejects those that cannot fit any more. */
  const admit = (): void => {
    const waiting = queue
    queue = []
    for (const request of waiting) {
      const { usd, resolve, reject } = request
      const limit = limits.find((each) => usd > leftOf(each))
      if (limit !== undefined) reject(refusal(usd, limit))
      else if (exceededBy(usd) === undefined) {
        reserved += usd
        resolve()
      } else queue.push(request)
    }
  }

  const settle: Budget['settle'] = (before, actual) => {
    reserved -= before ?? 0
    spent += actual ?? before ?? 0
    admit()
  }

  return {
    get spent() {
      return spent
    },
    async reserve(usd) {
      refuseUnknownCost(usd, limits)
      return new Promise((resolve, reject) => {
        queue.push({ usd: usd ?? 0, resolve, reject })
        admit()
      })
    },
    reserveNow(usd) {
      refuseUnknownCost(usd, limits)
      const limit = exceededBy(usd ?? 0)
      if (limit !== undefined) throw refusal(usd ?? 0, limit)
      reserved += usd ?? 0
    },
    settle,
    send(part, usd) {
      refuseUnknownCost(usd, limits)
      const cost = usd ?? part
      const limit = limits.find((each) => cost > leftOf(each) - inFlight)
      if (limit !== undefined) throw exceeded(cost, limit, leftOf(limit) - inFlight)
      reserved += cost - part
      inFlight += cost
    },
    requireRoom(usd) {
      const limit = limits.find((each) => inFlight > leftOf(each))
      if (limit === undefined) return
      throw exceeded(usd ?? 0, limit, leftOf(limit) - inFlight + (usd ?? 0))
    },
    settleSent(sent, actual) {
      inFlight -= sent ?? 0
      settle(sent, actual)
    },
    unsend(sent) {
      inFlight -= sent ?? 0
    },
  }
}

function refuseUnknownCost(usd: number | null, limits: readonly BudgetLimit[]): void {
  // The plan says which prices are unknown.
  const limit = limits.find(({ of }) => of !== 'plan')
  if (usd !== null || limit === undefined) return
  const setting = settingNames[limit.of]
  throw new LimnError(
    'budget/exceeded',
    `The price of the request is unknown, so the request might exceed ${setting}.`,
    { hint: `Use a model whose price Limn knows, or remove ${setting}.` },
  )
}

function exceeded(usd: number, { of, usd: limit }: BudgetLimit, left: number): LimnError {
  const leftUsd = formatUsd(Math.max(0, left - TOLERANCE))
  const period = of === 'month' ? ' for this month' : ''
  return new LimnError(
    'budget/exceeded',
    `The request may cost ${formatUsd(usd)}, but only ${leftUsd} of ${formatUsd(limit)} ${of === 'plan' ? 'of the plan ' : ''}is left${period}.`,
    { hint: hints[of] },
  )
}

import { LimnError } from '../errors.ts'
import { formatUsd, USD_TOLERANCE } from '../models/cost.ts'
import { createWaitingList } from './waiting-list.ts'

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

/** Creates the budget of a run; without limits it only sums up what is spent. */
export function createBudget(limits: readonly BudgetLimit[] = []): Budget {
  let spent = 0
  /** Reserved in total, and the part of it that is in flight. */
  let reserved = 0
  let inFlight = 0
  const checks = createLimitChecks(limits, () => spent)
  const waiting = createWaitingList((usd) => {
    const limit = checks.exceededBy(usd, 0)
    if (limit !== undefined) throw checks.refusal(usd, limit, reserved)
    if (checks.exceededBy(usd, reserved) !== undefined) return false
    reserved += usd
    return true
  })

  const settle: Budget['settle'] = (before, actual) => {
    reserved -= before ?? 0
    spent += actual ?? before ?? 0
    waiting.admit()
  }

  return {
    get spent() {
      return spent
    },
    async reserve(usd) {
      checks.requireKnown(usd)
      return waiting.add(usd ?? 0)
    },
    reserveNow(usd) {
      checks.requireKnown(usd)
      checks.requireLeft(usd ?? 0, reserved)
      reserved += usd ?? 0
    },
    settle,
    send(part, usd) {
      checks.requireKnown(usd)
      const cost = usd ?? part
      checks.requireLeft(cost, inFlight)
      reserved += cost - part
      inFlight += cost
    },
    requireRoom(usd) {
      checks.requireLeft(usd ?? 0, inFlight - (usd ?? 0))
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

/** Compares costs with limits. `taken` counts in addition to what is spent. All in USD. */
type LimitChecks = {
  /** Returns the first limit that a cost exceeds. */
  exceededBy(usd: number, taken: number): BudgetLimit | undefined
  refusal(usd: number, limit: BudgetLimit, taken: number): LimnError
  /** @throws LimnError `budget/exceeded` if the cost exceeds a limit */
  requireLeft(usd: number, taken: number): void
  /** @throws LimnError `budget/exceeded` if the cost is unknown and a limit forbids that */
  requireKnown(usd: number | null): void
}

function createLimitChecks(limits: readonly BudgetLimit[], spentUsd: () => number): LimitChecks {
  const leftOf = ({ usd, before = 0 }: BudgetLimit, taken: number): number =>
    usd - before - spentUsd() - taken + USD_TOLERANCE
  const exceededBy: LimitChecks['exceededBy'] = (usd, taken) =>
    limits.find((limit) => usd > leftOf(limit, taken))
  const refusal: LimitChecks['refusal'] = (usd, limit, taken) =>
    exceeded(usd, limit, leftOf(limit, taken))
  return {
    exceededBy,
    refusal,
    requireLeft(usd, taken) {
      const limit = exceededBy(usd, taken)
      if (limit !== undefined) throw refusal(usd, limit, taken)
    },
    requireKnown(usd) {
      // The plan says which prices are unknown.
      const limit = limits.find(({ of }) => of !== 'plan')
      if (usd === null && limit !== undefined) throw unknownCost(limit)
    },
  }
}

function unknownCost({ of }: BudgetLimit): LimnError {
  const setting = settingNames[of]
  return new LimnError(
    'budget/exceeded',
    `The price of the request is unknown, so the request might exceed ${setting}.`,
    { hint: `Use a model whose price Limn knows, or remove ${setting}.` },
  )
}

function exceeded(usd: number, { of, usd: limit }: BudgetLimit, left: number): LimnError {
  const leftUsd = formatUsd(Math.max(0, left - USD_TOLERANCE))
  const period = of === 'month' ? ' for this month' : ''
  return new LimnError(
    'budget/exceeded',
    `The request may cost ${formatUsd(usd)}, but only ${leftUsd} of ${formatUsd(limit)} ${of === 'plan' ? 'of the plan ' : ''}is left${period}.`,
    { hint: hints[of] },
  )
}

import { LimnError } from '../errors.ts'
import { formatUsd } from '../models/cost.ts'
import { formatPlan } from '../project/plan-text.ts'
import type { Manifest, Plan } from '../project/types.ts'
import type { CommandContext } from './command.ts'
import { askToSpend, describePlanCost } from './confirm-cost.ts'

/** What a watch may spend, and has spent. */
export type WatchSpending = {
  /** What all runs have spent, USD. */
  usd: number
  /** Returns the limit of the next run, USD; `undefined` if a person agrees to each run instead. */
  limit(): number | undefined
  /**
   * Requires consent to the cost of a plan: it is free, within `--max-cost`, or a person agrees.
   *
   * @throws LimnError `budget/not-agreed`; the caller then executes only what is free
   */
  approve(plan: Plan, manifest: Pick<Manifest, 'currency'>): Promise<void>
  /** `, $0.01 spent, $0.49 left`; empty if nothing was spent. */
  describe(currency: Manifest['currency']): string
}

/** Creates the spending of a watch. @param maxUsd `--max-cost`, USD, for all runs together */
export function createWatchSpending(
  context: CommandContext,
  maxUsd: number | undefined,
): WatchSpending {
  let refused: string | undefined
  const spending: WatchSpending = {
    usd: 0,
    limit: () => (maxUsd === undefined ? undefined : Math.max(0, maxUsd - spending.usd)),
    async approve(plan, { currency }) {
      if (plan.usd === 0 && plan.unknownPrices === 0) return
      if (maxUsd !== undefined && spending.usd < maxUsd) return
      const paid = JSON.stringify(paidRequests(plan))
      if (paid !== refused) {
        const isAgreed = await ask(plan, currency, { context, canAsk: maxUsd === undefined })
        if (isAgreed) return
        refused = paid
      }
      throw notAgreed()
    },
    describe(currency) {
      if (spending.usd === 0) return ''
      const left = maxUsd === undefined ? '' : `, ${formatUsd(spending.limit()!, currency)} left`
      return `, ${formatUsd(spending.usd, currency)} spent${left}`
    },
  }
  return spending
}

/** Returns whether an error says that nobody agreed to the cost of a run. */
export function isNotAgreed(error: unknown): boolean {
  return error instanceof LimnError && error.code === 'budget/not-agreed'
}

/** Shows a plan, and asks whether its cost is agreed to if there is somebody to ask. */
async function ask(
  plan: Plan,
  currency: Manifest['currency'],
  { context, canAsk }: { context: CommandContext; canAsk: boolean },
): Promise<boolean> {
  const { output } = context
  const cost = describePlanCost(plan, currency)
  output.event({ type: 'planned', plan })
  for (const line of formatPlan(plan, { ...output, currency })) output.line(line)
  output.line()
  if (canAsk && (await askToSpend(cost, context)) === true) return true
  output.line(
    `Limn generates only what is free. The rest costs up to ${cost}: run \`limn generate\`, or start \`limn watch --max-cost USD\`.`,
  )
  return false
}

function paidRequests({ steps }: Plan): unknown[] {
  return steps.flatMap((step) =>
    step.kind === 'generate' && step.usd !== 0 ? [step.request, step.images] : [],
  )
}

function notAgreed(): LimnError {
  return new LimnError('budget/not-agreed', 'Nobody agreed to the cost of the plan.')
}

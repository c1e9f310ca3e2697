import { count } from '../count.ts'
import { LimnError } from '../errors.ts'
import { formatUsd } from '../models/cost.ts'
import { formatPlan, formatPlanUsd } from '../project/plan-text.ts'
import type { Manifest, Plan } from '../project/types.ts'
import type { CommandContext } from './command.ts'
import { isCI } from './output.ts'

/** Cost above which a run needs confirmation by default, USD. `budget.confirm` overrides it. */
const CONFIRM_USD = 1

/**
 * Requires consent to the cost of a plan. `--yes`, `--max-cost`, a saved plan and a CI count as
 * consent; otherwise Limn asks on the terminal.
 *
 * @returns whether the plan was printed for the question
 * @throws LimnError `budget/not-agreed`
 */
export async function confirmCost(
  plan: Plan,
  { budget, currency }: Pick<Manifest, 'budget' | 'currency'>,
  context: CommandContext,
): Promise<boolean> {
  const { output } = context
  return confirmSpending(plan, budget, {
    context,
    cost: describePlanCost(plan, currency),
    lines: () => [...formatPlan(plan, { ...output, currency }), ''],
  })
}

/**
 * Requires consent to a sum as `confirmCost` does.
 *
 * @param question.cost the sum as the question names it
 * @param question.lines what is printed before the question. Default: nothing
 * @returns whether Limn asked
 * @throws LimnError `budget/not-agreed`
 */
export async function confirmSpending(
  sum: Pick<Plan, 'usd' | 'unknownPrices'>,
  budget: Manifest['budget'],
  {
    context,
    cost,
    lines = () => [],
  }: { context: CommandContext; cost: string; lines?: () => readonly string[] },
): Promise<boolean> {
  const limit = budget.confirm ?? CONFIRM_USD
  const isAboveLimit = sum.usd > limit || (budget.confirm !== null && sum.unknownPrices > 0)
  if (!isAboveLimit || hasConsent(context)) return false
  const { output } = context
  for (const line of lines()) output.line(line)
  const answer = await askToSpend(cost, context)
  if (answer === true) {
    output.line()
    return true
  }
  if (answer === false) throw new LimnError('budget/not-agreed', 'Nothing was done.')
  throw new LimnError(
    'budget/not-agreed',
    `This run may cost up to ${cost}. Runs over ${formatUsd(limit)} need confirmation, but there is no terminal to ask on.`,
    { hint: 'Add --yes or --max-cost USD, or raise budget.confirm in the manifest.' },
  )
}

/** `$0.039`, `$0.039 and the unknown price of 1 asset`: the cost of a plan at most. */
export function describePlanCost(plan: Plan, currency: Manifest['currency']): string {
  return `${formatPlanUsd(plan, currency)}${describeUnknown(plan.unknownPrices, 'asset')}`
}

/** ` and the unknown price of 1 asset`; empty if every price is known. */
export function describeUnknown(unknownPrices: number, unit: string): string {
  return unknownPrices === 0 ? '' : ` and the unknown price of ${count(unknownPrices, unit)}`
}

/** Asks on the terminal whether a sum may be spent. @returns `undefined` if there is no terminal */
export function askToSpend(
  cost: string,
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
): Promise<boolean | undefined> {
  return output.confirm([`Spend up to ${cost}?`], signal)
}

function hasConsent({ options, env }: CommandContext): boolean {
  return (
    options['yes'] === true ||
    options['max-cost'] !== undefined ||
    options['plan'] !== undefined ||
    isCI(env)
  )
}

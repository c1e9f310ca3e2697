import { LimnError } from '../errors.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { formatUsd } from '../models/cost.ts'
import { formatPlan, formatPlanUsd } from '../plan/format-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { CommandContext } from './command.ts'
import { isCI } from './output.ts'

/**
 * A run that may cost more is asked about first, USD, where the manifest's `budget.confirm` says
 * nothing.
 */
const CONFIRM_USD = 1

/**
 * Sees to it that somebody agrees to what a plan may cost: whoever gave `--yes`, `--max-cost` or a
 * saved plan has, and so has a CI; else whoever sits at the terminal is asked.
 *
 * @returns whether the plan was shown to be asked about
 * @throws LimnError `budget/not-agreed`
 */
export async function agreeTo(
  plan: Plan,
  { budget, currency }: Manifest,
  { options, env, output, signal }: CommandContext,
): Promise<boolean> {
  const from = budget.confirm ?? CONFIRM_USD
  const mayCostMore = plan.usd > from || (budget.confirm !== null && plan.unknownPrices > 0)
  if (
    !mayCostMore ||
    options['yes'] === true ||
    options['max-cost'] !== undefined ||
    options['plan'] !== undefined ||
    isCI(env)
  ) {
    return false
  }
  const unknown =
    plan.unknownPrices === 0
      ? ''
      : ` and the unknown price of ${plan.unknownPrices === 1 ? '1 asset' : `${plan.unknownPrices} assets`}`
  for (const line of formatPlan(plan, { ...output, currency })) output.line(line)
  output.line()
  const answer = await output.confirm(
    `Spend up to ${formatPlanUsd(plan, currency)}${unknown}?`,
    signal,
  )
  if (answer === true) {
    output.line()
    return true
  }
  if (answer === false) throw new LimnError('budget/not-agreed', 'Nothing was done.')
  throw new LimnError(
    'budget/not-agreed',
    `This may cost up to ${formatPlanUsd(plan, currency)}${unknown}. From ${formatUsd(from)} on Limn asks first, and here is nobody to ask.`,
    { hint: 'Add --yes, or --max-cost USD, or raise budget.confirm in the manifest.' },
  )
}

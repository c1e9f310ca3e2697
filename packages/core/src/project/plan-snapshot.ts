import { createDebug, elapsed } from '../debug.ts'
import { createPlan } from '../plan/create-plan.ts'
import { describeStep } from '../plan/describe-step.ts'
import type { Plan } from '../plan/plan.ts'
import { planInputs } from './plan-inputs.ts'

const debug = createDebug('plan')

/**
 * Plans a snapshot, as `planInputs` describes it, and logs the steps.
 *
 * @throws LimnError `asset/unknown`
 */
export function planSnapshot(...[snapshot, selection]: Parameters<typeof planInputs>): Plan {
  const start = performance.now()
  const plan = createPlan(planInputs(snapshot, selection))
  if (debug.enabled) logPlan(plan, start)
  return plan
}

function logPlan({ steps, unchanged, usd, unknownPrices }: Plan, start: number): void {
  for (const step of steps) debug('%s: %s, %s', step.asset, step.kind, describeStep(step))
  const unknown = unknownPrices === 0 ? '' : ` and ${unknownPrices} unknown prices`
  const took = elapsed(start)
  debug('%d steps, %d unchanged, at most %s USD%s, %s', steps.length, unchanged, usd, unknown, took)
}

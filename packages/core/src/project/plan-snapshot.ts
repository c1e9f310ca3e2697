import { createDebug, elapsed } from '../debug.ts'
import { createPlan } from '../plan/create-plan.ts'
import type { Plan, Reason } from '../plan/plan.ts'
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
  for (const { asset, kind, reasons } of steps) {
    debug('%s: %s, %s', asset, kind, reasons.map(formatReason).join(', '))
  }
  const counts = `steps: ${steps.length}, unchanged: ${unchanged}, unknown prices: ${unknownPrices}`
  debug('%s, at most %s USD, %s', counts, usd, elapsed(start))
}

/**
 * Formats a reason: `request-changed (prompt, size)`. The sentences of `describeStep` need more
 * code.
 */
function formatReason(reason: Reason): string {
  if (reason.code !== 'request-changed') return reason.code
  return `${reason.code} (${reason.changes.map(({ field }) => field).join(', ')})`
}

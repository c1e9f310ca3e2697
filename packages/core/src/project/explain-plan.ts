import { type CostExplanation, explainCost } from '../plan/explain-cost.ts'
import type { Plan } from '../plan/plan.ts'
import { groupPlan } from './group-plan.ts'
import type { PlanResult } from './options.ts'
import type { Snapshot } from './snapshot.ts'

/** Explains the cost of a plan of a snapshot, picture by picture. */
export async function explainPlan(
  plan: Plan,
  snapshot: Pick<Snapshot, 'manifest' | 'lock' | 'warnings'>,
): Promise<PlanResult & { costs: CostExplanation }> {
  const { manifest, warnings } = snapshot
  const groups = await groupPlan(plan, snapshot)
  const { assets, models, files, currency } = manifest
  const costs = explainCost(plan, groups, { assets, models, manifestFile: files[0]! })
  return { plan, warnings, currency, groups, costs }
}

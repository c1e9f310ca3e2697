import type { CauseContext } from '../plan/causes.ts'
import type { CostGroup } from '../plan/cost-groups.ts'
import type { Plan } from '../plan/plan.ts'

/** Groups the requests of a plan by their causes. Loads nothing if it requests no pictures. */
export async function groupPlan(
  plan: Plan,
  { manifest, lock }: { manifest: Pick<CauseContext, 'assets'>; lock: CauseContext['lock'] },
): Promise<CostGroup[]> {
  if (!plan.steps.some(({ kind }) => kind === 'generate')) return []
  const { groupByCause } = await import('../plan/cost-groups.ts')
  return groupByCause(plan, { assets: manifest.assets, lock })
}

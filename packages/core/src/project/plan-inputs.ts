import { selectAssets } from '../manifest/select-assets.ts'
import type { PlanOptions } from '../plan/plan.ts'
import type { PlanSelection } from './options.ts'
import type { Snapshot } from './snapshot.ts'

/** What a plan covers, with what Limn knows from this run or from an earlier plan. */
type Selection = PlanSelection & Pick<PlanOptions, 'failedInBatch' | 'previous'>

/**
 * Returns the planner's inputs for a snapshot and a selection: the only place that assembles them.
 *
 * @throws LimnError `asset/unknown`
 */
export function planInputs(
  { manifest, lock, inventory }: Pick<Snapshot, 'manifest' | 'lock' | 'inventory'>,
  { names = [], force, batch, examine, failedInBatch, previous }: Selection = {},
): PlanOptions {
  const only = names.length === 0 ? undefined : selectAssets(manifest, names)
  return { manifest, lock, inventory, only, force, batch, examine, failedInBatch, previous }
}

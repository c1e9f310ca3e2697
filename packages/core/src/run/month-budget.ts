import { readHistory } from '../history/history-file.ts'
import type { SharedSpending } from '../history/shared-spending.ts'
import { spentIn } from '../history/tally.ts'
import type { BudgetLimit } from '../limits/budget.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** A project that spends. */
type Spender = { manifest: Pick<Manifest, 'budget'>; paths: Pick<ProjectPaths, 'state'> }

/**
 * Returns `budget.month`, and a function that reads what other copies of the project have spent
 * since the start; `undefined` without the limit.
 */
export function monthBudget(
  { manifest: { budget }, paths }: Spender,
  shared: SharedSpending | undefined,
): { limit: BudgetLimit; update: () => void } | undefined {
  if (budget.month === null) return undefined
  const month = new Date().toISOString().slice(0, 7)
  const own = spentIn(month, readHistory(paths.state))
  const atStart = shared?.spentByOthers(month) ?? 0
  const before = Math.max(own, atStart)
  const limit = { of: 'month' as const, usd: budget.month, before }
  return {
    limit,
    update() {
      if (shared !== undefined) limit.before = before + shared.spentByOthers(month) - atStart
    },
  }
}

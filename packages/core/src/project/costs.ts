import { didYouMean } from '../did-you-mean.ts'
import { LimnError } from '../errors.ts'
import {
  allSaved,
  type Cost,
  type CostKey,
  costKeys,
  type CostRow,
  costRows,
  type Costs,
  costsOf,
} from '../history/costs.ts'
import type { HistoryEntry, Saved, Tally } from '../history/entry.ts'
import { readHistory } from '../history/history-file.ts'
import { openSharedSpending, type SharedSpending } from '../history/shared-spending.ts'
import { spentIn } from '../history/tally.ts'
import type { Currency } from '../models/cost.ts'
import { withShownPrices } from '../plan/format-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { Snapshot } from './snapshot.ts'

export type { Cost, CostRow, Tally }

/** What a project has cost and will cost, USD. */
export type CostReport = {
  by: CostKey
  exact: { costs: Costs; rows: CostRow[] }
  /** The same with the forecast summed from prices as they are printed, so that it adds up. */
  shown: { costs: Costs; rows: CostRow[] }
  /** Everything that runs saved, reused and recovered pictures together. */
  saved: Saved
  currency: Currency | null
}

/** Sums up the costs of a project, with rows grouped by `by`. */
export function reportCosts(
  { plan, snapshot }: { plan: Plan; snapshot: Snapshot },
  {
    entries,
    shared,
    by,
  }: { entries: readonly HistoryEntry[]; shared: SharedSpending | undefined; by: CostKey },
): CostReport {
  const { manifest, lock } = snapshot
  const month = new Date().toISOString().slice(0, 7)
  const sharedUsd = shared?.spentByOthers(month) ?? 0
  const sources = { entries, sharedUsd, lock, plan, manifest }
  const shownSources = { ...sources, plan: withShownPrices(plan, manifest.currency) }
  const costs = costsOf(sources, month)
  return {
    by,
    exact: { costs, rows: costRows(by, sources) },
    shown: {
      costs: { ...costs, forecast: costsOf(shownSources, month).forecast },
      rows: costRows(by, shownSources),
    },
    saved: allSaved(costs.saved),
    currency: manifest.currency,
  }
}

/**
 * Sums up what all copies of a project spent in this calendar month (UTC), USD.
 *
 * @throws LimnError `store/failed` for an unreadable history
 */
export function spentThisMonth(
  paths: ProjectPaths,
  env: Parameters<typeof openSharedSpending>[1],
): number {
  const month = new Date().toISOString().slice(0, 7)
  const shared = openSharedSpending(paths, env)?.spentByOthers(month) ?? 0
  return Math.max(shared, spentIn(month, readHistory(paths.state)))
}

/**
 * Reads what costs are grouped by: `asset`, `model` (default), `profile`, `run` or `month`.
 *
 * @throws LimnError `usage` for anything else
 */
export function parseCostKey(written = 'model'): CostKey {
  const key = costKeys.find((known) => known === written)
  if (key === undefined) {
    throw new LimnError('usage', `Costs can't be grouped by "${written}".`, {
      hint: didYouMean(written, costKeys) ?? `Write --by ${costKeys.join(', --by ')}.`,
    })
  }
  return key
}

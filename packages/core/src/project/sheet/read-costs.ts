import type { CostsView } from '@limn/contact-sheet'
import type { HistoryEntry, RequestEntry, SumEntry } from '../../history/entry.ts'
import { addSaved, savedBy, tallyAll, tallyBy } from '../../history/tally.ts'
import type { SheetContext } from './context.ts'
import { usdOfPlan } from './read-sheet.ts'

/** Returns what was spent on this machine, for plots. */
export async function readCosts({ host, requireState }: SheetContext): Promise<CostsView> {
  const { plan } = await requireState()
  return createCosts(await host.project.history(), usdOfPlan(plan))
}

/** Sums up a history. `planUsd` is what the plan would cost, USD; `null` if a price is unknown. */
export function createCosts(entries: readonly HistoryEntry[], planUsd: number | null): CostsView {
  const { kept, recovered } = savedBy(entries)
  const { usd, pictures } = addSaved(kept, recovered)
  return {
    byDay: [...tallyBy(entries, dayOf)]
      .map(([day, tally]) => ({ day, usd: tally.usd }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
    byModel: rowsBy(entries, ({ model }) => model),
    byAsset: rowsBy(entries, ({ asset }) => asset),
    byProfile: rowsBy(entries, ({ profile }) => profile ?? 'none'),
    saved: { usd, pictures },
    total: tallyAll(entries).usd,
    planUsd,
  }
}

/** Requests that are kept only as the sum of a month count as made on its first day. */
function dayOf(entry: RequestEntry | SumEntry): string {
  return entry.kind === 'sum' ? `${entry.month}-01` : entry.at.slice(0, 10)
}

/** Groups what was spent: the highest sum first. Leaves out what cost and made nothing. */
function rowsBy(
  entries: readonly HistoryEntry[],
  labelOf: (entry: RequestEntry | SumEntry) => string,
): CostsView['byModel'] {
  return [...tallyBy(entries, labelOf)]
    .map(([label, { usd, pictures }]) => ({ label, usd, pictures }))
    .filter(({ usd, pictures }) => usd > 0 || pictures > 0)
    .sort((a, b) => b.usd - a.usd || b.pictures - a.pictures || (a.label < b.label ? -1 : 1))
}

import { type HistoryEntry, monthOf, type RunSumEntry, type SumEntry } from './entry.ts'
import { savedBy, tallyBy } from './tally.ts'

/** Number of the newest entries that are kept unchanged. */
const KEPT_ENTRIES = 5000

/**
 * Compacts a history: keeps the newest entries, and sums up the others by month, asset, model,
 * provider and profile. All sums stay the same.
 *
 * @param keep number of entries to keep unchanged
 */
export function compactHistory(
  entries: readonly HistoryEntry[],
  keep: number = KEPT_ENTRIES,
): HistoryEntry[] {
  const single = entries.filter(({ kind }) => kind === 'request' || kind === 'run')
  const kept = new Set([...single.filter(isOpen), ...(keep === 0 ? [] : single.slice(-keep))])
  const old = entries.filter((entry) => !kept.has(entry))
  return [...sumRequests(old), ...sumRuns(old), ...single.filter((entry) => kept.has(entry))]
}

/** Whether a request is in a batch whose outcome will be recorded later under the same id. */
function isOpen(entry: HistoryEntry): boolean {
  return entry.kind === 'request' && entry.batch === true && entry.outcome === 'sent'
}

function sumRequests(entries: readonly HistoryEntry[]): SumEntry[] {
  const sums = tallyBy(entries, (entry) =>
    JSON.stringify([monthOf(entry), entry.provider, entry.asset, entry.model, entry.profile]),
  )
  return [...sums].map(([key, tally]): SumEntry => {
    const [month, provider, asset, model, profile] = JSON.parse(key) as [
      string,
      string,
      string,
      string,
      string | null,
    ]
    return {
      kind: 'sum',
      month,
      ...(profile === null ? {} : { profile }),
      provider,
      asset,
      model,
      ...tally,
    }
  })
}

function sumRuns(entries: readonly HistoryEntry[]): RunSumEntry[] {
  const runs = entries.filter(({ kind }) => kind === 'run' || kind === 'runs')
  return [...new Set(runs.map(monthOf))].map((month) => ({
    kind: 'runs',
    month,
    ...savedBy(runs.filter((entry) => monthOf(entry) === month)),
  }))
}

import { type HistoryEntry, monthOf, type RunSumEntry } from './entry.ts'
import { savedBy, tallyBy } from './tally.ts'

/** So many of the newest lines are kept as they are. */
const KEPT_ENTRIES = 5000

/**
 * A history in fewer lines: the newest as they are, the others as sums by month, asset, model,
 * provider and profile. No sum of it changes.
 */
export function compactHistory(
  entries: readonly HistoryEntry[],
  keep: number = KEPT_ENTRIES,
): HistoryEntry[] {
  const whole = entries.filter(({ kind }) => kind === 'request' || kind === 'run')
  // The end of a batch is still to come, and will be noted under the same id.
  const isOpen = (entry: HistoryEntry): boolean =>
    entry.kind === 'request' && entry.batch === true && entry.outcome === 'sent'
  const kept = new Set([...whole.filter(isOpen), ...(keep === 0 ? [] : whole.slice(-keep))])
  const old = entries.filter((entry) => !kept.has(entry))
  const sums = tallyBy(old, (entry) =>
    JSON.stringify([monthOf(entry), entry.provider, entry.asset, entry.model, entry.profile]),
  )
  const requests = [...sums].map(([key, tally]): HistoryEntry => {
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
  const runs = [
    ...new Set(old.filter(({ kind }) => kind === 'run' || kind === 'runs').map(monthOf)),
  ].map((month): RunSumEntry => ({
    kind: 'runs',
    month,
    ...savedBy(old.filter((entry) => monthOf(entry) === month)),
  }))
  return [...requests, ...runs, ...whole.filter((entry) => kept.has(entry))]
}

import type { HistoryEntry, RequestEntry, Tally } from './entry.ts'
import { tallyBy } from './tally.ts'

/** How requests went. */
export type Stats = Tally & {
  failed: number
  /**
   * Share of those that were made and not refused for a rate limit, 0 to 1; `null` where there were
   * none.
   */
  successRate: number | null
  /** Of those that brought pictures, but for those in batches, ms. */
  meanMs: number | null
  /** 95 of 100 took at most so long, ms; of the requests that are kept one by one. */
  p95Ms: number | null
  /** USD a request that brought pictures, of those whose price is known. */
  meanUsd: number | null
}

/**
 * How requests went, by model, the most used first; `all` of them together, `null` where there were
 * none.
 */
export function statsOf(entries: readonly HistoryEntry[]): {
  all: Stats | null
  byModel: Map<string, Stats>
} {
  const byModel = new Map(
    [...tallyBy(entries, ({ model }) => model)]
      .sort(([, a], [, b]) => b.requests - a.requests)
      .map(([model, tally]) => [model, statsFrom(tally, times(entries, model))]),
  )
  const sum = tallyBy(entries, () => 'all').get('all')
  return { all: sum === undefined ? null : statsFrom(sum, times(entries)), byModel }
}

function statsFrom(tally: Tally, sorted: readonly number[]): Stats {
  const { requests, ok, refused, ms, timed, usd, unknown } = tally
  const made = requests - refused
  const priced = ok - unknown
  return {
    ...tally,
    failed: made - ok,
    successRate: made === 0 ? null : ok / made,
    meanMs: timed === 0 ? null : ms / timed,
    p95Ms: sorted.length === 0 ? null : sorted[Math.ceil(sorted.length * 0.95) - 1]!,
    meanUsd: priced <= 0 ? null : usd / priced,
  }
}

/** How long good requests took, ms, the shortest first. */
function times(entries: readonly HistoryEntry[], model?: string): number[] {
  const good = entries.filter(
    (entry): entry is RequestEntry =>
      entry.kind === 'request' &&
      entry.outcome === 'ok' &&
      entry.batch !== true &&
      (model === undefined || entry.model === model),
  )
  return good.map(({ ms }) => ms).sort((a, b) => a - b)
}

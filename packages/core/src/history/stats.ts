import type { HistoryEntry, RequestEntry, Tally } from './entry.ts'
import { tallyBy } from './tally.ts'

/** Statistics of requests. */
export type Stats = Tally & {
  failed: number
  /** Share of successful requests, 0 to 1, refusals for a rate limit excluded; `null` for none. */
  successRate: number | null
  /** Mean duration of successful requests, batches excluded, ms; `null` for none. */
  meanMs: number | null
  /** 95th percentile of the same durations, ms, of requests that are not yet summed up. */
  p95Ms: number | null
  /** Mean cost of a successful request of known cost, USD; `null` for none. */
  meanUsd: number | null
}

/** Computes statistics by model, the most used first, and over all models; `null` for no requests. */
export function statsOf(entries: readonly HistoryEntry[]): {
  all: Stats | null
  byModel: Map<string, Stats>
} {
  const byModel = new Map(
    [...tallyBy(entries, ({ model }) => model)]
      .sort(([, a], [, b]) => b.requests - a.requests)
      .map(([model, tally]) => [model, statsFrom(tally, durations(entries, model))]),
  )
  const sum = tallyBy(entries, () => 'all').get('all')
  return { all: sum === undefined ? null : statsFrom(sum, durations(entries)), byModel }
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

/** Lists the durations of successful requests, ms, the shortest first. */
function durations(entries: readonly HistoryEntry[], model?: string): number[] {
  const good = entries.filter(
    (entry): entry is RequestEntry =>
      entry.kind === 'request' &&
      entry.outcome === 'ok' &&
      entry.batch !== true &&
      (model === undefined || entry.model === model),
  )
  return good.map(({ ms }) => ms).sort((a, b) => a - b)
}

import {
  type HistoryEntry,
  monthOf,
  type RequestEntry,
  type RunEntry,
  type RunSumEntry,
  type Saved,
  type SumEntry,
  type Tally,
} from './entry.ts'

export const emptyTally: Tally = {
  requests: 0,
  ok: 0,
  refused: 0,
  pictures: 0,
  usd: 0,
  estimatedUsd: 0,
  unknown: 0,
  ms: 0,
  timed: 0,
}
export const nothingSaved: Saved = { pictures: 0, usd: 0, unknown: 0 }

/** Outcome of a request that the server refused for its rate limit. */
const RATE_LIMITED = 'provider/rate-limit'

/** Converts a request, or a sum of requests, to a tally. */
function toTally(entry: RequestEntry | SumEntry): Tally {
  if (entry.kind === 'sum') return entry
  const { outcome, pictures, usd, estimated, ms, batch } = entry
  const isOk = outcome === 'ok'
  return {
    requests: 1,
    ok: isOk ? 1 : 0,
    refused: outcome === RATE_LIMITED ? 1 : 0,
    pictures: isOk ? pictures : 0,
    usd: usd ?? 0,
    estimatedUsd: estimated === true ? (usd ?? 0) : 0,
    unknown: usd === null ? 1 : 0,
    ms: isOk && batch !== true ? ms : 0,
    timed: isOk && batch !== true ? 1 : 0,
  }
}

/** Sums the requests of a history by key, in the order of the keys. Skips `undefined` keys. */
export function tallyBy(
  entries: readonly HistoryEntry[],
  keyOf: (entry: RequestEntry | SumEntry) => string | undefined,
): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (const entry of entries) {
    if (entry.kind !== 'request' && entry.kind !== 'sum') continue
    const key = keyOf(entry)
    if (key !== undefined) {
      tallies.set(key, addTallies(tallies.get(key) ?? emptyTally, toTally(entry)))
    }
  }
  return tallies
}

/** Sums all requests of a history. */
export function tallyAll(entries: readonly HistoryEntry[]): Tally {
  return tallyBy(entries, () => '').get('') ?? emptyTally
}

/**
 * Sums what the requests of a month cost, USD. Requests of unknown outcome count with their
 * maximum.
 *
 * @param month in UTC, `2026-11`
 */
export function spentIn(month: string, entries: readonly HistoryEntry[]): number {
  return tallyAll(entries.filter((entry) => monthOf(entry) === month)).usd
}

/** Sums the pictures that runs did not have to request. */
export function savedBy(entries: readonly HistoryEntry[]): {
  runs: number
  kept: Saved
  recovered: Saved
} {
  const runs = entries.filter(
    (entry): entry is RunEntry | RunSumEntry => entry.kind === 'run' || entry.kind === 'runs',
  )
  return {
    runs: runs.reduce((sum, entry) => sum + (entry.kind === 'runs' ? entry.runs : 1), 0),
    kept: runs.reduce((sum, { kept }) => addSaved(sum, kept), nothingSaved),
    recovered: runs.reduce((sum, { recovered }) => addSaved(sum, recovered), nothingSaved),
  }
}

/** Adds two sums of saved pictures. */
export function addSaved(a: Saved, b: Saved): Saved {
  return { pictures: a.pictures + b.pictures, usd: a.usd + b.usd, unknown: a.unknown + b.unknown }
}

function addTallies(a: Tally, b: Tally): Tally {
  const sum = (key: keyof Tally): number => a[key] + b[key]
  return {
    requests: sum('requests'),
    ok: sum('ok'),
    refused: sum('refused'),
    pictures: sum('pictures'),
    usd: sum('usd'),
    estimatedUsd: sum('estimatedUsd'),
    unknown: sum('unknown'),
    ms: sum('ms'),
    timed: sum('timed'),
  }
}

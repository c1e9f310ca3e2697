/*
 * The history of requests and runs: one line of JSON per entry in `.limn/history.jsonl`. It contains
 * no prompts, keys or URLs.
 */

/**
 * One request for pictures. It is recorded before it is sent, with its maximum cost, and again with
 * its outcome: of two lines with the same `id` the later one counts.
 */
export type RequestEntry = {
  kind: 'request'
  id: string
  /** Id of the run. */
  run: string
  /** ISO 8601 in UTC. */
  at: string
  profile?: string
  provider: string
  asset: string
  model: string
  operation: string
  /** The requested size, `WIDTHxHEIGHT`, px. */
  size: string
  quality: string
  /** Number of requested pictures. */
  pictures: number
  /** Present if the request was sent in a batch: `ms` does not show how fast the model is. */
  batch?: true
  /** Number of earlier attempts. */
  retries: number
  ms: number
  /** USD; `null` if unknown. */
  usd: number | null
  /** Present if `usd` is the maximum, because the actual cost is unknown. */
  estimated?: true
  /**
   * `ok`, or the code of the failure; `sent` if the outcome is unknown because the process ended
   * before.
   */
  outcome: string
}

/** Pictures that did not have to be requested, and what they cost originally, USD. */
export type Saved = { pictures: number; usd: number; unknown: number }

/** One run with something to do. */
export type RunEntry = {
  kind: 'run'
  run: string
  at: string
  profile?: string
  ms: number
  generated: number
  failed: number
  usd: number
  /** Pictures that were up to date at the start; recorded only for a run over the whole manifest. */
  kept: Saved
  /** Pictures recovered from the journal, or from replaced pictures that are kept. */
  recovered: Saved
}

/** The sum of many requests. */
export type Tally = {
  requests: number
  ok: number
  /** Requests that the server refused for its rate limit, which count neither as made nor failed. */
  refused: number
  /** Pictures of the requests that are `ok`. */
  pictures: number
  /** USD, without requests of unknown cost. */
  usd: number
  /** The part of `usd` that is estimated. */
  estimatedUsd: number
  /** Requests of unknown cost. */
  unknown: number
  /** Total duration of the requests that are `ok`, batches excluded, ms. */
  ms: number
  /** Number of requests in `ms`. */
  timed: number
}

/** Requests of one month, kept only as a sum. */
export type SumEntry = Tally & {
  kind: 'sum'
  month: string
  profile?: string
  provider: string
  asset: string
  model: string
}
/** Runs of one month, kept only as a sum. */
export type RunSumEntry = {
  kind: 'runs'
  month: string
  runs: number
  kept: Saved
  recovered: Saved
}

export type HistoryEntry = RequestEntry | RunEntry | SumEntry | RunSumEntry

/** Formats an entry as a line of the history. */
export function formatEntry(entry: HistoryEntry): string {
  return `${JSON.stringify(entry)}\n`
}

/**
 * Parses the lines of a history. Skips torn lines and lines of another kind; returns only the last
 * line of each request.
 */
export function parseHistory(text: string): HistoryEntry[] {
  const entries = new Map<string, HistoryEntry>()
  for (const line of text.split('\n')) {
    const entry = line === '' ? undefined : parseEntry(line)
    if (entry !== undefined) {
      entries.set(entry.kind === 'request' ? entry.id : `line ${entries.size}`, entry)
    }
  }
  return [...entries.values()]
}

const textFields: Readonly<Record<HistoryEntry['kind'], readonly string[]>> = {
  request: ['id', 'run', 'at', 'provider', 'asset', 'model', 'outcome'],
  run: ['run', 'at'],
  sum: ['month', 'provider', 'asset', 'model'],
  runs: ['month'],
}
const numberFields: Readonly<Record<HistoryEntry['kind'], readonly string[]>> = {
  request: ['pictures', 'ms'],
  run: ['ms', 'usd'],
  sum: ['requests', 'ok', 'refused', 'pictures', 'usd', 'estimatedUsd', 'unknown', 'ms', 'timed'],
  runs: ['runs'],
}

function parseEntry(line: string): HistoryEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const fields = value as Readonly<Record<string, unknown>>
  const kind = fields['kind'] as HistoryEntry['kind']
  if (!Object.hasOwn(textFields, String(kind))) return undefined
  if (
    !textFields[kind].every((key) => typeof fields[key] === 'string') ||
    !numberFields[kind].every((key) => isAmount(fields[key]))
  ) {
    return undefined
  }
  if (kind === 'request' && fields['usd'] !== null && !isAmount(fields['usd'])) return undefined
  if (
    (kind === 'run' || kind === 'runs') &&
    !(isSaved(fields['kept']) && isSaved(fields['recovered']))
  ) {
    return undefined
  }
  return value as HistoryEntry
}

function isSaved(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['pictures', 'usd', 'unknown'].every((key) =>
      isAmount((value as Readonly<Record<string, unknown>>)[key]),
    )
  )
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

/** Returns the month of an entry in UTC, `2026-11`. */
export function monthOf(entry: HistoryEntry): string {
  return 'month' in entry ? entry.month : entry.at.slice(0, 7)
}

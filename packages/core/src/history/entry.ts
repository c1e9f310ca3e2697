/*
 * What is known of past runs, a line of JSON each in `.limn/history.jsonl`. Neither prompts nor
 * keys nor URLs stand in it.
 */

/**
 * One request for pictures. It is noted before it is sent, at its worst case, and again with what
 * came of it: of two lines with one `id` the later counts.
 */
export type RequestEntry = {
  kind: 'request'
  id: string
  /** The run it belongs to. */
  run: string
  /** ISO 8601 in UTC. */
  at: string
  profile?: string
  provider: string
  asset: string
  model: string
  operation: string
  /** `WIDTHxHEIGHT`, as it was asked. */
  size: string
  quality: string
  /** That were asked for. */
  pictures: number
  /**
   * Present where it went in a batch, at half the price: its time says nothing of how fast the
   * model is.
   */
  batch?: true
  /** How often it had been tried before. */
  retries: number
  ms: number
  /** `null` where the price is not known. */
  usd: number | null
  /** Present where `usd` is what it may cost at most, as nobody said what it did. */
  estimated?: true
  /**
   * `sent` where nothing more was heard of it, as the process died; else `ok` or the code of the
   * failure.
   */
  outcome: string
}

/** Pictures that needed not be asked for, by what they cost when they were. */
export type Saved = { pictures: number; usd: number; unknown: number }

/** One run that had something to do. */
export type RunEntry = {
  kind: 'run'
  run: string
  at: string
  profile?: string
  ms: number
  generated: number
  failed: number
  usd: number
  /** Up to date when it started; only where it looked at the whole manifest. */
  kept: Saved
  /** Taken from the journal or the shelf. */
  recovered: Saved
}

/** What many requests come to. */
export type Tally = {
  requests: number
  ok: number
  /**
   * That the server refused for its rate limit, and that were asked again: they count neither as
   * made nor as failed.
   */
  refused: number
  /** Pictures of those that are `ok`. */
  pictures: number
  /** USD, without those whose price is not known. */
  usd: number
  /** Of `usd`, what is only estimated. */
  estimatedUsd: number
  /** Requests whose price is not known. */
  unknown: number
  /** How long those that are `ok` took together, but for those in batches, and how many these are. */
  ms: number
  timed: number
}

/** Requests of a month that are kept only as a sum. */
export type SumEntry = Tally & {
  kind: 'sum'
  month: string
  profile?: string
  provider: string
  asset: string
  model: string
}
/** Runs of a month that are kept only as a sum. */
export type RunSumEntry = {
  kind: 'runs'
  month: string
  runs: number
  kept: Saved
  recovered: Saved
}

export type HistoryEntry = RequestEntry | RunEntry | SumEntry | RunSumEntry

export function formatEntry(entry: HistoryEntry): string {
  return `${JSON.stringify(entry)}\n`
}

/**
 * Reads the lines of a history. Those that are torn or of another kind are left out; of requests
 * only the last word is given.
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

const texts: Readonly<Record<HistoryEntry['kind'], readonly string[]>> = {
  request: ['id', 'run', 'at', 'provider', 'asset', 'model', 'outcome'],
  run: ['run', 'at'],
  sum: ['month', 'provider', 'asset', 'model'],
  runs: ['month'],
}
const numbers: Readonly<Record<HistoryEntry['kind'], readonly string[]>> = {
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
  if (!Object.hasOwn(texts, String(kind))) return undefined
  if (
    !texts[kind].every((key) => typeof fields[key] === 'string') ||
    !numbers[kind].every((key) => isAmount(fields[key]))
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

/** The month of an entry, `2026-11`, in UTC. */
export function monthOf(entry: HistoryEntry): string {
  return 'month' in entry ? entry.month : entry.at.slice(0, 7)
}

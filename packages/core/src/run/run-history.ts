import { randomUUID } from 'node:crypto'
import type { LimnEvent } from '../events.ts'
import type { RequestEntry, RunEntry, Saved } from '../history/entry.ts'
import type { History } from '../history/history-file.ts'
import { addSaved, nothingSaved } from '../history/tally.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { sumUsd } from '../models/cost.ts'
import type { Plan } from '../plan/plan.ts'
import type { BatchLine, BatchRecord } from '../store/batch-records.ts'
import { codeOf } from './failures.ts'

/** A request as the history names it. `usd` is its worst-case cost. */
type SentRequest = Pick<
  RequestEntry,
  'provider' | 'asset' | 'model' | 'operation' | 'size' | 'quality' | 'pictures' | 'retries' | 'usd'
>
/** How a request ended. `provider` is the one that answered or failed, if it was another one. */
export type Outcome = Pick<RequestEntry, 'outcome' | 'usd' | 'ms' | 'estimated'> & {
  provider?: string | undefined
}

/** The history of one run. */
export type RunHistory = {
  /** The id and the profile of the run. */
  readonly run: string
  readonly profile: string | undefined
  /**
   * Records a request before it is sent, at its worst-case cost, so that it counts even if this
   * process dies.
   *
   * @returns a function that records how the request ended
   * @throws LimnError `store/…`, `budget/exceeded`, `store/busy`; the request must not be sent then
   */
  begin(sent: SentRequest): Promise<(outcome: Outcome) => Promise<void>>
  /**
   * Records the requests of a batch before they are sent, like `begin`. A later run records how
   * they ended.
   *
   * @throws LimnError `store/…`, `budget/exceeded`; the batch must not be sent then
   */
  beginBatch(sent: readonly RequestEntry[]): Promise<void>
  /** Records that the requests of a batch were not sent. */
  failBatch(sent: readonly RequestEntry[], outcome: string): Promise<void>
  /** Counts recovered pictures. */
  follow(event: LimnEvent): void
  /** Records the run itself, if it requested or recovered pictures. */
  end(run: Pick<RunEntry, 'generated' | 'failed' | 'usd' | 'kept'>): Promise<void>
}

type RunHistoryOptions = {
  profile?: string | undefined
  /**
   * Called with the worst-case cost of requests, USD, once they are recorded. Throws if they must
   * not be sent. Default: they may.
   */
  requireSendable?: (usd: number | null) => Promise<void>
}

/** Creates the history of a run. */
export function createRunHistory(
  history: History,
  { profile, requireSendable = () => Promise.resolve() }: RunHistoryOptions = {},
): RunHistory {
  const run = randomUUID().slice(0, 8)
  const started = performance.now()
  const named = profile === undefined ? {} : { profile }
  let recovered = nothingSaved
  let requests = 0
  const { recordSent, recordUnsent, tryAppend } = createRecorder(history, requireSendable)
  return {
    run,
    profile,
    async beginBatch(sent) {
      requests += sent.length
      await recordSent(sent)
    },
    failBatch: recordUnsent,
    async begin(sent) {
      const start = { id: `${run}-${++requests}`, run, at: new Date().toISOString(), ...named }
      const entry: RequestEntry = {
        kind: 'request',
        ...start,
        ...sent,
        ms: 0,
        estimated: true,
        outcome: 'sent',
      }
      await recordSent([entry])
      return (outcome) => tryAppend(endedEntry(entry, outcome))
    },
    follow(event) {
      if (event.type === 'generated' && event.recovered && event.batch === undefined) {
        recovered = addSaved(recovered, savedOf(event.usd))
      }
    },
    async end(counts) {
      if (requests === 0 && recovered.pictures === 0) return
      const ms = Math.round(performance.now() - started)
      await tryAppend({
        kind: 'run',
        run,
        at: new Date().toISOString(),
        ...named,
        ms,
        ...counts,
        recovered,
      })
    },
  }
}

type Recorder = {
  /**
   * Records requests before they are sent. @throws what `requireSendable` throws; LimnError
   * `store/…`
   */
  recordSent(entries: readonly RequestEntry[]): Promise<void>
  /** Records that requests were not sent. */
  recordUnsent: RunHistory['failBatch']
  /** Records an entry if the disk allows it. */
  tryAppend(entry: RequestEntry | RunEntry): Promise<void>
}

function createRecorder(
  history: History,
  requireSendable: (usd: number | null) => Promise<void>,
): Recorder {
  // The request was recorded at its worst-case cost before, so a failure here loses no money.
  const tryAppend: Recorder['tryAppend'] = (entry) => history.append(entry).catch(() => {})
  const recordUnsent: Recorder['recordUnsent'] = async (sent, outcome) => {
    await Promise.all(sent.map((entry) => tryAppend(endedEntry(entry, { outcome, usd: 0, ms: 0 }))))
  }
  return {
    tryAppend,
    recordUnsent,
    async recordSent(entries) {
      const costly = entries.filter(({ usd }) => usd !== 0)
      await Promise.all(costly.map((entry) => history.append(entry)))
      try {
        await requireSendable(sumUsd(entries))
      } catch (error) {
        await recordUnsent(entries, codeOf(error))
        throw error
      }
    },
  }
}

function endedEntry(
  entry: RequestEntry,
  { provider = entry.provider, estimated, ...outcome }: Outcome,
): RequestEntry {
  const { estimated: _, ...sent } = entry
  return {
    ...sent,
    ...outcome,
    ms: Math.round(outcome.ms),
    provider,
    ...(estimated === true ? { estimated } : {}),
  }
}

/**
 * Returns the history entry of a request in a batch. It has the same `id` when it is sent and when
 * it is collected.
 */
export function batchEntry(
  { uuid, run, profile, at, provider, model }: BatchRecord,
  { id, asset, request, images }: BatchLine,
  outcome: Pick<RequestEntry, 'outcome' | 'usd' | 'estimated'>,
): RequestEntry {
  const { operation, size, quality } = request
  return {
    kind: 'request',
    id: `${uuid} ${id}`,
    run,
    at,
    ...(profile === undefined ? {} : { profile }),
    provider,
    asset,
    model,
    operation,
    size,
    quality,
    pictures: images,
    retries: 0,
    ms: 0,
    batch: true,
    ...outcome,
  }
}

/** Sums up the generated pictures of a manifest that a plan neither requests nor recovers. */
export function sumKept({ assets }: Manifest, lock: Lock, plan: Plan): Saved {
  const planned = new Set(
    plan.steps.flatMap(({ kind, asset }) =>
      kind === 'generate' || kind === 'recover' ? [asset] : [],
    ),
  )
  const kept = assets.flatMap(({ name, source }) =>
    source === null && !planned.has(name) ? (lock.assets.get(name) ?? []) : [],
  )
  return kept.reduce((sum, { made }) => addSaved(sum, savedOf(made.usd ?? null)), nothingSaved)
}

function savedOf(usd: number | null): Saved {
  return { pictures: 1, usd: usd ?? 0, unknown: usd === null ? 1 : 0 }
}

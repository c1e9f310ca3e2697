import { randomUUID } from 'node:crypto'
import type { LimnEvent } from '../events.ts'
import type { RequestEntry, RunEntry, Saved } from '../history/entry.ts'
import type { History } from '../history/history-file.ts'
import { addSaved, nothingSaved } from '../history/tally.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Plan } from '../plan/plan.ts'

/** What is asked, as the history names it; `usd` is what it costs at most. */
export type Asked = Pick<
  RequestEntry,
  'provider' | 'asset' | 'model' | 'operation' | 'size' | 'quality' | 'pictures' | 'retries' | 'usd'
>
/** What came of it. `provider`: who answered or failed, where it was another. */
export type Outcome = Pick<RequestEntry, 'outcome' | 'usd' | 'ms' | 'estimated'> & {
  provider?: string | undefined
}

/** Keeps the history of one run. */
export type RunRecord = {
  /** The run, and its profile, as the history names them. */
  readonly run: string
  readonly profile: string | undefined
  /**
   * Notes a request before it is sent, so that it counts whatever becomes of this process.
   *
   * @returns what notes how it ended
   * @throws LimnError `store/…`: nothing is to be sent then
   */
  begin(asked: Asked): Promise<(outcome: Outcome) => Promise<void>>
  /** Notes a request of a batch, whose end a later run will note. @throws LimnError `store/…` */
  note(entry: RequestEntry): Promise<void>
  /** Told what happens: pictures that are taken back are counted. */
  follow(event: LimnEvent): void
  /** Notes the run itself. */
  end(run: Pick<RunEntry, 'generated' | 'failed' | 'usd' | 'kept'>): Promise<void>
}

/** A run in the history. Notes only where pictures are asked for or taken back. */
export function createRunRecord(history: History, profile: string | undefined): RunRecord {
  const run = randomUUID().slice(0, 8)
  const started = performance.now()
  const named = profile === undefined ? {} : { profile }
  let recovered = nothingSaved
  let requests = 0
  // What can't be noted now was noted at its worst case before.
  const tryAppend = (entry: RequestEntry | RunEntry): Promise<void> =>
    history.append(entry).catch(() => {})
  return {
    run,
    profile,
    note(entry) {
      requests++
      return history.append(entry)
    },
    async begin(asked) {
      const entry: RequestEntry = {
        kind: 'request',
        id: `${run}-${++requests}`,
        run,
        at: new Date().toISOString(),
        ...named,
        ...asked,
        ms: 0,
        estimated: true,
        outcome: 'sent',
      }
      if (asked.usd !== 0) await history.append(entry)
      return ({ provider = entry.provider, estimated, ...outcome }) => {
        const { estimated: _, ...sent } = entry
        return tryAppend({
          ...sent,
          ...outcome,
          ms: Math.round(outcome.ms),
          provider,
          ...(estimated === true ? { estimated } : {}),
        })
      }
    },
    follow(event) {
      if (event.type === 'generated' && event.recovered && event.batch === undefined) {
        recovered = addSaved(recovered, savedOf(event.usd))
      }
    },
    async end(counts) {
      if (requests === 0 && recovered.pictures === 0) return
      await tryAppend({
        kind: 'run',
        run,
        at: new Date().toISOString(),
        ...named,
        ms: Math.round(performance.now() - started),
        ...counts,
        recovered,
      })
    },
  }
}

/** The pictures that a run over the whole manifest need not ask for, as the lock has them. */
export function keptBy({ assets }: Manifest, lock: Lock, plan: Plan): Saved {
  const asked = new Set(
    plan.steps.flatMap(({ kind, asset }) =>
      kind === 'generate' || kind === 'recover' ? [asset] : [],
    ),
  )
  const kept = assets.flatMap(({ name, source }) =>
    source === null && !asked.has(name) ? (lock.assets.get(name) ?? []) : [],
  )
  return kept.reduce((sum, { made }) => addSaved(sum, savedOf(made.usd ?? null)), nothingSaved)
}

function savedOf(usd: number | null): Saved {
  return { pictures: 1, usd: usd ?? 0, unknown: usd === null ? 1 : 0 }
}

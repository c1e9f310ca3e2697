import type { Diagnostic } from './diagnostic.ts'
import type { LimnError } from './errors.ts'
import type { Currency } from './models/cost.ts'
import type { Plan } from './plan/plan.ts'

/**
 * What happens during a run, in order. Plain data but for errors: printing it is the caller's
 * business.
 */
export type LimnEvent =
  /** The manifest has something that is legal but surely not meant. */
  | { type: 'warning'; diagnostic: Diagnostic }
  /** Another process is writing; this one takes its turn after it. */
  | { type: 'waiting' }
  /** `currency` is what prices are shown in; those of the plan are in USD. */
  | { type: 'planned'; plan: Plan; currency: Currency | null }
  | { type: 'generating'; asset: string }
  /** An unfinished picture, while the model draws. */
  | { type: 'partial'; asset: string; index: number; picture: Uint8Array }
  /** The provider asked to wait, or failed in a way that may pass. */
  | { type: 'retrying'; asset: string; attempt: number; ms: number; error: LimnError }
  /** A failure was final for a provider: another draws for the rest of the run. */
  | { type: 'failover'; from: string; to: string; error: LimnError }
  /** A provider can't be asked at all, as its key is missing: the next takes its place. */
  | { type: 'passed-over'; provider: string; error: LimnError }
  /**
   * A picture came, or was found in the journal (`recovered`; `batch`: where one brought it there),
   * and is the master now. `candidateFiles`: where all that came for its request lie, relative to
   * the root, by their numbers; empty where there is only the one.
   */
  | {
      type: 'generated'
      asset: string
      path: string
      width: number
      height: number
      usd: number | null
      candidates: number
      recovered: boolean
      batch?: string
      ms: number
      candidateFiles: string[]
    }
  /** The picture is not what was asked for; it is kept all the same. */
  | { type: 'mismatch'; asset: string; asked: PictureForm; got: PictureForm }
  /** Requests went off in a batch. `usd`: what they cost at most. */
  | { type: 'batch-sent'; batch: string; model: string; assets: string[]; usd: number | null }
  /** A batch is under way. `since`: when it was sent, ISO 8601. */
  | {
      type: 'batch-waiting'
      batch: string
      status: string
      counts: { total: number; completed: number; failed: number }
      since: string
    }
  /** A batch came back: its pictures are in the journal. */
  | {
      type: 'batch-collected'
      batch: string
      status: string
      pictures: number
      failed: number
      usd: number | null
    }
  /** A batch was about to be made when the process died, and never was. */
  | { type: 'batch-unmade'; assets: string[] }
  /** How far a batch is can't be learnt now; it is waited for still. */
  | { type: 'batch-unread'; batch: string; error: LimnError }
  | { type: 'moved'; asset: string; from: string; path: string }
  /** A file is in place. `cached`: it had been encoded before. */
  | { type: 'derived'; asset: string; file: string; bytes: number; cached: boolean; ms: number }
  /** A file is in place but not in the cache, which can't be written: it is cut again the next time. */
  | { type: 'uncached'; error: LimnError }
  /** One asset, or one file of it, failed; the others go on. */
  | { type: 'failed'; asset: string; file?: string; error: unknown }
  | { type: 'progress'; progress: Progress }

/** What a picture is like: `816x816` px, and `png` or another type. */
export type PictureForm = { size: string; format: string }

export type Progress = {
  /** Pictures to ask for. */
  generate: { done: number; total: number; inFlight: number }
  /** Files to cut. */
  derive: { done: number; total: number }
  /** USD spent in this run. */
  usd: number
}

export type OnEvent = (event: LimnEvent) => void

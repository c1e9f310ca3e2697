import type { Diagnostic } from './diagnostic.ts'
import type { LimnError } from './errors.ts'
import type { Verdict } from './lock/verdict.ts'
import type { Currency } from './models/cost.ts'
import type { Plan } from './plan/plan.ts'

/** An event of a run, in the order in which they happen. Plain data, except for errors. */
export type LimnEvent =
  /** The manifest has a valid setting that is probably a mistake. */
  | { type: 'warning'; diagnostic: Diagnostic }
  /** The run waits for another process that holds the writer lock. */
  | { type: 'waiting' }
  /** The plan of the run. Its prices are USD; `currency` is the one to show them in, if not USD. */
  | { type: 'planned'; plan: Plan; currency: Currency | null }
  /** A picture is requested. */
  | { type: 'generating'; asset: string }
  /** A partial picture was received; `index` counts from 0. */
  | { type: 'partial'; asset: string; index: number; picture: Uint8Array }
  /** A request is retried in `ms` after a rate limit or a temporary failure. */
  | { type: 'retrying'; asset: string; attempt: number; ms: number; error: LimnError }
  /**
   * A request waits `ms` before it is sent: for a rate limit of pictures (`images`) or input
   * pictures, or because the server refused another one.
   */
  | { type: 'limited'; asset: string; ms: number; limit: 'images' | 'inputImages' | 'refusal' }
  /** A provider failed permanently: `to` replaces it for the rest of the run. */
  | { type: 'failover'; from: string; to: string; error: LimnError }
  /** A provider is skipped because its key is missing: the next one replaces it. */
  | { type: 'passed-over'; provider: string; error: LimnError }
  /**
   * A picture is the new master, or a candidate if variants are compared: received, or `recovered`
   * from the journal or the shelf. `batch` is the id of the batch that returned it.
   * `candidateFiles` are the paths of all candidates relative to the root, in the order of their
   * numbers; empty if there is only one.
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
  /** A picture was examined: what it passed, and what it did not. */
  | { type: 'examined'; asset: string; verdicts: Verdict[] }
  /** A picture did not pass, so that another one is requested. `failed` is why. */
  | { type: 'attempt'; asset: string; failed: Verdict[] }
  /** No further attempt was made, because of `error`. The best picture so far is kept. */
  | { type: 'attempts-ended'; asset: string; error: unknown }
  /** A picture has another size or format than requested. It is kept. */
  | { type: 'mismatch'; asset: string; asked: PictureForm; got: PictureForm }
  /**
   * A server returned fewer pictures than requested, and the price of the plan, or a budget, allows
   * no further request. `got` pictures of `asked` arrived.
   */
  | { type: 'fewer'; asset: string; asked: number; got: number }
  /** Requests were sent in a batch. `usd` is their price at most, `null` if unknown. */
  | { type: 'batch-sent'; batch: string; model: string; assets: string[]; usd: number | null }
  /** A batch is still open. `since` is when it was sent, ISO 8601. */
  | {
      type: 'batch-waiting'
      batch: string
      status: string
      counts: { total: number; completed: number; failed: number }
      since: string
    }
  /** A batch has ended, and its pictures are in the journal. */
  | {
      type: 'batch-collected'
      batch: string
      status: string
      pictures: number
      failed: number
      usd: number | null
    }
  /** A process was killed before it created a batch for these assets. */
  | { type: 'batch-unmade'; assets: string[] }
  /** The status of a batch cannot be read. The batch stays open. */
  | { type: 'batch-unread'; batch: string; error: LimnError }
  /** The asset `from` is now named `asset`, and its master was moved to `path`. */
  | { type: 'moved'; asset: string; from: string; path: string }
  /** An output was written. `cached` means that it came from the cache. */
  | { type: 'derived'; asset: string; file: string; bytes: number; cached: boolean; ms: number }
  /**
   * An output replaced a file that somebody had changed. `keptIn` is its copy. Paths are relative
   * to the root.
   */
  | { type: 'replaced'; asset: string; path: string; keptIn: string }
  /** An output was written, but the cache cannot be: the next run encodes it again. */
  | { type: 'uncached'; error: LimnError }
  /** An asset failed, or one `file` of it. The run continues with the others. */
  | { type: 'failed'; asset: string; file?: string; error: unknown }
  /**
   * The remote store can't be used. Reported once per run, before the pictures that it may have are
   * requested.
   */
  | { type: 'remote-failed'; error: LimnError }
  /**
   * The remote store could not be asked about the requests of these assets, which it may have:
   * `usd` is what they cost at most, `null` if it is unknown. Reported before the run asks for
   * consent to its price, and at its end for those that the run sent without having reported them.
   */
  | {
      type: 'remote-unasked'
      store: string
      assets: readonly string[]
      usd: number | null
      isSent: boolean
    }
  /** The remote store has an object that is damaged or that Limn did not write. It is not used. */
  | { type: 'remote-damaged'; store: string; key: string }
  /** Another machine is requesting the picture of an asset: the run waits for it. */
  | { type: 'remote-waiting'; asset: string }
  /** Pictures were uploaded to the remote store. */
  | { type: 'remote-uploaded'; store: string; pictures: number }
  /**
   * Pictures were not uploaded to the remote store. They are on this machine: `paths` are those of
   * the masters, relative to the root. `isOnlyCopy` means that git does not have them either, so
   * that they are lost with this machine.
   */
  | {
      type: 'remote-unsent'
      store: string
      pictures: number
      paths: readonly string[]
      isOnlyCopy: boolean
      error: LimnError
    }
  /** The remote store can't be used, and the run or worker waits for it: it needs the store. */
  | { type: 'remote-awaited'; error: LimnError }
  /** The connection to the queue broke. The run goes on once it is back. */
  | { type: 'queue-failed'; error: LimnError }
  /** No worker is connected to the queue: the run waits for one. */
  | { type: 'queue-idle'; queue: string }
  /** The module of all pictures was written: `emit` of the manifest. Relative to the root. */
  | { type: 'emitted'; file: string }
  /** An atlas was written: `atlases` of the manifest. Its picture, relative to the root. */
  | { type: 'packed'; file: string }
  | { type: 'progress'; progress: Progress }

/** The size of a picture, `WIDTHxHEIGHT` in px, and its format, such as `png`. */
export type PictureForm = { size: string; format: string }

/** The progress of a run. */
export type Progress = {
  /** Pictures to generate. */
  generate: { done: number; total: number; inFlight: number }
  /** Outputs to write. */
  derive: { done: number; total: number }
  /** Price of this run so far, USD. */
  usd: number
}

/** Receives the events of a run. */
export type OnEvent = (event: LimnEvent) => void

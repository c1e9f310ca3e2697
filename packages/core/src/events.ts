import type { LimnError } from './errors.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Plan } from './plan/plan.ts'

/** What happens during a run, in order. Plain data but for errors: printing it is the caller's business. */
export type LimnEvent =
  /** The manifest has something that is legal but surely not meant. */
  | { type: 'warning'; diagnostic: Diagnostic }
  /** Another process is writing; this one takes its turn after it. */
  | { type: 'waiting' }
  | { type: 'planned'; plan: Plan }
  | { type: 'generating'; asset: string }
  /** An unfinished picture, while the model draws. */
  | { type: 'partial'; asset: string; index: number; picture: Uint8Array }
  /** The provider asked to wait, or failed in a way that may pass. */
  | { type: 'retrying'; asset: string; attempt: number; ms: number; error: LimnError }
  /** A picture came, or was found in the journal (`recovered`), and is the master now. */
  | { type: 'generated'; asset: string; path: string; width: number; height: number; usd: number | null; candidates: number; recovered: boolean; ms: number }
  /** The picture is not what was asked for; it is kept all the same. */
  | { type: 'mismatch'; asset: string; asked: string; got: string }
  | { type: 'moved'; asset: string; from: string; path: string }
  /** A file is in place. `cached`: it had been encoded before. */
  | { type: 'derived'; asset: string; file: string; bytes: number; cached: boolean; ms: number }
  /** One asset, or one file of it, failed; the others go on. */
  | { type: 'failed'; asset: string; file?: string; error: unknown }
  | { type: 'progress'; progress: Progress }

export type Progress = {
  /** Pictures to ask for. */
  generate: { done: number; total: number; inFlight: number }
  /** Files to cut. */
  derive: { done: number; total: number }
  /** USD spent in this run. */
  usd: number
}

export type OnEvent = (event: LimnEvent) => void

import type PQueue from 'p-queue'
import type { FileDigests } from '../cache/file-digests.ts'
import type { ErrorCode } from '../errors.ts'
import type { OnEvent, Progress } from '../events.ts'
import type { Budget } from '../limits/budget.ts'
import type { Clock } from '../limits/clock.ts'
import type { Limiters } from '../limits/limiter-per-provider.ts'
import type { Asset, Manifest } from '../manifest/manifest.ts'
import type { Master } from '../pictures/read-master.ts'
import type { Plan } from '../plan/plan.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { Checkpoint } from './lock-writer.ts'
import type { RunRecord } from './run-history.ts'

/** What every stage of a run shares. */
export type RunContext = {
  paths: ProjectPaths
  manifest: Manifest
  plan: Plan
  assetByName: ReadonlyMap<string, Asset>
  index: FileDigests
  checkpoint: Checkpoint
  budget: Budget
  limiters: Limiters
  record: RunRecord
  clock: Clock
  /** The keys of the journal, and those that are taken during the run. */
  journalKeys: Set<string>
  progress: Progress
  result: RunCounts
  /**
   * The line of those that are asked for: each holds its place until it is in the journal, so that
   * a crash never costs more than are in flight.
   */
  asking: PQueue
  /**
   * The line of pictures on their way to the journal: so that each is there soon, and not all of
   * many when the last one is.
   */
  keeping: PQueue
  /** The line of those that lie safe and become masters: memory holds few of them at a time. */
  settling: PQueue
  /**
   * The line of what keeps a processor busy, decoding and cutting, as many at a time as there are
   * processors: more would only get in the way of what reads and writes.
   */
  processors: PQueue
  provider: ImageProvider | undefined
  /** Unfinished pictures to ask for, whatever the manifest says. */
  partials: number | undefined
  onEvent: OnEvent
  signal: AbortSignal | undefined
  /** Fires when not even what is under way is waited for. */
  quit: AbortSignal | undefined
  isStopped: () => boolean
  /** Why a picture could not be written down: then no more are paid for. */
  diskFailure: ErrorCode | undefined
  /** Tells the progress as it stands. */
  report: () => void
  fail: (asset: string, error: unknown, file?: string) => void
  /** Puts files of an asset in line to be cut, from its master where that was just decoded. */
  cut: (asset: string, files: readonly string[], decoded?: Master) => void
}

export type RunCounts = {
  generated: number
  recovered: number
  moved: number
  /** Files put in place. */
  derived: number
  /** Batches that went off. `usd`: what they cost at most. */
  sent: { batch: string; assets: string[]; usd: number | null }[]
  failed: { asset: string; file?: string; error: unknown }[]
}

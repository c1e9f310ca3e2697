import type { Cutter } from '../derive/derive.ts'
import type { OnEvent, Progress } from '../events.ts'
import type { Budget } from '../generate/budget.ts'
import type { Checkpoint } from '../lock/checkpoint.ts'
import type { Asset, Manifest } from '../manifest/manifest.ts'
import type { Plan } from '../plan/plan.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { HashIndex } from '../store/hash-index.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** What every stage of a run shares. */
export type RunContext = {
  paths: ProjectPaths
  manifest: Manifest
  plan: Plan
  assetByName: ReadonlyMap<string, Asset>
  index: HashIndex
  checkpoint: Checkpoint
  budget: Budget
  /** The keys of the journal, and those that are taken during the run. */
  journalKeys: Set<string>
  progress: Progress
  result: RunCounts
  provider: ImageProvider | undefined
  /** Unfinished pictures to ask for, whatever the manifest says. */
  partials: number | undefined
  onEvent: OnEvent
  signal: AbortSignal | undefined
  isStopped: () => boolean
  /** Tells the progress as it stands. */
  report: () => void
  fail: (asset: string, error: unknown, file?: string) => void
  /** Puts files of an asset in line to be cut. */
  cut: (asset: string, files: readonly string[], makeCutter?: () => Promise<Cutter>) => void
}

export type RunCounts = {
  generated: number
  recovered: number
  moved: number
  /** Files put in place. */
  derived: number
  failed: { asset: string; file?: string; error: unknown }[]
}

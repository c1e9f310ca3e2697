import type { OnEvent } from '../events.ts'
import type { Plan } from '../plan/plan.ts'
import type { RemoteRun } from '../remote/remote-run.ts'
import type { OutputCutter } from './cut-outputs.ts'
import type { ReportFailure } from './failures.ts'
import type { LockWriter } from './lock-writer.ts'
import type { Orders } from './orders.ts'
import type { PictureExaminer } from './picture-examiner.ts'
import type { ProgressReporter } from './progress.ts'
import type { ProviderAccess } from './provider-access.ts'
import type { Queues } from './queues.ts'
import type { RunJournal } from './run-journal.ts'
import type { StopSignals } from './stop-signals.ts'
import type { Workspace } from './workspace.ts'

/** What turns a received picture into a master and its outputs. */
export type InstallStages = {
  workspace: Workspace
  plan: Plan
  queues: Queues
  lockWriter: LockWriter
  /** `undefined` if the run cuts no outputs. */
  outputs: OutputCutter | undefined
  /** `undefined` if no asset of the plan expects anything. */
  examiner: PictureExaminer | undefined
  /** Whether received pictures become candidates, and no masters. */
  asCandidates: boolean
  /** The remote store; `undefined` if there is none. */
  remote: RemoteRun | undefined
  signals: StopSignals
  reportFailure: ReportFailure
  onEvent: OnEvent
}

/** What requests pictures and keeps them. */
export type RequestStages = {
  access: ProviderAccess
  /** Has the requests sent by other processes; `undefined` if this one sends them. */
  orders?: Orders | undefined
  journal: RunJournal
  progress: ProgressReporter
  /** The number of partials to request, 0 to 3, whatever the manifest says. */
  partials: number | undefined
}

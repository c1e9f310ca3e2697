export { defineConfig, type LimnConfig, type SdkImageModel } from './config.ts'
export type { Diagnostic, Place } from './diagnostic.ts'
export { formatDiagnostic } from './diagnostic.ts'
export { type ErrorCode, LimnError } from './errors.ts'
export type { LimnEvent, OnEvent, PictureForm, Progress } from './events.ts'
export type { HistoryEntry } from './history/entry.ts'
export type { Lock, LockEntry, LockedMaster, LockedOutput, MasterRecord } from './lock/lock.ts'
export type { Asset, Manifest, Output, ProviderId } from './manifest/manifest.ts'
export type { Followed } from './manifest/read.ts'
export type { ManifestFile } from './manifest/manifest-file.ts'
export type { Plan, Reason, Step } from './plan/plan.ts'
export { hasWork } from './plan/steps.ts'
export type { Batches, BatchStatus } from './project/batches.ts'
export { formatPlan } from './plan/format-plan.ts'
export type { ImageRequest } from './identity/request.ts'
export {
  type CheckProblem,
  type GenerateOptions,
  type GenerateResult,
  openProject,
  type PlanSelection,
  type Project,
  type ProjectOptions,
} from './project/project.ts'
export { ManifestError } from './manifest/manifest-error.ts'
export type { Snapshot } from './project/snapshot.ts'
export type { Pruned, Upkeep } from './project/adopt.ts'

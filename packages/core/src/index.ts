// oxlint-disable-next-line import/no-unassigned-import -- fails if Node is too old
import './require-node.ts'
export {
  defineConfig,
  type LimnConfig,
  type SdkBatchProvider,
  type SdkImageModel,
} from './config.ts'
export type { Diagnostic, Place } from './diagnostic.ts'
export { formatDiagnostic } from './diagnostic.ts'
export { type ErrorCode, LimnError } from './errors.ts'
export type { LimnEvent, OnEvent, PictureForm, Progress } from './events.ts'
export type { HistoryEntry } from './history/entry.ts'
export type { Stats } from './history/stats.ts'
export type { ImageRequest } from './identity/request.ts'
export type { Lock, LockEntry, LockedMaster, LockedOutput, MasterRecord } from './lock/lock.ts'
export { ManifestError } from './manifest/manifest-error.ts'
export type { Asset, Manifest, Output, ProviderId } from './manifest/manifest.ts'
export type { ManifestFile } from './manifest/manifest-file.ts'
export type { Followed } from './manifest/read.ts'
export { formatPlan } from './plan/format-plan.ts'
export type { Plan, Reason, Step } from './plan/plan.ts'
export { hasWork } from './plan/steps.ts'
export type { LockFault } from './project/audit-lock.ts'
export type { BatchStatus, CancelledBatch } from './project/batches.ts'
export type { CheckOptions, CheckProblem, CheckResult } from './project/check.ts'
export type { Chosen } from './project/choose.ts'
export type { Compared, CompareOptions } from './project/compare/compare.ts'
export type {
  ComparedAsset,
  ComparedPicture,
  Comparison,
  Regression,
} from './project/compare/comparison.ts'
export type { CostReport } from './project/costs.ts'
export { agentsLine } from './project/agents-line.ts'
export type { NamedAsset } from './project/add-asset.ts'
export type { Import, ImportOptions } from './project/import/import.ts'
export type { Migration } from './project/migrate/migrate.ts'
export type { AssetEdit, PreviewedEdit } from './project/edit-asset.ts'
export type { Explanation } from './project/explain.ts'
export type { GenerateOptions, GenerateResult } from './project/generate.ts'
export type { MergeConflict, MergeProblem, MergeResult } from './project/merge/result.ts'
export type {
  PlanningOptions,
  PlanResult,
  PlanSelection,
  ProjectOptions,
  RemoteForecast,
  Shard,
  TrustQuestion,
} from './project/options.ts'
export type { PolicyResult } from './project/policy/find-findings.ts'
export type { PolicyFinding } from './project/policy/finding.ts'
export { openProject, type PlannedSnapshot, type Project } from './project/project.ts'
export type { Pruned } from './project/prune.ts'
export type { RemoteCache } from './project/remote-cache-types.ts'
export type { EarlierPictures, ListedPicture, Restored } from './project/restore.ts'
export type { Run } from './project/run-stream.ts'
export type { AssetDetails } from './project/show.ts'
export type { Snapshot } from './project/snapshot.ts'
export type { ListedNeed } from './project/trust-needs.ts'
export type { ListedGrant } from './project/trust.ts'
export type { ComparedVariants, PricedVariants, Variant } from './project/variants.ts'

/*
 * Types of what the actions of a project take and return, for the command line.
 */
export type { CostKey } from '../history/costs.ts'
export type { Stats } from '../history/stats.ts'
export type { MasterRecord, MasterState } from '../lock/lock.ts'
export type { Asset, Manifest, Output as AssetOutput } from '../manifest/manifest.ts'
export type { Plan, Step } from '../plan/plan.ts'
export type { ProjectPaths } from '../store/paths.ts'

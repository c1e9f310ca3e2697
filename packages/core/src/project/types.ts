/*
 * Types of what the actions of a project take and return, for the command line.
 */
export type { Stats } from '../history/stats.ts'
export type { MasterRecord } from '../lock/lock.ts'
export type { Asset, Manifest } from '../manifest/manifest.ts'
export type { CostGroup } from '../plan/cost-groups.ts'
export type { Plan } from '../plan/plan.ts'
export type { ProjectPaths } from '../store/paths.ts'

import type { LockEntry } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Currency } from '../models/cost.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { mainSteps } from '../plan/steps.ts'
import { candidatePaths } from '../store/candidates.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { auditLock, type LockFault } from './audit-lock.ts'
import { findAsset } from './find-asset.ts'
import type { Snapshot } from './snapshot.ts'

/** Everything that is recorded about one asset. */
export type AssetDetails = {
  asset: Asset
  /** Its lock entry; `undefined` if there is none. */
  entry: LockEntry | undefined
  /** What the plan does with it; `undefined` if nothing. */
  step: Step | undefined
  /** The candidates of its request on this machine, by number, relative to the root with `/`. */
  candidates: string[]
  /** What the lockfile says about it and Limn never writes. */
  faults: LockFault[]
  currency: Currency | null
}

/** Collects everything that is recorded about one asset. @throws LimnError `asset/unknown` */
export async function show(
  { plan, snapshot }: { plan: Plan; snapshot: Snapshot },
  { name, paths }: { name: string; paths: ProjectPaths },
): Promise<AssetDetails> {
  const asset = findAsset(snapshot, name)
  const entry = snapshot.lock.assets.get(name)
  return {
    asset,
    entry,
    step: mainSteps(plan.steps).get(name),
    candidates:
      entry === undefined || entry.request.operation === 'source'
        ? []
        : candidatePaths(paths, { asset: name, request: entry.request }),
    faults: (await auditLock(snapshot, paths, name)).filter(({ asset }) => asset === name),
    currency: snapshot.manifest.currency,
  }
}

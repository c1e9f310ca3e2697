import { compareRequests, type FieldChange, type ImageRequest } from '../identity/request.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Currency } from '../models/cost.ts'
import { currentRequest } from '../plan/current-request.ts'
import { type Plan, type Step } from '../plan/plan.ts'
import { findAsset } from './find-asset.ts'
import { planInputs } from './plan-inputs.ts'
import type { Snapshot } from './snapshot.ts'

/** What was requested for an asset, what would be requested now, and what the plan does about it. */
export type Explanation = {
  asset: Asset
  /** Its lock entry; `undefined` if there is none. */
  entry: LockEntry | undefined
  steps: Step[]
  request: ImageRequest
  /** Fields in which the request differs from the recorded one. */
  changes: FieldChange[]
  currency: Currency | null
}

/** Compares the recorded request of an asset with the current one. @throws LimnError `asset/unknown` */
export function explain(
  { plan, snapshot }: { plan: Plan; snapshot: Snapshot },
  name: string,
): Explanation {
  const asset = findAsset(snapshot, name)
  const entry = snapshot.lock.assets.get(name)
  const request = currentRequest(asset, planInputs(snapshot), plan.steps)
  return {
    asset,
    entry,
    steps: plan.steps.filter((step) => step.asset === name),
    request,
    changes:
      entry === undefined || asset.source !== null ? [] : compareRequests(entry.request, request),
    currency: snapshot.manifest.currency,
  }
}

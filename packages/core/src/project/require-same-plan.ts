import { canonicalJson } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'

/** @throws LimnError `plan/stale` if the plan costs more than the approved one */
export function requireSameCost(approved: Plan, current: Plan): void {
  if (current.usd <= approved.usd && current.unknownPrices <= approved.unknownPrices) return
  throw new LimnError(
    'plan/stale',
    'The plan costs more than the one that was approved: the manifest, the lockfile or the files have changed.',
    { hint: 'Run the command again.' },
  )
}

/** @throws LimnError `plan/stale` if there is a saved plan and it no longer applies */
export function requireSamePlan(saved: Plan | undefined, current: Plan): void {
  if (saved === undefined || canonicalJson(saved) === canonicalJson(current)) return
  throw new LimnError(
    'plan/stale',
    'The saved plan no longer applies: the manifest, the lockfile or the files have changed since.',
    { hint: 'Make a new one with `limn plan --out FILE`.' },
  )
}

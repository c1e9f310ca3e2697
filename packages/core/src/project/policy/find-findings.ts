import type { Place } from '../../diagnostic.ts'
import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import type { Policy } from '../../manifest/manifest.ts'
import type { Path } from '../../manifest/parse/path.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import type { Snapshot } from '../snapshot.ts'
import { acknowledge, type Acknowledged } from './acknowledge.ts'
import type { BranchCost } from './branch-cost.ts'
import { findViolations } from './find-violations.ts'
import type { PolicyFinding, Violation } from './finding.ts'

/** What the policies of a manifest found. */
export type PolicyResult = {
  findings: PolicyFinding[]
  /** What the branch costs; `null` if no policy limits it, or it was compared with nothing. */
  cost: BranchCost | null
  /** Policies that were not checked, because there is no base to compare with. */
  notChecked: Violation['code'][]
}

/**
 * Checks the policies of the manifest. Reads no picture.
 *
 * @param options.base the branch, tag or commit that the cost is compared with. Default: none
 * @param options.today `YYYY-MM-DD` in UTC
 * @throws LimnError `git/…`, `lock/…`
 */
export async function findFindings(
  { plan, snapshot }: { plan: Plan; snapshot: Snapshot },
  { paths, base, today }: { paths: ProjectPaths; base: string | undefined; today: string },
): Promise<PolicyResult> {
  const { manifest, lock } = snapshot
  const { policy } = manifest
  if (policy === null) return { findings: [], cost: null, notChecked: [] }
  const cost = await costOf(policy, base, { paths, plan, snapshot })
  const isCostMissing = policy.maxCost !== null && cost === undefined
  const found = acknowledge(findViolations({ manifest, lock, policy, cost }), {
    acknowledgements: policy.acknowledge,
    today,
    isChecked: (code) => code !== 'cost' || !isCostMissing,
  })
  return {
    findings: await withPlaces(found, policy, paths),
    cost: cost ?? null,
    notChecked: isCostMissing ? ['cost'] : [],
  }
}

async function costOf(
  { maxCost }: Policy,
  base: string | undefined,
  { paths, plan, snapshot }: { paths: ProjectPaths; plan: Plan; snapshot: Snapshot },
): Promise<BranchCost | undefined> {
  if (maxCost === null || base === undefined) return undefined
  const { sumBranchCost } = await import('./branch-cost.ts')
  return sumBranchCost(base, { paths, lock: snapshot.lock, plan })
}

/** Adds the places, and findings about the acknowledgements themselves. */
async function withPlaces(
  { violations, expired, unused }: Acknowledged,
  { acknowledge: entries }: Policy,
  paths: ProjectPaths,
): Promise<PolicyFinding[]> {
  const isKey = violations.some(({ violation }) => Array.isArray(violation.at))
  const find =
    isKey || expired.length > 0 || unused.length > 0 ? await createFind(paths) : undefined
  const placeOf = (at: Place | Path): Place => ('file' in at ? at : find!(at))
  const aboutEntry = (index: number, code: string, message: string): PolicyFinding => ({
    code: `policy/${code}`,
    severity: 'warning',
    message,
    hint: 'Remove the acknowledgement.',
    place: placeOf(['policy', 'acknowledge', index]),
    subject: null,
    acknowledged: null,
  })
  return [
    ...violations.map(({ violation, reason }): PolicyFinding => {
      const { code, subject, message, hint, at } = violation
      const place = placeOf(at)
      return {
        code: `policy/${code}`,
        severity: 'error',
        message,
        hint,
        place,
        subject,
        acknowledged: reason,
      }
    }),
    ...expired.map((index) =>
      aboutEntry(
        index,
        'expired-acknowledgement',
        `This acknowledgement of ${entries[index]!.finding} has ended on ${entries[index]!.until}.`,
      ),
    ),
    ...unused.map((index) =>
      aboutEntry(
        index,
        'unused-acknowledgement',
        `Nothing has the finding ${entries[index]!.finding} that is acknowledged here.`,
      ),
    ),
  ]
}

/** Returns a function that finds keys of the manifest. */
async function createFind({
  root,
  manifest,
  shownManifest,
}: ProjectPaths): Promise<(path: Path) => Place> {
  const { findRootPlaces } = await import('../../manifest/policy-places.ts')
  return findRootPlaces(readTextInside(root, manifest, maxBytes.text), shownManifest)
}

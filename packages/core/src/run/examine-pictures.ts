import { readLockedMaster } from '../derive/read-locked-master.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { findDue } from '../plan/plan-verdict.ts'
import type { Step } from '../plan/plan.ts'
import { isWork } from '../plan/steps.ts'
import { attempt } from './failures.ts'
import type { InstallStages } from './picture-stages.ts'
import { reportExamined } from './report-master.ts'
import { isStopped } from './stop-signals.ts'

/**
 * Examines the pictures that a plan names and that have no verdicts, now that all pictures are
 * there that they are compared with.
 */
export async function examinePictures(
  steps: readonly Step[],
  stages: InstallStages,
): Promise<void> {
  const { examiner, workspace, lockWriter, queues, signals, reportFailure } = stages
  if (examiner === undefined || stages.asCandidates) return
  const requested = new Set(
    steps.flatMap(({ asset, reasons }) =>
      reasons.some(({ code }) => code === 'examine-requested') ? [asset] : [],
    ),
  )
  const names = new Set(steps.filter(isWork).map(({ asset }) => asset))
  await Promise.all(
    [...names].map((name) =>
      queues.masters.add(async () => {
        const asset = workspace.assetByName.get(name)
        const entry = lockWriter.lock.assets.get(name)
        if (asset === undefined || entry === undefined || isStopped(signals)) return
        const again = requested.has(name)
        if (!again && !isDue(asset, stages)) return
        if (examiner.isUnanswered(name, entry.master.sha256)) return
        await attempt(name, reportFailure, () => examineLocked(name, { entry, again }, stages))
      }),
    ),
  )
}

function isDue({ name, expect }: Asset, { lockWriter }: InstallStages): boolean {
  const entry = lockWriter.lock.assets.get(name)
  if (expect === null || entry === undefined) return false
  const digestOf = (other: string): string | null =>
    lockWriter.lock.assets.get(other)?.master.sha256 ?? null
  return findDue(expect, entry, { digestOf }) !== undefined
}

async function examineLocked(
  name: string,
  { entry, again }: { entry: LockEntry; again: boolean },
  { workspace, examiner, lockWriter, onEvent }: InstallStages,
): Promise<void> {
  const { sha256 } = entry.master
  const open = (): ReturnType<typeof readLockedMaster> =>
    readLockedMaster(workspace.paths.root, entry)
  const before = entry.examined
  const result = await examiner!.examine(name, { sha256, open }, { before, again })
  if (result === undefined) return
  const { examination, failure } = result
  // Outputs may have been cut meanwhile.
  const now = lockWriter.lock.assets.get(name)
  if (now?.master.sha256 === sha256) {
    lockWriter.update([[name, { ...now, examined: examination }]])
    reportExamined(name, examination, onEvent)
  }
  if (failure !== undefined) throw failure
}

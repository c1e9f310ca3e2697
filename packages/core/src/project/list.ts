import type { Asset } from '../manifest/manifest.ts'
import { formatSize } from '../models/size.ts'
import { explainStep } from '../plan/describe-step.ts'
import type { Step } from '../plan/plan.ts'
import { adviseOn, stateWord } from '../plan/states.ts'
import { mainSteps } from '../plan/steps.ts'
import type { CheckResult } from './check.ts'

/** One asset as `limn list` shows it. */
export type ListedAsset = {
  name: string
  /**
   * `new`, `stale`, `generated`, `pinned`, …, as in all commands; `tampered` if the plan has no
   * step.
   */
  state: string
  /** `816x816` px: of the master, or of the request if there is none. */
  size: string
  /** Number of outputs. */
  outputs: number
  /** Why it is not up to date, as text; empty if it is. */
  why: string
}

/** Lists the assets of a checked project with their state. */
export function listAssets({ plan, faults, snapshot }: CheckResult): ListedAsset[] {
  const stepByAsset = mainSteps(plan.steps)
  return snapshot.manifest.assets.map((asset) => {
    const step = stepByAsset.get(asset.name)
    const entry = snapshot.lock.assets.get(asset.name)
    const messages = faults
      .filter((fault) => fault.asset === asset.name)
      .map(({ message }) => message)
    const isTampered = step === undefined && messages.length > 0
    return {
      name: asset.name,
      state: isTampered ? 'tampered' : stateWord(step, entry?.master.state),
      size: entry === undefined ? sizeOf(asset, step) : formatSize(entry.master),
      outputs: asset.outputs.length,
      why: [step === undefined ? '' : explainStep(step), ...messages]
        .filter((text) => text !== '')
        .join('; '),
    }
  })
}

/** Lists what to do about a checked project, one sentence each; empty if there is nothing. */
export function adviceFor({ plan, faults }: CheckResult): string[] {
  return [
    ...adviseOn(plan.steps.filter(({ kind }) => kind !== 'prune')),
    ...new Set(faults.map(({ hint }) => hint)),
  ]
}

/** Returns the size in which a picture will be requested, which may depend on its input. */
function sizeOf({ size }: Asset, step: Step | undefined): string {
  return step?.kind === 'generate' || step?.kind === 'recover' ? step.request.size : size
}

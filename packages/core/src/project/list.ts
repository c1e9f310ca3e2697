import { isInBatch } from '../plan/batch-eligibility.ts'
import { describeStep } from '../plan/describe-step.ts'
import type { Step } from '../plan/plan.ts'
import { hasWork } from '../plan/steps.ts'
import type { CheckResult } from './check.ts'

/** One asset as `limn list` shows it. */
export type ListedAsset = {
  name: string
  /** `new`, `stale`, `generated`, `pinned`, `tampered`, … */
  state: string
  /** `816x816` px: of the master, or of the request if there is none. */
  size: string
  /** Number of outputs. */
  outputs: number
  /** Why it is not up to date, as text; empty if it is. */
  why: string
}

/** Which command reports what is left to do: none if there is nothing. */
export type NextCommand = 'plan' | 'batch' | 'check' | null

/** Lists the assets of a checked project with their state. */
export function listAssets({ plan, faults, snapshot }: CheckResult): ListedAsset[] {
  const stepByAsset = new Map(
    plan.steps.filter(({ kind }) => kind !== 'prune').map((step) => [step.asset, step]),
  )
  return snapshot.manifest.assets.map((asset) => {
    const step = stepByAsset.get(asset.name)
    const entry = snapshot.lock.assets.get(asset.name)
    const messages = faults
      .filter((fault) => fault.asset === asset.name)
      .map(({ message }) => message)
    const isTampered = step === undefined && messages.length > 0
    return {
      name: asset.name,
      state: isTampered ? 'tampered' : stateOf(step, entry?.master.state),
      size: entry === undefined ? asset.size : `${entry.master.width}x${entry.master.height}`,
      outputs: asset.outputs.length,
      why: [...(step === undefined ? [] : [describeStep(step)]), ...messages].join('; '),
    }
  })
}

/** Returns which command reports what is left to do in a checked project. */
export function nextCommand({ plan, problems, faults }: CheckResult): NextCommand {
  if (hasWork(plan)) return 'plan'
  if (problems.length + faults.length === 0) return null
  return faults.length === 0 && problems.every(({ step }) => isInBatch(step)) ? 'batch' : 'check'
}

function stateOf(step: Step | undefined, locked: string | undefined): string {
  if (step === undefined) return locked ?? 'generated'
  if (step.kind === 'keep' && isInBatch(step)) return 'in batch'
  const states: Record<Step['kind'], string> = {
    generate: step.reasons.some(({ code }) => code === 'new') ? 'new' : 'stale',
    recover: 'received',
    derive: 'outputs',
    move: 'renamed',
    keep: 'edited',
    prune: 'orphan',
  }
  return states[step.kind]
}

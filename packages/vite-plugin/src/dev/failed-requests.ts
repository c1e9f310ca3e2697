import { LimnError, type Plan } from '@limn/core'
import { canonicalJson } from '@limn/core/for-vite'
import type { State } from '../context.ts'

/**
 * Remembers which requests failed while a server runs, so that each save of a file does not ask for
 * them, and pay for them, once more. What is asked for changes: then it is tried again.
 */
export type Refusals = {
  note(state: State, asset: string, error: unknown): void
  /** The assets that are worth a try; `undefined` where that is all of them. */
  leaveOut(state: State): string[] | undefined
}

/** Makes the memory of one server. */
export function createRefusals(): Refusals {
  const refusedByAsset = new Map<string, string>()
  return {
    note({ stepByAsset }, asset, error) {
      // What was stopped, or waits for another picture, was not refused.
      const isOwnFault = !(
        error instanceof LimnError &&
        (error.code === 'aborted' || error.code === 'asset/no-master')
      )
      const step = stepByAsset.get(asset)
      if (isOwnFault && step !== undefined) refusedByAsset.set(asset, keyOf(step))
    },
    leaveOut({ stepByAsset }) {
      const steps = [...stepByAsset.values()]
      const worthwhile = steps.filter((step) => refusedByAsset.get(step.asset) !== keyOf(step))
      return worthwhile.length === steps.length ? undefined : worthwhile.map(({ asset }) => asset)
    },
  }
}

function keyOf(step: Plan['steps'][number]): string {
  return canonicalJson(step.kind === 'generate' ? step.request : step)
}

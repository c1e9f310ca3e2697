import { LimnError, type Step } from '@limn/core'
import { canonicalJson } from '@limn/core/for-vite'
import type { ProjectState } from '../context.ts'

/**
 * The requests that failed while a server runs. They are retried only after they change, so that
 * saving a file does not pay for them again.
 */
export type FailedRequests = {
  record(state: ProjectState, failure: { asset: string; error: unknown }): void
  /** Returns the assets to generate, without those that failed; `undefined` for all. */
  assetsToGenerate(state: ProjectState): string[] | undefined
}

/** Creates the empty record of one server. */
export function createFailedRequests(): FailedRequests {
  const failedByAsset = new Map<string, string>()
  return {
    record({ stepByAsset }, { asset, error }) {
      const step = stepByAsset.get(asset)
      if (step !== undefined && !isRetriedAsIs(error)) failedByAsset.set(asset, keyOf(step))
    },
    assetsToGenerate({ stepByAsset }) {
      const steps = [...stepByAsset.values()]
      const remaining = steps.filter((step) => failedByAsset.get(step.asset) !== keyOf(step))
      return remaining.length === steps.length ? undefined : remaining.map(({ asset }) => asset)
    },
  }
}

/** Returns whether a request did not fail itself: it was aborted, or its input is missing. */
function isRetriedAsIs(error: unknown): boolean {
  return (
    error instanceof LimnError && (error.code === 'aborted' || error.code === 'asset/no-master')
  )
}

function keyOf(step: Step): string {
  return canonicalJson(step.kind === 'generate' ? step.request : step)
}

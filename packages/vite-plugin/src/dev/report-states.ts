import type { Step } from '@limn/core'
import { needOf } from '@limn/core/for-vite'
import type { Context } from '../context.ts'
import { listSteps } from '../errors/list-steps.ts'
import { isFreeOnly } from './generate-missing.ts'

/** Reports the assets that the dev server leaves as they are, each set of them once. */
export function reportStates({ log, state, options: { dev } }: Context): void {
  const generatesPaid = dev.generate === 'final' && !isFreeOnly(dev)
  const left = [...(state?.stepByAsset.values() ?? [])].filter((step) =>
    isLeft(step, generatesPaid),
  )
  if (left.length === 0) return
  const { message, advice } = listSteps(left)
  log.warnOnce([...`[limn] ${message}`.split('\n'), advice])
}

/** Whether a step is neither free nor allowed, so that the server does not execute it. */
function isLeft(step: Step, generatesPaid: boolean): boolean {
  const need = needOf(step)
  if (need !== 'run') return need !== 'nothing'
  return step.kind === 'generate' && step.usd !== 0 && !generatesPaid
}

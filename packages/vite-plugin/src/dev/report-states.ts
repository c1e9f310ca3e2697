import type { Step } from '@limn/core'
import { isNewSource, needOf } from '@limn/core/for-vite'
import type { Context } from '../context.ts'
import { listSteps } from '../errors/list-steps.ts'
import type { ResolvedOptions } from '../options.ts'
import { isFreeOnly } from './generate-missing.ts'

/** Reports the assets that the dev server leaves as they are, each set of them once. */
export function reportStates({ log, state, options: { dev } }: Context): void {
  const left = [...(state?.stepByAsset.values() ?? [])].filter((step) => isLeft(step, dev))
  if (left.length === 0) return
  const { message, advice } = listSteps(left)
  log.warnOnce([...`[limn] ${message}`.split('\n'), advice])
}

/** Whether the server does not execute a step. It derives outputs when a page requests them. */
function isLeft(step: Step, dev: ResolvedOptions['dev']): boolean {
  const need = needOf(step)
  if (need !== 'run') return need !== 'nothing'
  if (step.kind === 'examine') return false
  if (step.kind === 'derive' && !isNewSource(step)) return false
  if (dev.generate === 'never') return true
  return step.kind === 'generate' && step.usd !== 0 && isFreeOnly(dev)
}

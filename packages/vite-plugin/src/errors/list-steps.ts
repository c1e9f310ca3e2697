import type { Step } from '@limn/core'
import { adviseOn, describeStep } from '@limn/core/for-vite'
import { toOneLine } from '@limn/core/for-vite/start'

/** The number of steps that are listed. */
const MAX_LISTED = 20

/** What is wrong with some assets, and one sentence about what to do. */
export type StepList = { message: string; advice: string }

/** Lists the steps of assets that do not match the manifest, one per line. */
export function listSteps(steps: readonly Step[]): StepList {
  const count = steps.length === 1 ? '1 picture does' : `${steps.length} pictures do`
  const lines = steps
    .slice(0, MAX_LISTED)
    .map((step) => toOneLine(`  ${step.asset}  ${describeStep(step)}`))
  const more = steps.length > MAX_LISTED ? [`  and ${steps.length - MAX_LISTED} more`] : []
  return {
    message: [`${count} not match the manifest:`, ...lines, ...more].join('\n'),
    advice: adviseOn(steps).join(' '),
  }
}

import type { Plan, Step } from './plan.ts'

/** Whether executing the plan would change anything: it has more than `keep` and `prune` steps. */
export function hasWork({ steps }: Plan): boolean {
  return steps.some(isWork)
}

/** Whether a run executes the step, rather than only reporting it. */
export function isWork({ kind }: Step): boolean {
  return kind !== 'prune' && kind !== 'keep'
}

/** Whether the step records a new or changed `source`, rather than only cutting files. */
export function isNewSource({ reasons }: Step): boolean {
  return reasons.some(({ code }) => code === 'source-new' || code === 'source-changed')
}

/** Formats a plan without steps: `Nothing to do: 12 pictures are up to date.` */
export function formatEmptyPlan({ unchanged }: Plan): string {
  const pictures = unchanged === 1 ? '1 picture is' : `${unchanged} pictures are`
  return `Nothing to do: ${pictures} up to date.`
}

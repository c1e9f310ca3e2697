import type { Plan, Step } from './plan.ts'

/** Whether carrying the plan out would do anything. Steps that are only told do not count. */
export function hasWork({ steps }: Plan): boolean {
  return steps.some(isWork)
}

/** Whether a run carries a step out, and does not only tell of it. */
export function isWork({ kind }: Step): boolean {
  return kind !== 'prune' && kind !== 'keep'
}

/** Whether a step notes a picture that a person brought, and does not only cut files. */
export function isNewSource({ reasons }: Step): boolean {
  return reasons.some(({ code }) => code === 'source-new' || code === 'source-changed')
}

/** What a person reads of a plan without steps. */
export function describeNothing({ unchanged }: Plan): string {
  return `Nothing to do: ${unchanged === 1 ? '1 picture is' : `${unchanged} pictures are`} as the manifest wants ${unchanged === 1 ? 'it' : 'them'}.`
}

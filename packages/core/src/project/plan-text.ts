/*
 * Plans and steps as text: what prints a plan that an action returned.
 */
export { describeStep } from '../plan/describe-step.ts'
export { adviseOn, stateWord } from '../plan/states.ts'
export { displayWidth, formatPlan, formatPlanUsd, pad, type Paint } from '../plan/format-plan.ts'

/*
 * Plans and steps as text: what prints a plan that an action returned.
 */
export { describeStep, nameOfTest } from '../plan/describe-step.ts'
export { adviseOn, isPending, stateWord } from '../plan/states.ts'
export { currentVerdicts } from '../lock/examination.ts'
export { listNames } from '../plan/list-names.ts'
export { displayWidth, pad, shortenMiddle, widest } from '../plan/columns.ts'
export { formatPlan, formatPlanUsd, type Paint, summarizePlan } from '../plan/format-plan.ts'
export { formatCosts } from '../plan/format-costs.ts'
export { formatGroups, groupRows } from '../plan/format-groups.ts'
export { groupSteps } from '../plan/plan-rows.ts'

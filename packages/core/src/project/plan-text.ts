/*
 * Plans and steps as text: what prints a plan that an action returned.
 */
export { isInBatch } from '../plan/batch-eligibility.ts'
export {
  describe as describeStep,
  displayWidth,
  formatPlan,
  formatPlanUsd,
  pad,
  type Paint,
} from '../plan/format-plan.ts'

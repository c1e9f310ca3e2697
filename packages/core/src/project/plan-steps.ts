/*
 * The little that every command needs to know of a plan: loads no code that formats it.
 */
export { formatEmptyPlan, hasWork } from '../plan/steps.ts'

/*
 * What every command needs to know about a plan. Loads no code that formats it.
 */
export { formatEmptyPlan, hasWork, priceOfStep } from '../plan/steps.ts'

/*
 * The width of texts in a terminal, without what formats plans.
 */
export { displayWidth } from '../plan/columns.ts'

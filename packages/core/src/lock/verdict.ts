import type { ExpectationName } from '../manifest/expectations.ts'

/** Whether a picture met one expectation, and why. */
export interface Verdict {
  test: ExpectationName
  /**
   * The part of the expectation that it judges, if it has several: one name of `unlike`, one entry
   * of `shows`.
   */
  of?: string
  passed: boolean
  /** One sentence that gives the measured figure and the bound, or what the judge saw. */
  reason: string
}

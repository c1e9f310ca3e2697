import type { Acknowledgement } from '../../manifest/manifest.ts'
import { covers } from './find-violations.ts'
import type { Violation } from './finding.ts'

/** Violations with the reason why each is accepted, and acknowledgements that accept nothing. */
export type Acknowledged = {
  violations: { violation: Violation; reason: string | null }[]
  /** Indices in `acknowledge`. */
  expired: number[]
  unused: number[]
}

/**
 * Finds out which violations are accepted.
 *
 * @param today `YYYY-MM-DD` in UTC
 * @param isChecked Returns whether a kind of finding was checked; default all
 */
export function acknowledge(
  violations: readonly Violation[],
  {
    acknowledgements,
    today,
    isChecked = () => true,
  }: {
    acknowledgements: readonly Acknowledgement[]
    today: string
    isChecked?: (code: Violation['code']) => boolean
  },
): Acknowledged {
  const used = new Set<Acknowledgement>()
  const valid = acknowledgements.filter(({ until }) => until === null || until >= today)
  const accepted = violations.map((violation) => {
    const found = valid.filter((each) => accepts(each, violation))
    for (const each of found) used.add(each)
    return { violation, reason: found[0]?.reason ?? null }
  })
  const indicesOf = (isOne: (each: Acknowledgement) => boolean): number[] =>
    acknowledgements.flatMap((each, index) => (isOne(each) ? [index] : []))
  return {
    violations: accepted,
    expired: indicesOf((each) => !valid.includes(each)),
    unused: indicesOf((each) => valid.includes(each) && !used.has(each) && isChecked(each.finding)),
  }
}

function accepts({ finding, for: names }: Acknowledgement, { code, subject }: Violation): boolean {
  if (finding !== code) return false
  return names === null || (subject !== null && covers(names, subject))
}

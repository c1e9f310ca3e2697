import { hashExpectations, hashQuestion, verdictKey } from '../identity/expectation-hash.ts'
import type { JudgedPicture } from '../lock/examination.ts'
import type { Verdict } from '../lock/verdict.ts'
import type { Expectations } from '../manifest/expectations.ts'
import { keepJudgment, readJudgment } from '../store/judged-pictures.ts'

/** What the judge is asked about a picture. */
export type JudgedQuestion = {
  /** Digest of the picture. */
  picture: string
  /** What the judge examines. */
  expect: Expectations
  /** Returns the digest of an asset's picture; `null` if it has none. */
  digestOf: (asset: string) => string | null
}

/** The tests of the judge, in the order of its verdicts. */
const TESTS = ['shows', 'without', 'text', 'like'] as const

/**
 * Keeps the judge's verdicts about a picture. They hold for the same question in another order, or
 * about assets with other names. @throws LimnError `store/…`
 */
export async function keepVerdicts(
  folder: string,
  question: JudgedQuestion,
  judged: JudgedPicture,
): Promise<void> {
  const { digestOf, expect } = question
  const verdicts = judged.verdicts.map((verdict) => ({
    ...verdict,
    ...subjectOf(verdict, digestOf),
  }))
  const kept = { ...judged, expect: hashQuestion(expect, digestOf), verdicts }
  await keepJudgment(folder, verdictKey(question), kept)
}

/** Returns the verdicts about a picture that are kept; `undefined` if one is missing. */
export function readVerdicts(folder: string, question: JudgedQuestion): JudgedPicture | undefined {
  const { digestOf, expect } = question
  const kept = readJudgment(folder, verdictKey(question))
  if (kept === undefined || kept.expect !== hashQuestion(expect, digestOf)) return undefined
  const verdicts = TESTS.flatMap((test) =>
    (expect[test] ?? []).flatMap((of): Verdict[] => {
      const subject = subjectOf({ test, of }, digestOf).of
      const found = kept.verdicts.find((each) => each.test === test && each.of === subject)
      return found === undefined ? [] : [{ ...found, of }]
    }),
  )
  const asked = TESTS.reduce((sum, test) => sum + (expect[test]?.length ?? 0), 0)
  if (verdicts.length !== asked) return undefined
  return { ...kept, expect: hashExpectations(expect, digestOf), verdicts }
}

/** Names what a verdict compares with by its picture. */
function subjectOf(
  { test, of = '' }: Pick<Verdict, 'test' | 'of'>,
  digestOf: JudgedQuestion['digestOf'],
): { of: string } {
  return { of: test === 'like' ? (digestOf(of) ?? of) : of }
}

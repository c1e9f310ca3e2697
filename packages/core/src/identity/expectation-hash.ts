import { canonicalJson, sha256 } from '../digest.ts'
import type { ExpectationName, Expectations } from '../manifest/expectations.ts'

/** Who examines an expectation: Limn by the pixels, free and offline, or the judge. */
export type Examiner = 'pixels' | 'judge'

const judged: ReadonlySet<string> = new Set(['shows', 'without', 'text', 'like'])

/** Version of the hash: raise it when a test decides otherwise about the same picture. */
const EXPECTATIONS_VERSION = 1

/** Returns the expectations that an examiner examines; `undefined` if there are none. */
export function expectationsOf(
  expect: Expectations | null,
  examiner: Examiner,
): Expectations | undefined {
  if (expect === null) return undefined
  const own = Object.entries(expect).filter(([test]) => judged.has(test) === (examiner === 'judge'))
  return own.length === 0 ? undefined : (Object.fromEntries(own) as Expectations)
}

/** Returns the names of some expectations, in their order. */
export function testsOf(expect: Expectations | undefined): ExpectationName[] {
  return Object.keys(expect ?? {}) as ExpectationName[]
}

/**
 * Hashes what one examiner examines: the expectations, and the pictures that they compare with. The
 * judge's model is not part of it: its verdicts are paid for, and stay.
 *
 * @param digestOf returns the digest of an asset's picture; `null` if it has none
 */
export function hashExpectations(
  expect: Expectations,
  digestOf: (asset: string) => string | null,
): string {
  const compared = [...(expect.unlike ?? []), ...(expect.like ?? [])]
  const pictures = Object.fromEntries(compared.map((name) => [name, digestOf(name)]))
  return sha256(canonicalJson({ v: EXPECTATIONS_VERSION, expect, pictures }))
}

/**
 * Hashes what the judge is asked, whatever the order of the questions and the names of the assets
 * that it compares with: it sees neither.
 */
export function hashQuestion(
  { shows = [], without = [], text = [], like = [] }: Expectations,
  digestOf: (asset: string) => string | null,
): string {
  const pictures = like.map((name) => digestOf(name) ?? '')
  const asked = { shows, without, text, like: pictures }
  const sorted = Object.entries(asked).map(([test, of]) => [test, [...new Set(of)].toSorted()])
  return sha256(canonicalJson({ v: EXPECTATIONS_VERSION, asked: Object.fromEntries(sorted) }))
}

/** Returns the key under which the judge's verdicts about a picture are kept. */
export function verdictKey({
  picture,
  expect,
  digestOf,
}: {
  picture: string
  expect: Expectations
  digestOf: (asset: string) => string | null
}): string {
  return sha256(`${picture} ${hashQuestion(expect, digestOf)}`)
}

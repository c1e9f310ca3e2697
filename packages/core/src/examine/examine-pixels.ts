import type { Verdict } from '../lock/verdict.ts'
import type { ExpectationName, Expectations } from '../manifest/expectations.ts'
import { testContrast } from './contrast.ts'
import { type Examined, type ExaminedPixels, prepare } from './examined-pixels.ts'
import { testNotBlank } from './not-blank.ts'
import { testPalette } from './palette.ts'
import { perceptualHash, type PerceptualHash } from './perceptual-hash.ts'
import { testQuiet } from './quiet.ts'
import { testSharp } from './sharpness.ts'
import { testTileable } from './tileable.ts'
import { testTransparent } from './transparent.ts'
import { testUnlike } from './unlike.ts'
import { testWhole } from './whole.ts'

export type { ExaminedPixels } from './examined-pixels.ts'
export { perceptualHash, type PerceptualHash } from './perceptual-hash.ts'

/** What a test needs. */
type Context = {
  picture: Examined
  expectations: Expectations
  others: ReadonlyMap<string, PerceptualHash>
}

type PixelTest = (context: Context) => Verdict[]

/** The tests that need nothing but pixels, in the order of their verdicts. */
const tests = {
  transparent: ({ picture }) => [testTransparent(picture)],
  whole: ({ picture }) => [testWhole(picture)],
  quiet: ({ picture, expectations: { quiet } }) => [testQuiet(picture, quiet!)],
  contrast: ({ picture, expectations: { contrast } }) => [testContrast(picture, contrast!)],
  palette: ({ picture, expectations: { palette } }) => [testPalette(picture, palette!)],
  tileable: ({ picture }) => [testTileable(picture)],
  sharp: ({ picture }) => [testSharp(picture)],
  'not-blank': ({ picture }) => [testNotBlank(picture)],
  unlike: ({ picture, expectations, others }) => {
    const hash = perceptualHash(picture)
    return expectations.unlike!.flatMap((name) => {
      const other = others.get(name)
      return other === undefined ? [] : [testUnlike(hash, name, other)]
    })
  },
} satisfies Partial<Record<ExpectationName, PixelTest>>

type PixelTestName = keyof typeof tests

/** The expectations that pixels answer, in the order of their verdicts. */
export const pixelTests: readonly ExpectationName[] = Object.keys(tests) as PixelTestName[]

/**
 * Examines the pixels of a picture, without a model. Takes less time than encoding the picture as
 * AVIF.
 *
 * @param others hashes of the pictures that `unlike` names
 * @returns a verdict for each expectation that pixels answer; `unlike` has one for each name,
 *   except for those without a hash, with which the picture was not compared
 */
export function examinePixels(
  picture: ExaminedPixels,
  expectations: Expectations,
  others: ReadonlyMap<string, PerceptualHash>,
): Verdict[] {
  const names = Object.keys(tests) as PixelTestName[]
  const expected = names.filter((name) => expectations[name] !== undefined)
  if (expected.length === 0) return []
  const context = { picture: prepare(picture), expectations, others }
  return expected.flatMap((name) => tests[name](context))
}

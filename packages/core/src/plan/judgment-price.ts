import type { Expectations } from '../manifest/expectations.ts'
import type { JudgeSettings } from '../manifest/manifest.ts'
import { estimateJudgment } from '../models/judges.ts'
import type { Size } from '../models/size.ts'

/**
 * Estimates the most that the judge costs for one picture, USD; `null` if that is unknown.
 *
 * @param sizes of the picture, and of those that it is compared with, px
 */
export function judgmentPrice(
  { shows = [], without = [], text = [] }: Expectations,
  sizes: readonly Size[],
  judge: JudgeSettings,
): number | null {
  const characters = [...shows, ...without, ...text].reduce((sum, { length }) => sum + length, 0)
  return estimateJudgment({ pictures: sizes, characters }, judge).usd
}

import { isObject } from '../is-object.ts'
import type { Verdict } from './verdict.ts'

/** What was examined about a picture, and the verdicts. */
export type Examined = {
  /** Hash of the expectations. */
  expect: string
  verdicts: Verdict[]
}

/** The verdicts of the judge, and what they cost. */
export type JudgedPicture = Examined & {
  model: string
  /** When the judge answered, ISO 8601 in UTC. */
  at: string
  /** USD; absent if it is unknown. */
  usd?: number
  requestId?: string
}

/** The verdicts about a master. They hold as long as the master is the picture that was examined. */
export type Examination = {
  /** Digest of the picture that was examined. */
  picture: string
  /** Absent if no expectation is examined by its pixels. */
  pixels?: Examined
  /** Absent if the judge has not examined it. */
  judge?: JudgedPicture
}

/** Lists the verdicts about a picture: those by its pixels first. */
export function verdictsOf(examined: Examination | undefined): Verdict[] {
  return [...(examined?.pixels?.verdicts ?? []), ...(examined?.judge?.verdicts ?? [])]
}

/** Lists the verdicts about the master of an asset; none if they are about an earlier picture. */
export function currentVerdicts(
  entry: { master: { sha256: string }; examined?: Examination } | undefined,
): Verdict[] {
  return entry?.examined?.picture === entry?.master.sha256 ? verdictsOf(entry?.examined) : []
}

/** Longest reason, characters: a judge's answer is untrusted. */
const MAX_REASON = 2000
const HEX = /^[0-9a-f]{64}$/

/** Whether a value has the shape of an examination. */
export function isExamination(value: unknown): value is Examination {
  if (!isObject(value)) return false
  const { picture, pixels, judge } = value as Record<string, unknown>
  return (
    isHash(picture) &&
    (pixels === undefined || isExamined(pixels)) &&
    (judge === undefined || isJudged(judge))
  )
}

/** Whether a value has the shape of the judge's verdicts. */
export function isJudged(value: unknown): value is JudgedPicture {
  if (!isExamined(value)) return false
  const { model, at, usd = 0, requestId = '' } = value as Partial<JudgedPicture>
  return (
    typeof model === 'string' &&
    typeof at === 'string' &&
    typeof usd === 'number' &&
    Number.isFinite(usd) &&
    usd >= 0 &&
    typeof requestId === 'string'
  )
}

function isExamined(value: unknown): value is Examined {
  if (!isObject(value)) return false
  const { expect, verdicts } = value as Record<string, unknown>
  return isHash(expect) && Array.isArray(verdicts) && verdicts.every(isVerdict)
}

function isVerdict(value: unknown): value is Verdict {
  if (!isObject(value)) return false
  const { test, of = '', passed, reason } = value as Record<string, unknown>
  return (
    typeof test === 'string' &&
    typeof of === 'string' &&
    typeof passed === 'boolean' &&
    typeof reason === 'string' &&
    reason.length <= MAX_REASON
  )
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && HEX.test(value)
}

import type { Verdict } from '../lock/verdict.ts'
import type { JudgeUsage } from '../models/judges.ts'
import { ProviderError } from '../providers/provider.ts'

/** What one request to the judge cost. */
export type JudgeCost = {
  /** All zero if the server counted nothing. */
  usage: JudgeUsage
  /** `null` if the price or the tokens are unknown, which never counts as zero. */
  usd: number | null
  requestId?: string
}

/** The verdicts of one picture: one per entry, in the order `shows`, `without`, `text`, `like`. */
export type JudgeAnswer = JudgeCost & { verdicts: Verdict[] }

/** The suggested alt text of one picture: one line. */
export type DescribeAnswer = JudgeCost & { alt: string }

/** What a model wrote, before it is checked. */
export type RawAnswer = {
  text: string
  /** `undefined` if the server counted nothing. */
  usage?: JudgeUsage | undefined
  requestId?: string | undefined
  /** Why the model did not write what was asked for. */
  problem?: { kind: 'refused'; reason: string } | { kind: 'filtered' } | { kind: 'cut-off' }
}

/** A request to the judge that was billed, but gave no verdict. */
export class JudgeFailure extends ProviderError {
  override readonly name: string = 'JudgeFailure'
  readonly cost: JudgeCost

  constructor(
    code: 'provider/bad-answer' | 'provider/moderation',
    message: string,
    { hint, cost }: { hint: string; cost: JudgeCost },
  ) {
    super(code, message, { hint, isBegun: true })
    this.cost = cost
  }
}

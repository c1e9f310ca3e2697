import type { MasterRecord } from '../lock/lock.ts'
import { addUsage } from '../models/cost.ts'
import type { ProviderAnswer } from '../providers/provider.ts'
import type { LinkedReply, Reply } from './send-request.ts'

/** Adds an answer to the record of those before it. `usd` is the cost of all of them. */
export function addAnswer(
  before: MasterRecord,
  { answer, isEstimate }: LinkedReply | Reply,
  usd: number | null,
): MasterRecord {
  const { usage } = answer
  const sum =
    usage === undefined || before.usage === undefined ? usage : addUsage(before.usage, usage)
  return {
    provider: answer.provider ?? before.provider,
    at: new Date().toISOString(),
    ...factsOf({ ...answer, usage: sum }),
    ...(usd === null ? {} : { usd }),
    ...(usd !== null && (isEstimate || before.estimated === true)
      ? { estimated: true as const }
      : {}),
  }
}

/** Returns how the pictures of an answer in a batch were made. */
export function recordOfBatch(
  answer: ProviderAnswer,
  {
    provider,
    batch,
    ...cost
  }: Pick<MasterRecord, 'provider' | 'batch' | 'usd' | 'estimated'> & { batch: string },
): MasterRecord {
  return { provider, at: new Date().toISOString(), batch, ...factsOf(answer), ...cost }
}

type AnswerFacts = Pick<ProviderAnswer, 'requestId' | 'revisedPrompts'> & {
  usage?: MasterRecord['usage'] | undefined
}

function factsOf({
  requestId,
  revisedPrompts: [revisedPrompt],
  usage,
}: AnswerFacts): Pick<MasterRecord, 'requestId' | 'revisedPrompt' | 'usage'> {
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(revisedPrompt === undefined ? {} : { revisedPrompt }),
    ...(usage === undefined ? {} : { usage }),
  }
}

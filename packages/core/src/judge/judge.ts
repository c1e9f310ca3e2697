import type { JudgeSettings } from '../manifest/manifest.ts'
import type { DescribeAnswer, JudgeAnswer } from './judge-answer.ts'
import type { JudgeAccess, JudgeOptions, JudgeServer } from './judge-server.ts'
import {
  createDescribePrompt,
  createExaminePrompt,
  type DescribeQuestion,
  type JudgeQuestion,
} from './question.ts'
import { costOf, readAlt, readObject, readVerdicts } from './read-answer.ts'

export type { JudgeSettings } from '../manifest/manifest.ts'
export { type JudgeAnswer, type JudgeCost, JudgeFailure } from './judge-answer.ts'
export type { DescribeQuestion, JudgeQuestion } from './question.ts'

/**
 * A vision model that looks at pictures. Each call sends one request and is billed once; callers
 * retry by the `retry` of the error, and count what a `JudgeFailure` cost.
 */
export type Judge = {
  readonly model: string
  /**
   * Examines one picture: all of its expectations in one request.
   *
   * @throws JudgeFailure if the request was billed and gave no verdicts; ProviderError for any
   *   other failure of the server; LimnError `provider/no-key`, `provider/no-consent`,
   *   `picture/unreadable`, `aborted`
   */
  judge(question: JudgeQuestion, options?: JudgeOptions): Promise<JudgeAnswer>
  /**
   * Suggests the alt text of one picture.
   *
   * @throws like `judge`
   */
  describe(question: DescribeQuestion, options?: JudgeOptions): Promise<DescribeAnswer>
}

/** Creates the judge of a manifest. It loads and reads nothing until it is asked. */
export function createJudge(settings: JudgeSettings, access: JudgeAccess): Judge {
  let opening: Promise<JudgeServer> | undefined
  const open = async (): Promise<JudgeServer> => (opening ??= openServer(settings, access))
  const { model, price } = settings
  return {
    model,
    async judge(question, options = {}) {
      const { ask, apiKey } = await open()
      const answer = await ask(createExaminePrompt(question), options)
      const cost = costOf(answer, price)
      const value = readObject(answer, cost)
      const { expectations } = question
      return { ...cost, verdicts: readVerdicts(value, { expectations, cost, apiKey }) }
    },
    async describe(question, options = {}) {
      const { ask, apiKey } = await open()
      const answer = await ask(createDescribePrompt(question), options)
      const cost = costOf(answer, price)
      return { ...cost, alt: readAlt(readObject(answer, cost), { cost, apiKey }) }
    },
  }
}

async function openServer(settings: JudgeSettings, access: JudgeAccess): Promise<JudgeServer> {
  if (settings.server.server === 'ai-sdk') {
    const { openAiSdkJudge } = await import('./ai-sdk-judge.ts')
    return openAiSdkJudge(settings, access)
  }
  const { openOpenAIJudge } = await import('./openai-judge.ts')
  return openOpenAIJudge(settings, access.access)
}

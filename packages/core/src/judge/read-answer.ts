import { isObject } from '../is-object.ts'
import type { Verdict } from '../lock/verdict.ts'
import { JUDGE_ANSWER_TOKENS, type JudgePrice, judgmentUsd } from '../models/judges.ts'
import { redactKeys } from '../providers/http/redact-keys.ts'
import { type JudgeCost, JudgeFailure, type RawAnswer } from './judge-answer.ts'
import { normalizeText, showsText } from './match-text.ts'
import { type JudgeQuestion, listQuestions } from './question.ts'

/** Most texts that are read from one picture, and most characters of each. */
const MAX_TEXTS = 500
const MAX_TEXT = 2000

/** Computes what an answer cost. */
export function costOf({ usage, requestId }: RawAnswer, price: JudgePrice | null): JudgeCost {
  return {
    usage: usage ?? { inputTokens: 0, outputTokens: 0 },
    usd: usage === undefined ? null : judgmentUsd(usage, price),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

/**
 * Reads the object that a model wrote. The model is not trusted to keep to the schema.
 *
 * @throws JudgeFailure if it refused, or wrote something else
 */
export function readObject(answer: RawAnswer, cost: JudgeCost): Record<string, unknown> {
  const { text, problem } = answer
  if (problem?.kind === 'refused') {
    const reason = problem.reason === '' ? '' : `: ${problem.reason.replace(/[.!?]*$/, '')}`
    throw new JudgeFailure(
      'provider/moderation',
      `The judge refused to answer${reason}. The request was billed.`,
      { hint: 'Reword what the asset expects, or use another model for the judge.', cost },
    )
  }
  if (problem?.kind === 'filtered') {
    throw new JudgeFailure(
      'provider/moderation',
      "The server's content filter withheld the judge's answer. The request was billed.",
      { hint: 'Use another model or provider for the judge.', cost },
    )
  }
  if (problem?.kind === 'cut-off') {
    throw new JudgeFailure(
      'provider/bad-answer',
      `The judge's answer broke off after ${JUDGE_ANSWER_TOKENS} tokens. The request was billed.`,
      { hint: 'Expect less of the picture, or use another model for the judge.', cost },
    )
  }
  const value = parseObject(text)
  if (value === undefined) throw malformed('is not a JSON object', cost)
  return value
}

/**
 * Turns the answers of a model into verdicts.
 *
 * @throws JudgeFailure if an answer is missing or has another type
 */
export function readVerdicts(
  value: Record<string, unknown>,
  { expectations, cost, apiKey }: Pick<JudgeQuestion, 'expectations'> & AnswerContext,
): Verdict[] {
  const verdicts = listQuestions(expectations).map(({ id, test, of }): Verdict => {
    const entry = Object.hasOwn(value, id) ? value[id] : undefined
    if (!isObject(entry) || typeof entry['answer'] !== 'boolean') {
      throw malformed('does not answer every question', cost)
    }
    const said = typeof entry['reason'] === 'string' ? toSentence(entry['reason'], apiKey) : ''
    const passed = test === 'without' ? !entry['answer'] : entry['answer']
    return { test, of, passed, reason: said === '' ? defaultReason(entry['answer']) : said }
  })
  const texts = (expectations.text ?? []).length > 0 ? readTexts(value, cost) : []
  const spelled = (expectations.text ?? []).map((text) => judgeText(text, texts, apiKey))
  const isLike = ({ test }: Verdict): boolean => test === 'like'
  return [...verdicts.filter((each) => !isLike(each)), ...spelled, ...verdicts.filter(isLike)]
}

/**
 * Reads a suggested alt text.
 *
 * @throws JudgeFailure if there is none
 */
export function readAlt(value: Record<string, unknown>, { cost, apiKey }: AnswerContext): string {
  const alt = typeof value['alt'] === 'string' ? redactKeys(value['alt'], apiKey) : ''
  if (alt === '') throw malformed('has no alt text', cost)
  return alt
}

type AnswerContext = {
  cost: JudgeCost
  /** Empty if unknown. */
  apiKey: string
}

function readTexts(value: Record<string, unknown>, cost: JudgeCost): string[] {
  const texts = Object.hasOwn(value, 'texts') ? value['texts'] : undefined
  if (!Array.isArray(texts) || texts.some((text) => typeof text !== 'string')) {
    throw malformed('does not list the texts of the picture', cost)
  }
  return (texts as string[]).slice(0, MAX_TEXTS).map((text) => text.slice(0, MAX_TEXT))
}

function judgeText(expected: string, seen: readonly string[], apiKey: string): Verdict {
  const passed = showsText(expected, seen)
  const read = redactKeys(seen.map(normalizeText).join(' '), apiKey)
  const reason = passed
    ? 'The text is spelled as it should be.'
    : read === ''
      ? 'The judge can read no text in the picture.'
      : `The judge reads "${read}".`
  return { test: 'text', of: expected, passed, reason }
}

function defaultReason(answer: boolean): string {
  return answer ? 'The judge sees it.' : 'The judge does not see it.'
}

/** Makes one line of a model's text, without keys, that ends like a sentence. */
function toSentence(text: string, apiKey: string): string {
  const line = redactKeys(text, apiKey)
  return line === '' || /[.!?。！？]$/.test(line) ? line : `${line}.`
}

/** Parses the object in a text: servers without strict output add a fence or a thought to it. */
function parseObject(text: string): Record<string, unknown> | undefined {
  const candidates = [text, text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)]
  for (const candidate of candidates) {
    try {
      const value: unknown = JSON.parse(candidate)
      if (isObject(value)) return value
    } catch {
      // The next candidate may be JSON.
    }
  }
  return undefined
}

function malformed(problem: string, cost: JudgeCost): JudgeFailure {
  return new JudgeFailure(
    'provider/bad-answer',
    `The judge's answer ${problem}. The request was billed.`,
    { hint: 'Run the command again, or use another model for the judge.', cost },
  )
}

/*
 * Vision models that can be the judge, as of 2026-12-01. Sources: ids and retirements from the types
 * of the `openai` package 7.57.0; prices from OpenAI's pricing and model pages, for requests of less
 * than 272,000 input tokens; the patches of 32 px and their factor from OpenAI's guide to images and
 * third-party measurements, of which the higher figure counts.
 */

/** USD per million tokens. */
export type JudgePrice = { input: number; output: number }

/** The model of the judge if the manifest specifies none: the cheapest one that sees pictures. */
export const DEFAULT_JUDGE_MODEL = 'gpt-6-luna'

/** Longest edge of a picture that the judge sees, px. */
export const JUDGE_EDGE = 1024

/** Most tokens of an answer, those that the model thinks with included. Larger answers are cut off. */
export const JUDGE_ANSWER_TOKENS = 4000

const priceByModel: ReadonlyMap<string, JudgePrice> = new Map([
  ['gpt-6-luna', { input: 0.1, output: 0.5 }],
  ['gpt-6-sol', { input: 2, output: 10 }],
  ['gpt-6.1-sol', { input: 2, output: 10 }],
  ['gpt-6-astra', { input: 10, output: 50 }],
  ['gpt-5.6-luna', { input: 0.2, output: 1.2 }],
  ['gpt-5.6-terra', { input: 2, output: 12 }],
  // The higher one of two published prices.
  ['gpt-5.6-sol', { input: 5, output: 30 }],
  ['gpt-5.5', { input: 5, output: 30 }],
  ['gpt-5.4', { input: 2.5, output: 15 }],
  ['gpt-5.4-mini', { input: 0.75, output: 4.5 }],
])

/** Returns the published price of a model; `undefined` if Limn does not know it. */
export function findJudgePrice(model: string): JudgePrice | undefined {
  return priceByModel.get(model)
}

/** Edge of the patches in which models count a picture, px. */
const PATCH = 32
/** Most tokens of one patch. */
const TOKENS_PER_PATCH = 1.62
/** Tokens of what surrounds the questions: instructions and the schema of the answer. */
const FRAME_TOKENS = 1200
/** Most tokens of one picture for any other model: Llama's four tiles of 1601 tokens. */
const OTHER_PICTURE_TOKENS = 6404
/** What servers charge in addition for input tokens that they store, as a part of their price. */
const CACHE_WRITE_SURCHARGE = 0.25

/** What determines the price of one request to the judge. */
export type JudgeQuestionSize = {
  /** Width and height of each picture that is sent, px, before Limn makes it smaller. */
  pictures: readonly { width: number; height: number }[]
  /** Length of all questions together, characters. */
  characters: number
}

/** The tokens of one answer. */
export type JudgeUsage = {
  inputTokens: number
  outputTokens: number
  /** Input tokens that the server stored in its cache. Default 0. */
  cacheWriteTokens?: number
}

/**
 * Estimates the most that one request to the judge costs, USD; `null` if the price of the model is
 * unknown, which never counts as zero. A character counts as two tokens, which is more than any
 * script needs.
 */
export function estimateJudgment(
  { pictures, characters }: JudgeQuestionSize,
  { model, price }: { model: string; price: JudgePrice | null },
): { usd: number | null } {
  const tokensOf = priceByModel.has(model) ? pictureTokens : () => OTHER_PICTURE_TOKENS
  const inputTokens =
    FRAME_TOKENS + 2 * characters + pictures.reduce((sum, each) => sum + tokensOf(each), 0)
  const usage = { inputTokens, outputTokens: JUDGE_ANSWER_TOKENS, cacheWriteTokens: inputTokens }
  return { usd: judgmentUsd(usage, price) }
}

/** Computes the price of one answer from its tokens, USD; `null` if the price is unknown. */
export function judgmentUsd(
  { inputTokens, outputTokens, cacheWriteTokens = 0 }: JudgeUsage,
  price: JudgePrice | null,
): number | null {
  if (price === null) return null
  const input = inputTokens + cacheWriteTokens * CACHE_WRITE_SURCHARGE
  return (input * price.input + outputTokens * price.output) / 1e6
}

/** Returns the tokens of one picture at most, after Limn has made it smaller. */
function pictureTokens({ width, height }: { width: number; height: number }): number {
  const scale = Math.min(1, JUDGE_EDGE / Math.max(width, height, 1))
  const patches = (edge: number): number => Math.ceil(Math.ceil(edge * scale) / PATCH)
  return Math.ceil(patches(width) * patches(height) * TOKENS_PER_PATCH)
}

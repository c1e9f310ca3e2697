import { expect, test } from 'vitest'
import { estimateJudgment, findJudgePrice, judgmentUsd } from './judges.ts'

const luna = { model: 'gpt-6-luna', price: findJudgePrice('gpt-6-luna')! }

test.each([
  [{ width: 1024, height: 1024 }, 1024],
  [{ width: 1536, height: 1024 }, 32 * 22],
  [{ width: 3840, height: 2160 }, 32 * 18],
  [{ width: 100, height: 40 }, 4 * 2],
])('counts a picture of %j in patches of the size that is sent', (size, patches) => {
  const without = estimateJudgment({ pictures: [], characters: 40 }, luna).usd!
  const { usd } = estimateJudgment({ pictures: [size], characters: 40 }, luna)
  expect((usd! - without) * 1e6).toBeCloseTo(Math.ceil(patches * 1.62) * 0.1 * 1.25, 6)
})

test('counts the pictures of models with their own rules at the most that any model takes', () => {
  const own = { model: 'llava', price: { input: 1, output: 0 } }
  const picture = { width: 64, height: 64 }
  const one = estimateJudgment({ pictures: [picture], characters: 0 }, own).usd!
  const two = estimateJudgment({ pictures: [picture, picture], characters: 0 }, own).usd!
  expect((two - one) * 1e6).toBeCloseTo(6404 * 1.25, 6)
})

test('never counts an unknown price as zero', () => {
  const unknown = { model: 'gpt-9', price: findJudgePrice('gpt-9') ?? null }
  expect(estimateJudgment({ pictures: [], characters: 1 }, unknown).usd).toBe(null)
  expect(judgmentUsd({ inputTokens: 1, outputTokens: 1 }, null)).toBe(null)
})

test.each([
  [{ inputTokens: 1_000_000, outputTokens: 0 }, 0.1],
  [{ inputTokens: 0, outputTokens: 1_000_000 }, 0.5],
  [{ inputTokens: 1_000_000, outputTokens: 0, cacheWriteTokens: 1_000_000 }, 0.125],
])('computes what %j cost', (usage, usd) => {
  expect(judgmentUsd(usage, luna.price)).toBeCloseTo(usd, 9)
})

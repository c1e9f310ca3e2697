import { describe, expect, test } from 'vitest'
import { actualUsd, estimateUsd, formatUsd, outputTokens } from './cost.ts'
import type { PriceRule } from './model.ts'
import { findModel, LOCAL_MODEL } from './models.ts'
import { parseSize } from './size.ts'

type TokenRule = Extract<PriceRule, { kind: 'formula' | 'table' }>

function tokens(id: string, quality: string, size: string): number {
  return outputTokens(findModel(id)!.price as TokenRule, quality, parseSize(size)!)
}

/** OpenAI's calculator: gpt-image-2 low, medium, high; gpt-image-2.5 low, medium, high, xhigh, max. */
const published: [size: string, two: number[], twoFive: number[]][] = [
  ['1024x1024', [196, 1756, 7024], [196, 439, 1756, 3122, 7024]],
  ['1536x1024', [158, 1372, 5488], [158, 343, 1372, 2459, 5488]],
  ['1088x1088', [204, 1834, 7336], [204, 459, 1834, 3261, 7336]],
  ['1088x1920', [148, 1325, 5300], [148, 344, 1325, 2356, 5300]],
  ['1200x640', [100, 864, 3389], [100, 216, 864, 1506, 3389]],
  ['1536x864', [120, 1078, 4312], [120, 280, 1078, 1917, 4312]],
  ['1792x1024', [139, 1243, 5063], [139, 323, 1243, 2271, 5063]],
  ['2048x1152', [157, 1413, 5650], [157, 367, 1413, 2511, 5650]],
  ['2048x2048', [397, 3568, 14272], [397, 892, 3568, 6343, 14272]],
  ['2560x1440', [205, 1843, 7370], [205, 478, 1843, 3276, 7370]],
  ['2880x2880', [659, 5930, 23719], [659, 1483, 5930, 10542, 23719]],
  ['3840x2160', [371, 3336, 13342], [371, 865, 3336, 5930, 13342]],
  ['3072x1024', [103, 988, 3952], [103, 247, 988, 1729, 3952]],
]

describe.each(published)('%s', (size, two, twoFive) => {
  test('costs the tokens that are published', () => {
    expect(['low', 'medium', 'high'].map((quality) => tokens('gpt-image-2', quality, size))).toEqual(two)
    expect(['low', 'medium', 'high', 'xhigh', 'max'].map((quality) => tokens('gpt-image-2.5-flare', quality, size))).toEqual(twoFive)
  })

  test('costs the same in portrait', () => {
    const turned = size.split('x').toReversed().join('x')
    expect(tokens('gpt-image-2', 'high', turned)).toBe(two[2])
    expect(tokens('gpt-image-2.5-sunburst', 'max', turned)).toBe(twoFive[4])
  })
})

test.each([
  ['low', [272, 408, 400]],
  ['medium', [1056, 1584, 1568]],
  ['high', [4160, 6240, 6208]],
])('costs the published tokens of the fixed sizes at %s', (quality, row) => {
  for (const id of ['gpt-image-1', 'gpt-image-1-mini', 'gpt-image-1.5', 'chatgpt-image-latest']) {
    expect(['1024x1024', '1024x1536', '1536x1024'].map((size) => tokens(id, quality, size)), id).toEqual(row)
  }
})

test('counts low and medium of 2.6 four times, as was measured', () => {
  expect(tokens('gpt-image-2.6-flare', 'medium', '1024x1024')).toBe(4 * 439)
  expect(tokens('gpt-image-2.6-flare', 'high', '1024x1024')).toBe(1756)
})

test.each([
  ['gpt-image-2', 'low', 0.0059],
  ['gpt-image-2', 'medium', 0.0527],
  ['gpt-image-2', 'high', 0.2107],
  ['gpt-image-2.5-flare', 'medium', 0.0132],
  ['gpt-image-2.5-flare', 'max', 0.2107],
  ['gpt-image-1.5', 'high', 0.133],
  ['gpt-image-1', 'medium', 0.042],
])('prices a square of %s at %s at $%d', (id, quality, usd) => {
  expect(actualUsd(findModel(id), { outputTokens: tokens(id, quality, '1024x1024') })).toBeCloseTo(usd, 3)
})

test('estimates no less than what the tokens then cost', () => {
  const model = findModel('gpt-image-2.5-flare')!
  const prompt = 'A lighthouse at dawn over a calm sea'
  const estimate = estimateUsd(model, { size: { width: 1024, height: 1024 }, quality: 'medium', prompt })!
  expect(estimate).toBeGreaterThanOrEqual(actualUsd(model, { inputTextTokens: prompt.length, outputTokens: 439 })!)
})

test('counts auto and names without a price as the dearest', () => {
  const ask = { size: { width: 1024, height: 1024 }, prompt: '' }
  const model = findModel('gpt-image-2.5-flare')!
  expect(estimateUsd(model, { ...ask, quality: 'auto' })).toBe(estimateUsd(model, { ...ask, quality: 'max' }))
  expect(estimateUsd(model, { ...ask, quality: 'constructor' })).toBe(estimateUsd(model, { ...ask, quality: 'max' }))
})

test('prices by the image where a model is billed so', () => {
  const model = findModel('dall-e-3')!
  expect(estimateUsd(model, { size: { width: 1024, height: 1024 }, quality: 'standard', prompt: '' })).toBe(0.04)
  expect(estimateUsd(model, { size: { width: 1792, height: 1024 }, quality: 'hd', prompt: '' })).toBe(0.12)
  expect(actualUsd(model, undefined)).toBeNull()
})

test('knows no price for a model that is not known, and none for local', () => {
  const ask = { size: { width: 1024, height: 1024 }, quality: 'high', prompt: 'x' }
  expect(estimateUsd(undefined, ask)).toBeNull()
  expect(actualUsd(undefined, { outputTokens: 5 })).toBeNull()
  expect(estimateUsd(findModel(LOCAL_MODEL), ask)).toBe(0)
  expect(actualUsd(findModel(LOCAL_MODEL), undefined)).toBe(0)
})

test.each([
  [null, 'price unknown'],
  [0, '$0'],
  [0.0001, '<$0.001'],
  [0.0132, '$0.013'],
  [0.9994, '$0.999'],
  [1, '$1.00'],
  [12.345, '$12.35'],
])('writes %s as %s', (usd, text) => {
  expect(formatUsd(usd)).toBe(text)
})

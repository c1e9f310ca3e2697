import { describe, expect, test } from 'vitest'
import { actualUsd, estimateUsd, formatUsd, outputTokens } from './cost.ts'
import type { PriceRule } from './model.ts'
import { findModel, LOCAL_MODEL, resolveModel } from './models.ts'
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
  test('has the published number of output tokens', () => {
    expect(
      ['low', 'medium', 'high'].map((quality) => tokens('gpt-image-2', quality, size)),
    ).toEqual(two)
    expect(
      ['low', 'medium', 'high', 'xhigh', 'max'].map((quality) =>
        tokens('gpt-image-2.5-flare', quality, size),
      ),
    ).toEqual(twoFive)
  })

  test('has the same number in portrait', () => {
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
    expect(
      ['1024x1024', '1024x1536', '1536x1024'].map((size) => tokens(id, quality, size)),
      id,
    ).toEqual(row)
  }
})

test('multiplies the tokens of low and medium of 2.6 by four', () => {
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
  expect(actualUsd(findModel(id), { outputTokens: tokens(id, quality, '1024x1024') })).toBeCloseTo(
    usd,
    3,
  )
})

/** OpenAI's price page: USD for square, portrait and landscape at low, medium and high. */
const pricePage: [id: string, low: string, medium: string, high: string][] = [
  ['gpt-image-1', '.011 / .016 / .016', '.042 / .063 / .063', '.167 / .25 / .25'],
  ['gpt-image-1.5', '.009 / .013 / .013', '.034 / .05 / .05', '.133 / .2 / .2'],
  ['chatgpt-image-latest', '.009 / .013 / .013', '.034 / .05 / .05', '.133 / .2 / .2'],
  ['gpt-image-1-mini', '.005 / .006 / .006', '.011 / .015 / .015', '.036 / .052 / .052'],
  ['gpt-image-2', '.006 / .005 / .005', '.053 / .041 / .041', '.211 / .165 / .165'],
]

test.each(pricePage)('estimates the published price of %s', (id, ...rows) => {
  for (const [row, quality] of ['low', 'medium', 'high'].entries()) {
    for (const [shape, published] of rows[row]!.split(' / ').entries()) {
      const size = parseSize(['1024x1024', '1024x1536', '1536x1024'][shape]!)!
      const estimate = estimateUsd(findModel(id), { size, quality, prompt: '' })!
      // The page rounds, now up, now down.
      expect(Math.abs(estimate - Number(published)), `${quality} ${published}`).toBeLessThan(
        0.8 * 10 ** -(published.length - 1),
      )
    }
  }
})

test('includes partials, input pictures and fidelity in the estimate', () => {
  const request = { size: { width: 1024, height: 1024 }, quality: 'low', prompt: '' }
  const more = (id: string, extra: object): number =>
    (estimateUsd(findModel(id), { ...request, ...extra })! - estimateUsd(findModel(id), request)!) *
    1e6
  expect(more('gpt-image-2', { partials: 3 })).toBeCloseTo(300 * 30)
  expect(more('gpt-image-2', { inputPictures: 2 })).toBeCloseTo(2 * 1536 * 8)
  expect(more('gpt-image-1.5', { inputPictures: 1, fidelity: 'high' })).toBeCloseTo(
    (1536 + 6144) * 8,
  )
})

test('halves the price in a batch', () => {
  const request = { size: { width: 1024, height: 1024 }, quality: 'high', prompt: 'x' }
  expect(estimateUsd(findModel('gpt-image-2'), { ...request, batch: true })! * 2).toBeCloseTo(
    estimateUsd(findModel('gpt-image-2'), request)!,
  )
  expect(
    actualUsd(findModel('gpt-image-2'), { outputTokens: 7024 }, { batch: true })! * 2,
  ).toBeCloseTo(0.2107, 4)
})

test('prices output text separately where the model does', () => {
  expect(
    actualUsd(findModel('gpt-image-1.5'), { outputTokens: 429, outputTextTokens: 157 })! * 1e6,
  ).toBeCloseTo(272 * 32 + 157 * 10)
  expect(
    actualUsd(findModel('gpt-image-2'), { outputTokens: 429, outputTextTokens: 157 })! * 1e6,
  ).toBeCloseTo(429 * 30)
})

test('returns no price for GIF and SVG', () => {
  const model = findModel('gpt-image-2.6-flare')
  const request = { size: { width: 512, height: 512 }, quality: 'low', prompt: '' }
  expect([
    estimateUsd(model, { ...request, format: 'gif' }),
    estimateUsd(model, { ...request, format: 'svg' }),
  ]).toEqual([null, null])
  expect(actualUsd(model, { outputTokens: 1000 })).toBeCloseTo(0.03)
  expect(actualUsd(model, { outputTokens: 1000, authorTokens: 3000 })).toBeNull()
})

test('estimates at least what the reported tokens cost', () => {
  const model = findModel('gpt-image-2.5-flare')!
  const prompt = 'A lighthouse at dawn over a calm sea'
  const estimate = estimateUsd(model, {
    size: { width: 1024, height: 1024 },
    quality: 'medium',
    prompt,
  })!
  expect(estimate).toBeGreaterThanOrEqual(
    actualUsd(model, { inputTextTokens: prompt.length, outputTokens: 439 })!,
  )
})

test('prices auto and unknown qualities as the most expensive one', () => {
  const request = { size: { width: 1024, height: 1024 }, prompt: '' }
  const model = findModel('gpt-image-2.5-flare')!
  expect(estimateUsd(model, { ...request, quality: 'auto' })).toBe(
    estimateUsd(model, { ...request, quality: 'max' }),
  )
  expect(estimateUsd(model, { ...request, quality: 'constructor' })).toBe(
    estimateUsd(model, { ...request, quality: 'max' }),
  )
})

test('prices a model by the image if it is billed by the image', () => {
  const model = findModel('dall-e-3')!
  expect(
    estimateUsd(model, { size: { width: 1024, height: 1024 }, quality: 'standard', prompt: '' }),
  ).toBe(0.04)
  expect(
    estimateUsd(model, { size: { width: 1792, height: 1024 }, quality: 'hd', prompt: '' }),
  ).toBe(0.12)
  expect(actualUsd(model, undefined)).toBeNull()
})

test('returns no price for an unknown model, and zero for local', () => {
  const request = { size: { width: 1024, height: 1024 }, quality: 'high', prompt: 'x' }
  expect(estimateUsd(undefined, request)).toBeNull()
  expect(actualUsd(undefined, { outputTokens: 5 })).toBeNull()
  expect(estimateUsd(findModel(LOCAL_MODEL), request)).toBe(0)
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

test.each([0.5, 0.8, 1] as const)(
  'takes the price of a batch from the model: %s of the price',
  (share) => {
    const model = resolveModel('nano', { price: 0.04, batchPrice: 0.04 * share })
    const request = { size: { width: 64, height: 64 }, quality: 'auto', prompt: 'A hill' }
    expect(model.batch).toBe(true)
    expect(estimateUsd(model, request)).toBe(0.04)
    expect(estimateUsd(model, { ...request, batch: true })).toBe(0.04 * share)
    expect(actualUsd(model, { outputTokens: 1000 }, { batch: true })).toBeNull()
  },
)

import { expect, test } from 'vitest'
import { createEstimates } from './estimates.ts'

test('raises the estimates of a model by the highest factor that its server billed', () => {
  const estimates = createEstimates()
  estimates.learn('a', 0.1, 0.3)
  estimates.learn('a', 0.1, 0.2)
  expect(estimates.of('a', 0.2)).toBeCloseTo(0.6)
  expect(estimates.of('b', 0.2)).toBe(0.2)
})

test('never lowers an estimate', () => {
  const estimates = createEstimates()
  estimates.learn('a', 0.1, 0.01)
  expect(estimates.of('a', 0.2)).toBe(0.2)
})

test('learns nothing from a cost or a price that is unknown, or from a free plan', () => {
  const estimates = createEstimates()
  estimates.learn('a', null, 1)
  estimates.learn('a', 1, null)
  estimates.learn('a', 0, 1)
  expect([estimates.of('a', 0.2), estimates.of('a', null)]).toEqual([0.2, null])
})

import { expect, test } from 'vitest'
import { createBudget } from './budget.ts'

test('refuses the request that would pass the limit, counting what is in flight', () => {
  const budget = createBudget(1)
  budget.reserve(0.4)
  budget.reserve(0.4)
  expect(() => budget.reserve(0.4)).toThrow(expect.objectContaining({ code: 'budget/exceeded', message: 'It may cost $0.400, and $0.200 of $1.00 is left.' }))
  expect(budget.spent).toBe(0)
})

test('gives back what a request did not cost', () => {
  const budget = createBudget(1)
  budget.reserve(0.8)
  budget.settle(0.8, 0.1)
  expect(budget.spent).toBeCloseTo(0.1)
  budget.reserve(0.9)
  expect(() => budget.reserve(0.001)).toThrow('It may cost')
})

test('takes a limit that is met exactly, whatever the fractions', () => {
  const budget = createBudget(0.3)
  for (let index = 0; index < 3; index++) budget.reserve(0.1)
  expect(() => budget.reserve(0.0001)).toThrow('It may cost')
})

test('counts the worst case where the real cost is not known, and nothing for what failed', () => {
  const budget = createBudget(1)
  budget.reserve(0.4)
  budget.settle(0.4, null)
  budget.reserve(0.4)
  budget.settle(0.4, 0)
  expect(budget.spent).toBeCloseTo(0.4)
})

test('refuses what has no price under a limit, and counts it as nothing without one', () => {
  expect(() => createBudget(100).reserve(null)).toThrow(expect.objectContaining({ code: 'budget/exceeded', message: 'Its price is not known, so it might pass the limit of --max-cost.' }))
  const open = createBudget()
  open.reserve(null)
  open.settle(null, null)
  open.reserve(1e6)
  expect(open.spent).toBe(0)
})

test('allows what is free under a limit of nothing', () => {
  const budget = createBudget(0)
  budget.reserve(0)
  expect(() => budget.reserve(0.001)).toThrow('$0 of $0 is left')
})

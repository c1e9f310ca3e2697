import { expect, test } from 'vitest'
import { type Budget, createBudget } from '../limits/budget.ts'
import { reserve } from './reservation.ts'

const budgetOf = (usd: number): Budget => createBudget([{ of: 'max-cost', usd }])

test('replaces the worst case in the budget by what was spent', async () => {
  const budget = budgetOf(1)
  const reservation = await reserve(budget, 0.8)
  reservation.send(0.4)
  reservation.spend(0.1)
  reservation.send(0.4)
  reservation.spend(0.2)
  reservation.settle()
  expect(reservation.spent).toBeCloseTo(0.3)
  expect(budget.spent).toBeCloseTo(0.3)
})

test('covers the planned requests without reserving more', async () => {
  const reservation = await reserve(budgetOf(0.4), 0.4)
  for (let request = 0; request < 4; request++) {
    expect(reservation.cover(0.1)).toBe(true)
    reservation.send(0.1)
    reservation.spend(0.1)
  }
})

test('covers a request beyond the plan only if the budget has room for it', async () => {
  const budget = budgetOf(0.6)
  const reservation = await reserve(budget, 0.4)
  reservation.send(0.4)
  reservation.spend(0.4)
  expect(reservation.cover(0.2)).toBe(true)
  reservation.send(0.2)
  reservation.spend(0.2)
  expect(reservation.cover(0.2)).toBe(false)
  reservation.settle()
  expect(budget.spent).toBeCloseTo(0.6)
})

test('covers requests without a known price, and counts them at the reservation', async () => {
  const budget = createBudget()
  const reservation = await reserve(budget, 0.4)
  reservation.send(null)
  reservation.spend(null)
  expect(reservation.cover(null)).toBe(true)
  reservation.settle()
  expect(reservation.spent).toBeNull()
  expect(budget.spent).toBeCloseTo(0.4)
})

test('refuses to send what was reserved once responses have cost the limit', async () => {
  const budget = budgetOf(0.3)
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => reserve(budget, 0.1)))
  first!.send(0.1)
  second!.send(0.1)
  first!.spend(0.25)
  expect(() => third!.send(0.1)).toThrow(expect.objectContaining({ code: 'budget/exceeded' }))
  third!.settle()
  second!.spend(0.25)
  expect(budget.spent).toBeCloseTo(0.5)
})

test('sends at a raised estimate as long as there is room besides what is in flight', async () => {
  const budget = budgetOf(0.4)
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => reserve(budget, 0.1)))
  first!.send(0.1)
  first!.spend(0.15)
  second!.send(0.15)
  expect(() => third!.send(0.15)).toThrow(
    'The request may cost $0.150, but only $0.100 of $0.400 is left.',
  )
  second!.spend(0.1)
  third!.send(0.15)
})

test('keeps the reservation for the next attempt after one that cost nothing', async () => {
  const budget = budgetOf(0.1)
  const reservation = await reserve(budget, 0.1)
  reservation.send(0.1)
  reservation.spend(0)
  expect(() => budget.reserveNow(0.1)).toThrow('only $0 of')
  reservation.send(0.1)
  reservation.spend(0.1)
  expect(() => reservation.send(0.1)).toThrow(expect.objectContaining({ code: 'budget/exceeded' }))
})

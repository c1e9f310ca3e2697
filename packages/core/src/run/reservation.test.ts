import { expect, test } from 'vitest'
import { type Budget, createBudget } from '../limits/budget.ts'
import { reserve } from './reservation.ts'

const budgetOf = (usd: number): Budget => createBudget([{ of: 'max-cost', usd }])

test('replaces the worst case in the budget by what was spent', async () => {
  const budget = budgetOf(1)
  const reservation = await reserve(budget, 0.8)
  reservation.spend(0.1)
  reservation.spend(0.2)
  reservation.settle()
  expect(reservation.spent).toBeCloseTo(0.3)
  expect(budget.spent).toBeCloseTo(0.3)
})

test('covers the planned requests without reserving more', async () => {
  const reservation = await reserve(budgetOf(0.4), 0.4)
  for (let request = 0; request < 4; request++) {
    expect(reservation.cover(0.1)).toBe(true)
    reservation.spend(0.1)
  }
})

test('covers a request beyond the plan only if the budget has room for it', async () => {
  const budget = budgetOf(0.6)
  const reservation = await reserve(budget, 0.4)
  reservation.spend(0.4)
  expect(reservation.cover(0.2)).toBe(true)
  reservation.spend(0.2)
  expect(reservation.cover(0.2)).toBe(false)
  reservation.settle()
  expect(budget.spent).toBeCloseTo(0.6)
})

test('covers requests without a known price, and counts them at the reservation', async () => {
  const budget = createBudget()
  const reservation = await reserve(budget, 0.4)
  reservation.spend(null)
  expect(reservation.cover(null)).toBe(true)
  reservation.settle()
  expect(reservation.spent).toBeNull()
  expect(budget.spent).toBeCloseTo(0.4)
})

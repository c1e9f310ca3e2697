import { expect, test } from 'vitest'
import { type Budget, createBudget } from './budget.ts'

const budgetOf = (usd: number): Budget => createBudget([{ of: 'max-cost', usd }])

/** What became of a reservation so far. */
async function stateOf(reservation: Promise<void>): Promise<'in' | 'waits' | string> {
  let state = 'waits'
  reservation.then(
    () => (state = 'in'),
    (error: Error) => (state = error.message),
  )
  await new Promise((resolve) => setImmediate(resolve))
  return state
}

test('makes a request wait that fits only if what is in flight comes cheaper, and lets it in when that did', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.4)
  await budget.reserve(0.4)
  const third = budget.reserve(0.4)
  expect(await stateOf(third)).toBe('waits')
  budget.settle(0.4, 0.1)
  expect(await stateOf(third)).toBe('in')
  expect(budget.spent).toBeCloseTo(0.1)
})

test('refuses the request that would pass the limit once that is certain, and lets smaller ones by', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.7)
  const large = budget.reserve(0.4)
  expect(await stateOf(budget.reserve(0.2))).toBe('in')
  budget.settle(0.7, 0.7)
  await expect(large).rejects.toMatchObject({
    code: 'budget/exceeded',
    message: 'It may cost $0.400, and $0.100 of $1.00 is left.',
    hint: 'Raise --max-cost, or name fewer assets.',
  })
})

test('refuses at once what could never fit', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.1)
  await expect(budget.reserve(1.1)).rejects.toThrow(
    'It may cost $1.10, and $0.900 of $1.00 is left.',
  )
})

test('gives back what a request did not cost', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.8)
  budget.settle(0.8, 0.1)
  await budget.reserve(0.9)
  budget.settle(0.9, 0.9)
  await expect(budget.reserve(0.001)).rejects.toThrow('It may cost')
})

test('takes a limit that is met exactly, whatever the fractions', async () => {
  const budget = budgetOf(0.3)
  for (let index = 0; index < 3; index++) {
    await budget.reserve(0.1)
    budget.settle(0.1, 0.1)
  }
  await expect(budget.reserve(0.0001)).rejects.toThrow('It may cost')
})

test('counts the worst case where the real cost is not known, and nothing for what failed', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.4)
  budget.settle(0.4, null)
  await budget.reserve(0.4)
  budget.settle(0.4, 0)
  expect(budget.spent).toBeCloseTo(0.4)
})

test('refuses what has no price under a limit, and counts it as nothing without one', async () => {
  await expect(budgetOf(100).reserve(null)).rejects.toMatchObject({
    code: 'budget/exceeded',
    message: 'Its price is not known, so it might pass the limit of --max-cost.',
  })
  const open = createBudget()
  await open.reserve(null)
  open.settle(null, null)
  await open.reserve(1e6)
  expect(open.spent).toBe(0)
})

test('allows what is free under a limit of nothing', async () => {
  const budget = budgetOf(0)
  await budget.reserve(0)
  await expect(budget.reserve(0.001)).rejects.toThrow('$0 of $0 is left')
})

test('keeps every limit, and names the one that stands in the way', async () => {
  const budget = createBudget([
    { of: 'run', usd: 2 },
    { of: 'month', usd: 20, before: 19.5 },
  ])
  await expect(budget.reserve(0.6)).rejects.toMatchObject({
    message: 'It may cost $0.600, and $0.500 of $20.00 is left for this month.',
    hint: 'Raise budget.month in the manifest, or wait for the next month (UTC).',
  })
  await expect(budget.reserve(2.1)).rejects.toMatchObject({
    hint: 'Raise budget.run in the manifest, or name fewer assets.',
  })
  await budget.reserve(0.5)
})

import { expect, test } from 'vitest'
import { type Budget, createBudget } from './budget.ts'

const budgetOf = (usd: number): Budget => createBudget([{ of: 'max-cost', usd }])

/** Returns the state of a reservation: `in`, `waits`, or the message of its error. */
async function stateOf(reservation: Promise<void>): Promise<'in' | 'waits' | string> {
  let state = 'waits'
  reservation.then(
    () => (state = 'in'),
    (error: Error) => (state = error.message),
  )
  await new Promise((resolve) => setImmediate(resolve))
  return state
}

test('lets a request wait that fits only if requests in flight cost less, and admits it when they did', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.4)
  await budget.reserve(0.4)
  const third = budget.reserve(0.4)
  expect(await stateOf(third)).toBe('waits')
  budget.settle(0.4, 0.1)
  expect(await stateOf(third)).toBe('in')
  expect(budget.spent).toBeCloseTo(0.1)
})

test('refuses a request once it must exceed the limit, and admits smaller ones before', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.7)
  const large = budget.reserve(0.4)
  expect(await stateOf(budget.reserve(0.2))).toBe('in')
  budget.settle(0.7, 0.7)
  await expect(large).rejects.toMatchObject({
    code: 'budget/exceeded',
    message: 'The request may cost $0.400, but only $0.100 of $1.00 is left.',
    hint: 'Raise --max-cost, or select fewer assets.',
  })
})

test('refuses at once a request that can never fit', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.1)
  await expect(budget.reserve(1.1)).rejects.toThrow(
    'The request may cost $1.10, but only $0.900 of $1.00 is left.',
  )
})

test('releases what a request did not cost', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.8)
  budget.settle(0.8, 0.1)
  await budget.reserve(0.9)
  budget.settle(0.9, 0.9)
  await expect(budget.reserve(0.001)).rejects.toThrow('The request may cost')
})

test('admits a request that meets the limit exactly, in spite of rounding errors', async () => {
  const budget = budgetOf(0.3)
  for (let index = 0; index < 3; index++) {
    await budget.reserve(0.1)
    budget.settle(0.1, 0.1)
  }
  await expect(budget.reserve(0.0001)).rejects.toThrow('The request may cost')
})

test('counts the maximum if the actual cost is unknown, and nothing for a failure', async () => {
  const budget = budgetOf(1)
  await budget.reserve(0.4)
  budget.settle(0.4, null)
  await budget.reserve(0.4)
  budget.settle(0.4, 0)
  expect(budget.spent).toBeCloseTo(0.4)
})

test('refuses an unknown price under a limit, and counts it as zero without one', async () => {
  await expect(budgetOf(100).reserve(null)).rejects.toMatchObject({
    code: 'budget/exceeded',
    message: 'The price of the request is unknown, so the request might exceed --max-cost.',
  })
  const open = createBudget()
  await open.reserve(null)
  open.settle(null, null)
  await open.reserve(1e6)
  expect(open.spent).toBe(0)
})

test('admits a free request under a limit of zero', async () => {
  const budget = budgetOf(0)
  await budget.reserve(0)
  await expect(budget.reserve(0.001)).rejects.toThrow('only $0 of $0 is left')
})

test('keeps every limit, and names the one that is exceeded', async () => {
  const budget = createBudget([
    { of: 'run', usd: 2 },
    { of: 'month', usd: 20, before: 19.5 },
  ])
  await expect(budget.reserve(0.6)).rejects.toMatchObject({
    message: 'The request may cost $0.600, but only $0.500 of $20.00 is left for this month.',
    hint: 'Raise budget.month in the manifest, or wait for the next month (UTC).',
  })
  await expect(budget.reserve(2.1)).rejects.toMatchObject({
    hint: 'Raise budget.run in the manifest, or select fewer assets.',
  })
  await budget.reserve(0.5)
})

test('keeps a run within the price of its plan, and admits what has no known price', async () => {
  const budget = createBudget([{ of: 'plan', usd: 0.3 }])
  await budget.reserve(0.3)
  budget.send(0.1, 0.1)
  budget.settleSent(0.1, 0.25)
  expect(() => budget.send(0.1, 0.1)).toThrow(
    'The request may cost $0.100, but only $0.050 of $0.300 of the plan is left.',
  )
  const unknown = createBudget([{ of: 'plan', usd: 0 }])
  unknown.reserveNow(null)
  unknown.send(0, null)
})

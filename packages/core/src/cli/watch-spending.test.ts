import { expect, test } from 'vitest'
import { createWorld } from '../plan/testing.ts'
import type { Plan } from '../project/types.ts'
import type { CommandContext } from './command.ts'
import { createWatchSpending, isNotAgreed, type WatchSpending } from './watch-spending.ts'

const inUsd = { currency: null }

test('asks at a terminal before each plan that costs money, and not twice about the same', async () => {
  const { context, asked, printed } = terminal([true, false])
  const spending = createWatchSpending(context, undefined)
  expect(await isApproved(spending, planOf('A hill'))).toBe(true)
  expect(await isApproved(spending, planOf('A valley'))).toBe(false)
  expect(await isApproved(spending, planOf('A valley'))).toBe(false)
  expect(asked).toHaveLength(2)
  expect(asked[0]).toMatch(/^Spend up to \$0\.\d{3}\?$/)
  expect(printed.join('\n')).toContain('Limn generates only what is free.')
  expect(spending.limit()).toBeUndefined()
})

test('spends nothing without a terminal, and says once how to', async () => {
  const { context, printed } = terminal([])
  const spending = createWatchSpending(context, undefined)
  expect(await isApproved(spending, planOf('A hill'))).toBe(false)
  expect(await isApproved(spending, planOf('A hill'))).toBe(false)
  const advice = printed.filter((line) => line.includes('limn watch --max-cost USD'))
  expect(advice).toHaveLength(1)
})

test.each([
  ['--max-cost is 0', 0, 0],
  ['--max-cost is spent', 0.01, 0.01],
  ['more than --max-cost is spent', 0.01, 0.02],
])('spends nothing and does not ask if %s', async (_, maxUsd, usd) => {
  const { context, asked } = terminal([true])
  const spending = createWatchSpending(context, maxUsd)
  spending.usd = usd
  expect(await isApproved(spending, planOf('A hill'))).toBe(false)
  expect(spending.limit()).toBe(0)
  expect(asked).toEqual([])
})

test('does not ask within --max-cost, and says what is left', async () => {
  const { context, asked } = terminal([])
  const spending = createWatchSpending(context, 0.5)
  spending.usd = 0.1
  expect(await isApproved(spending, planOf('A hill'))).toBe(true)
  expect(spending.describe(null)).toBe(', $0.100 spent, $0.400 left')
  expect(asked).toEqual([])
})

test('approves free work without a question', async () => {
  const { context, asked, printed } = terminal([])
  const spending = createWatchSpending(context, undefined)
  expect(await isApproved(spending, planOf('A hill', 'local'))).toBe(true)
  expect([asked, printed, spending.describe(null)]).toEqual([[], [], ''])
})

/** Plans a project with one new picture. */
function planOf(prompt: string, provider = 'openai'): Plan {
  const world = createWorld(
    `version: 1\nprovider: ${provider}\nassets:\n  hill: { prompt: ${prompt}, alt: x }\n`,
  )
  world.lock.assets.clear()
  world.inventory.masters.clear()
  return world.plan()
}

async function isApproved(spending: WatchSpending, plan: Plan): Promise<boolean> {
  try {
    await spending.approve(plan, inUsd)
    return true
  } catch (error) {
    expect(isNotAgreed(error)).toBe(true)
    return false
  }
}

/** A terminal where a person gives these answers; without answers, there is no terminal. */
function terminal(answers: boolean[]): {
  context: CommandContext
  asked: string[]
  printed: string[]
} {
  const asked: string[] = []
  const printed: string[] = []
  const output = {
    paint: (_: string, text: string) => text,
    verbose: false,
    event() {},
    line: (text = '') => void printed.push(text),
    async confirm(question: readonly string[]) {
      if (answers.length > 0) asked.push(question.join(' '))
      return answers.shift()
    },
  }
  const signal = new AbortController().signal
  return { context: { output, signal } as unknown as CommandContext, asked, printed }
}

import { expect, test } from 'vitest'
import type { LimnEvent } from '../../events.ts'
import type { Plan } from '../../plan/plan.ts'
import { createMcpSpending } from './spending.ts'

const planned: LimnEvent = {
  type: 'planned',
  currency: null,
  plan: { steps: [{ kind: 'generate', asset: 'a', usd: 0.3 }] } as unknown as Plan,
}
const progress = (usd: number): LimnEvent => {
  const none = { done: 0, total: 1 }
  return { type: 'progress', progress: { generate: { ...none, inFlight: 1 }, derive: none, usd } }
}

test('counts what a failed run has spent, and what was in flight', async () => {
  const spending = createMcpSpending(1)
  const failing = spending.spend(async ({ onEvent }) => {
    for (const event of [planned, progress(0.2)]) onEvent(event)
    onEvent({ type: 'generating', asset: 'a' })
    throw new Error('disk')
  })
  await expect(failing).rejects.toThrow('disk')
  expect(spending.spentUsd).toBeCloseTo(0.5)
  expect(spending.leftUsd).toBeCloseTo(0.5)
})

test('gives each run what the earlier ones left, one after the other', async () => {
  const spending = createMcpSpending(1)
  const room: number[] = []
  const run = (usd: number): Promise<unknown> =>
    spending.spend(async ({ maxUsd }) => {
      room.push(maxUsd)
      return { usd }
    })
  await Promise.all([run(0.25), run(0.5), run(2), run(0)])
  expect(room).toEqual([1, 0.75, 0.25, 0])
})

test('leaves nothing to spend without a limit', () => {
  expect(createMcpSpending(undefined)).toMatchObject({ capUsd: null, leftUsd: 0 })
})

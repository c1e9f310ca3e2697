import { expect, test } from 'vitest'
import type { HistoryEntry, RequestEntry } from '../../history/entry.ts'
import type { LockEntry } from '../../lock/lock.ts'
import { createCosts } from './read-costs.ts'
import { timeOfRequest } from './request-time.ts'

const request: RequestEntry = {
  kind: 'request',
  id: 'a',
  run: 'r',
  at: '2026-11-30T08:00:00.000Z',
  provider: 'openai',
  asset: 'hero',
  model: 'gpt-image-2',
  operation: 'generate',
  size: '1024x1024',
  quality: 'low',
  pictures: 1,
  retries: 0,
  ms: 12_000,
  usd: 0.5,
  outcome: 'ok',
}

test('sums up what was spent by day, model, asset and profile, and what was saved', () => {
  const entries: HistoryEntry[] = [
    {
      ...request,
      kind: 'sum',
      month: '2026-10',
      requests: 3,
      ok: 3,
      refused: 0,
      pictures: 3,
      usd: 2,
      estimatedUsd: 0,
      unknown: 0,
      timed: 3,
    },
    request,
    { ...request, asset: 'mug', usd: 1, profile: 'preview', at: '2026-11-30T09:00:00.000Z' },
    { ...request, asset: 'logo', usd: 0, pictures: 1, outcome: 'provider/moderation' },
    {
      kind: 'run',
      run: 'r',
      at: request.at,
      ms: 1,
      generated: 2,
      failed: 1,
      usd: 1.5,
      kept: { pictures: 4, usd: 2, unknown: 0 },
      recovered: { pictures: 1, usd: 0.5, unknown: 0 },
    },
  ]
  expect(createCosts(entries, 0.25)).toEqual({
    byDay: [
      { day: '2026-10-01', usd: 2 },
      { day: '2026-11-30', usd: 1.5 },
    ],
    byModel: [{ label: 'gpt-image-2', usd: 3.5, pictures: 5 }],
    byAsset: [
      { label: 'hero', usd: 2.5, pictures: 4 },
      { label: 'mug', usd: 1, pictures: 1 },
    ],
    byProfile: [
      { label: 'none', usd: 2.5, pictures: 4 },
      { label: 'preview', usd: 1, pictures: 1 },
    ],
    saved: { usd: 2.5, pictures: 5 },
    total: 3.5,
    planUsd: 0.25,
  })
  expect(createCosts([], null)).toMatchObject({ byDay: [], byAsset: [], total: 0, planUsd: null })
})

test('finds how long the request of a master took', () => {
  const entryAt = (at: string): LockEntry =>
    ({ request: { operation: 'generate', model: 'gpt-image-2' }, made: { at } }) as never
  const timeOf = (at: string, ...history: RequestEntry[]): number | null =>
    timeOfRequest(history, 'hero', entryAt(at))
  const earlier = { ...request, at: '2026-11-29T08:00:00.000Z', ms: 7000 }
  expect(timeOf('2026-11-30T08:00:12.100Z', earlier, request)).toBe(12_000)
  expect(timeOf('2026-11-29T08:00:07.000Z', earlier, request)).toBe(7000)
  expect(timeOf('2026-11-28T08:00:07.000Z', earlier, request)).toBeNull()
  for (const other of [
    { ...request, asset: 'mug' },
    { ...request, model: 'gpt-image-1' },
    { ...request, outcome: 'provider/server' },
    { ...request, batch: true as const },
  ]) {
    expect(timeOf('2026-11-30T08:00:12.100Z', other)).toBeNull()
  }
})

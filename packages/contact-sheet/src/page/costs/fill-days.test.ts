import { expect, it } from 'vitest'
import { fillDays } from './fill-days.ts'

it('fills the days between, and shows at least two weeks', () => {
  const days = fillDays([
    { day: '2026-03-03', usd: 2 },
    { day: '2026-02-27', usd: 1 },
  ])
  expect(days).toHaveLength(14)
  expect(days[0]).toEqual({ day: '2026-02-18', usd: 0 })
  expect(days.slice(-5)).toEqual([
    { day: '2026-02-27', usd: 1 },
    { day: '2026-02-28', usd: 0 },
    { day: '2026-03-01', usd: 0 },
    { day: '2026-03-02', usd: 0 },
    { day: '2026-03-03', usd: 2 },
  ])
})

it('shows every day of a longer time, and at most the last two years', () => {
  expect(
    fillDays([
      { day: '2026-01-01', usd: 1 },
      { day: '2026-03-01', usd: 1 },
    ]),
  ).toHaveLength(60)
  const long = fillDays([
    { day: '1999-01-01', usd: 1 },
    { day: '2026-03-01', usd: 3 },
  ])
  expect(long).toHaveLength(731)
  expect(long.at(-1)).toEqual({ day: '2026-03-01', usd: 3 })
})

it('has no days without spending, or with days that are none', () => {
  expect(fillDays([])).toEqual([])
  expect(fillDays([{ day: 'soon', usd: 1 }])).toEqual([])
})

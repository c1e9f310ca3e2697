import type { CostsView } from '../../protocol.ts'

const DAY = 86_400_000

/** Longest plot, days. */
const LONGEST = 731

/**
 * Returns every day from the first to the last, those without spending as 0, so that a plot is true
 * to time. At least two weeks, and at most the last two years.
 */
export function fillDays(days: CostsView['byDay']): CostsView['byDay'] {
  const usdByDay = new Map(days.map(({ day, usd }) => [day, usd]))
  const times = days.map(({ day }) => Date.parse(day)).filter((time) => !Number.isNaN(time))
  if (times.length === 0) return []
  const last = times.reduce((a, b) => Math.max(a, b))
  const first = Math.min(
    times.reduce((a, b) => Math.min(a, b)),
    last - 13 * DAY,
  )
  const start = Math.max(first, last - (LONGEST - 1) * DAY)
  return Array.from({ length: Math.round((last - start) / DAY) + 1 }, (_, index) => {
    const day = new Date(start + index * DAY).toISOString().slice(0, 10)
    return { day, usd: usdByDay.get(day) ?? 0 }
  })
}

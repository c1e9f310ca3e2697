import { expect, it } from 'vitest'
import { formatFilters, parseFilters } from './filters-address.ts'
import { noFilters } from './filters.ts'

it.each([
  [{ ...noFilters, query: 'lamp & mug=1' }, '#/?q=lamp+%26+mug%3D1'],
  [{ ...noFilters, sort: 'cost', group: 'none' } as const, '#/?sort=cost&group=none'],
  [
    { ...noFilters, chosen: { ...noFilters.chosen, folder: ['', 'a/b'], status: ['stale'] } },
    '#/?status=stale&folder=&folder=a%2Fb',
  ],
  [
    { ...noFilters, chosen: { ...noFilters.chosen, style: ['水墨'] } },
    '#/?style=%E6%B0%B4%E5%A2%A8',
  ],
])('formats and parses %j', (filters, fragment) => {
  expect(formatFilters(filters)).toBe(fragment)
  expect(parseFilters(fragment)).toEqual(filters)
})

it('has no query without filters', () => {
  expect(formatFilters(noFilters)).toBe('#/')
  expect(formatFilters({ ...noFilters, query: '  ' })).toBe('#/')
})

it.each(['', '#/', '#/costs', '#/asset/a?q=1'])('finds no filters in %j', (fragment) => {
  expect(parseFilters(fragment)).toBeNull()
})

it('ignores what it does not know', () => {
  expect(parseFilters('#/?sort=__proto__&group=x&status=constructor&other=1')).toEqual(noFilters)
})

import { expect, test } from 'vitest'
import { parseDuration, readRateHeaders } from './rate-headers.ts'

test.each([
  ['120ms', 120],
  ['58.891s', 58_891],
  ['1m2.5s', 62_500],
  ['6m0s', 360_000],
  ['1h', 3_600_000],
  ['0s', 0],
])('parses the duration %s as %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '12', 's', '1x', '-1s', '1s later', '1e9s', null, undefined])(
  'parses no duration from %j',
  (text) => {
    expect(parseDuration(text)).toBeUndefined()
  },
)

test('reads both limits, and skips values that are missing or malformed', () => {
  const headers = new Headers({
    'x-ratelimit-limit-images': '5',
    'x-ratelimit-remaining-images': 'many',
    'x-ratelimit-reset-input-images': '120ms',
  })
  expect(readRateHeaders(headers)).toEqual({ images: { limit: 5 }, inputImages: { resetMs: 120 } })
  expect(readRateHeaders(new Headers({ 'x-ratelimit-limit-tokens': '5' }))).toBeUndefined()
  expect(readRateHeaders(undefined)).toBeUndefined()
})

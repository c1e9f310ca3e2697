import { expect, test } from 'vitest'
import { formatBytes, formatDate, formatSeconds } from './format.ts'

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [48_300, '48 kB'],
  [999_499, '999 kB'],
  [999_600, '1 MB'],
  [1_430_000, '1.4 MB'],
  [231_000_000, '231 MB'],
])('formatBytes writes %d bytes as %s', (bytes, expected) => {
  expect(formatBytes(bytes, 'en')).toBe(expected)
})

test('formatDate leaves what is no date', () => {
  expect(formatDate('soon', 'en')).toBe('soon')
  expect(formatDate('2026-11-30T14:05:00Z', 'en')).toMatch(/30 Nov 2026/)
  expect(formatDate('2026-11-30T14:05:00Z', 'zh')).toMatch(/2026年11月30日/)
})

test('formatSeconds keeps a digit of short times', () => {
  expect(formatSeconds(840, 'en')).toBe('0.8')
  expect(formatSeconds(23_400, 'en')).toBe('23')
})

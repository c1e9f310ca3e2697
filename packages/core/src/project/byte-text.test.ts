import { expect, test } from 'vitest'
import { formatGrowth, parseBytes } from './byte-text.ts'

test.each([
  ['0', 0],
  ['500000', 500_000],
  ['200KB', 200_000],
  ['200 kb', 200_000],
  ['1.5MB', 1_500_000],
  ['2GB', 2_000_000_000],
  ['820B', 820],
])('parses %j', (value, bytes) => {
  expect(parseBytes('max-bytes', value)).toBe(bytes)
})

test.each(['', 'many', '-1', '1e9', '10 TB', 'Infinity', '1,5MB', '0x10'])(
  'rejects %j',
  (value) => {
    expect(() => parseBytes('max-bytes', value)).toThrow('--max-bytes requires a number of bytes')
  },
)

test.each([
  [0, '±0 B'],
  [820, '+820 B'],
  [-24_000, '−24 KB'],
  [1_250_000, '+1.3 MB'],
])('formats a growth of %s bytes', (bytes, text) => {
  expect(formatGrowth(bytes)).toBe(text)
})

import { expect, it } from 'vitest'
import { formatDuration } from './duration.ts'

it.each([
  [-500, '0 s', '0 秒'],
  [0, '0 s', '0 秒'],
  [42_400, '42 s', '42 秒'],
  [60_000, '1 min', '1 分'],
  [185_000, '3 min 5 s', '3 分 5 秒'],
  [3_600_000, '1 h', '1 小时'],
  [4_800_000, '1 h 20 min', '1 小时 20 分'],
])('formats %i ms', (ms, english, chinese) => {
  expect(formatDuration(ms, 'en')).toBe(english)
  expect(formatDuration(ms, 'zh')).toBe(chinese)
})

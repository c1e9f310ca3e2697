import { expect, test } from 'vitest'
import { displayWidth, pad, shortenMiddle, widest } from './columns.ts'

test.each([
  ['abc', 3],
  ['灯塔', 4],
  ['ｆｕｌｌ', 8],
  ['é', 1],
  ['e\u0301', 1],
  ['한글', 4],
  ['🦊', 2],
  ['', 0],
])('measures %s as %d cells', (text, cells) => {
  expect(displayWidth(text)).toBe(cells)
  expect(displayWidth(pad(text, 10))).toBe(10)
})

test.each([
  ['product/mug/red', 15, 'product/mug/red'],
  ['product/mug/a-very-long-colour/large', 17, 'product/…ur/large'],
  ['产品/一只很长的杯子/红色', 13, '产品/一…/红色'],
  ['abc', 2, 'a…'],
])('shortens %s to %d cells', (text, width, shown) => {
  expect(shortenMiddle(text, width)).toBe(shown)
  expect(displayWidth(shown)).toBeLessThanOrEqual(width)
})

test('finds the widest text', () => {
  expect(widest(['ab', '灯塔', 'c'])).toBe(4)
  expect(widest([])).toBe(0)
})

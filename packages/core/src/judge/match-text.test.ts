import { expect, test } from 'vitest'
import { showsText } from './match-text.ts'

test.each([
  ['Limn', ['Limn']],
  ['Grand Opening', ['Grand', 'Opening']],
  ['Grand Opening', ['The  Grand\nOpening on Friday']],
  ['Café', ['Cafe\u0301']],
  ['2026', ['© 2026 Limn']],
  ['盛大开业', ['盛大', '开业']],
  ['ยินดีต้อนรับ', ['ยินดี', 'ต้อนรับ']],
  ["It's open", ["It's open"]],
])('finds %j in %j', (expected, seen) => {
  expect(showsText(expected, seen)).toBe(true)
})

test.each([
  ['Limn', []],
  ['Limn', ['Limm']],
  ['Limn', ['limn']],
  ['Limn', ['Limning']],
  ['Limn', ['Limn!']],
  ['Café', ['Cafe']],
  ["It's open", ['It’s open']],
  ['Grand Opening', ['Opening Grand']],
  ['Grand Opening', ['GrandOpening']],
  ['Grand Opening', ['Grand', 'Re-Opening']],
  ['盛大开业', ['盛大', '开张']],
  ['盛大开业', ['不盛大', '开业']],
])('does not find %j in %j', (expected, seen) => {
  expect(showsText(expected, seen)).toBe(false)
})

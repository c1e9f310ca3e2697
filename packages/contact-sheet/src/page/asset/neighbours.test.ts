import { expect, test } from 'vitest'
import { neighboursOf } from './neighbours.ts'

test.each([
  ['b', { previous: 'a', next: 'c', index: 2, total: 3 }],
  ['a', { previous: null, next: 'b', index: 1, total: 3 }],
  ['c', { previous: 'b', next: null, index: 3, total: 3 }],
  ['gone', { previous: null, next: null, index: null, total: 3 }],
])('neighboursOf finds what is beside %s', (name, expected) => {
  expect(neighboursOf(name, ['a', 'b', 'c'])).toEqual(expected)
})

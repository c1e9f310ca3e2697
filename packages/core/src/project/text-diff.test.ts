import { expect, test } from 'vitest'
import { diffLines } from './text-diff.ts'

test.each([
  [
    'a changed line',
    'a\nb\nc\nd\ne\nf\n',
    'a\nb\nc\nd\nX\nf\n',
    '@@ -2,6 +2,6 @@\n b\n c\n d\n-e\n+X\n f\n ',
  ],
  ['a new line at the end', 'a\n', 'a\nb\n', '@@ -1,2 +1,3 @@\n a\n+b\n '],
  ['a removed line', 'a\r\nb\r\nc', 'a\r\nc', '@@ -1,3 +1,2 @@\n a\n-b\n c'],
  ['two changes', '1\n2\n3\n4', 'x\n2\n3\ny', '@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n-4\n+y'],
  ['nothing', 'a', 'a', ''],
])('shows %s', (_, before, after, diff) => {
  expect(diffLines(before, after)).toBe(diff)
})

import { expect, test } from 'vitest'
import { parseLines } from './parse-lines.ts'

const show = (diff: string): string[] =>
  parseLines(diff).map(({ kind, number, text }) => `${kind} ${number ?? '-'} ${text}`)

test.each([
  [
    '--- images.yaml\n+++ images.yaml\n@@ -3,3 +3,3 @@\n hero:\n-  prompt: a\n+  prompt: b\n   outputs: card\n',
    ['same 3 hero:', 'removed 4   prompt: a', 'added 4   prompt: b', 'same 5   outputs: card'],
  ],
  [
    '@@ -1,1 +1,2 @@\n a\n+-- b\n@@ -9 +10 @@\n-x\n\\ No newline at end of file\n+y\n',
    ['same 1 a', 'added 2 -- b', 'gap - ', 'removed 9 x', 'added 10 y'],
  ],
  ['@@ -1 +1 @@\r\n-a\r\n+b\r\n', ['removed 1 a', 'added 1 b']],
  ['', []],
])('parseLines numbers the lines of %j', (diff, expected) => {
  expect(show(diff)).toEqual(expected)
})

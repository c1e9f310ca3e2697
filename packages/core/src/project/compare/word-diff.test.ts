import { expect, test } from 'vitest'
import { diffWords } from './word-diff.ts'

/** Shows a comparison as git does. */
function show(before: string, after: string): string {
  return diffWords(before, after)
    .map(({ kind, text }) =>
      kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `{+${text}+}`,
    )
    .join('')
}

test.each([
  ['a cup', 'a cup', 'a cup'],
  ['', 'a cup', '{+a cup+}'],
  ['a cup', '', '[-a cup-]'],
  ['', '', ''],
  ['a red cup', 'a blue cup', 'a [-red-]{+blue+} cup'],
  ['a cup', 'a red cup', 'a {+red +}cup'],
  ['a cup at dusk', 'a cup at dawn', 'a cup at [-dusk-]{+dawn+}'],
  ['one two three four', 'one 2 three 4', 'one [-two-]{+2+} three [-four-]{+4+}'],
  ['a b c', 'c b a', '[-a b -]c {+b a+}'],
  ['don’t run', 'do run', '[-don’t-]{+do+} run'],
  ['黄昏时的灯塔', '黎明时的灯塔', '[-黄昏-]{+黎明+}时的灯塔'],
  ['<b>x</b>', '<i>x</i>', '<[-b-]{+i+}>x</[-b-]{+i+}>'],
  ['a\nb', 'a b', 'a b'],
  ['cafe\u0301', 'cafe', '[-cafe\u0301-]{+cafe+}'],
])('compares %j with %j', (before, after, expected) => {
  expect(show(before, after)).toBe(expected)
})

test('shows both texts in full, whatever they are', () => {
  const texts = ['a b  c', 'b c\n', ' c  a ', 'x', '\t\u{1F600} b', 'a b c d e f', '']
  for (const before of texts) {
    for (const after of texts) {
      const words = diffWords(before, after)
      const sideOf = (kind: string): string =>
        words
          .flatMap((word) => (word.kind === 'same' || word.kind === kind ? [word.text] : []))
          .join('')
      const compact = (text: string): string => text.replace(/\s+/g, '')
      expect(sideOf('added').trimEnd()).toBe(after.trimEnd())
      expect(compact(sideOf('removed'))).toBe(compact(before))
    }
  }
})

test('takes a long text that has nothing in common for replaced', () => {
  const text = (word: string): string =>
    Array.from({ length: 5000 }, (_, i) => `${word}${i}`).join(' ')
  const words = diffWords(text('a'), text('b'))
  expect(words.map(({ kind }) => kind)).toEqual(['removed', 'added'])
})

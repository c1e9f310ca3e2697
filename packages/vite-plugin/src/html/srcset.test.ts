import { expect, it } from 'vitest'
import { formatSrcset, parseSrcset } from './srcset.ts'

it.each([
  ['a.png', [['a.png', '']]],
  [
    'a.png 1x, b.png 2x',
    [
      ['a.png', '1x'],
      ['b.png', '2x'],
    ],
  ],
  [
    ' a.png 320w ,\n b.png 640w 2h,',
    [
      ['a.png', '320w'],
      ['b.png', '640w 2h'],
    ],
  ],
  [
    'a.png, b.png 2x',
    [
      ['a.png', ''],
      ['b.png', '2x'],
    ],
  ],
  ['data:image/png;base64,AA,BB 1x', [['data:image/png;base64,AA,BB', '1x']]],
  ['', []],
])('parses %j as browsers do', (text, expected) => {
  expect(parseSrcset(text).map(({ url, descriptor }) => [url, descriptor])).toEqual(expected)
})

it('formats what it has parsed', () => {
  expect(formatSrcset(parseSrcset('a.png   320w,b.png'))).toBe('a.png 320w, b.png')
})

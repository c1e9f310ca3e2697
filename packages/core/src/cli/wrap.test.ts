import { expect, test } from 'vitest'
import { wrapLine } from './wrap.ts'

test.each([
  ['a sentence', 'Run the command again to retry.', 20, ['Run the command', '  again to retry.']],
  ['a hint', '  → Use letters and digits only.', 20, ['  → Use letters and', '    digits only.']],
  [
    'a list of two columns',
    '  key   a value of many words',
    22,
    ['  key   a value of', '        many words'],
  ],
  [
    'colours',
    '\u001B[2mone two three\u001B[22m four',
    14,
    ['\u001B[2mone two three\u001B[22m', '  four'],
  ],
  ['wide characters', '灯塔 黎明 大海 港口', 10, ['灯塔 黎明', '  大海', '  港口']],
  [
    'a late column',
    'a name of a picture  with its price',
    24,
    ['a name of a picture', '  with its price'],
  ],
])('breaks %s between words', (_, text, columns, lines) => {
  expect(wrapLine(text, columns).split('\n')).toEqual(lines)
})

test.each([
  ['a line that fits', 'Run `limn plan`.', 16],
  ['a long word', 'https://example.com/a/very/long/path', 20],
  ['a long word after a mark', '  ✓ images/campaigns/winter/header.png', 20],
  ['a line of a source file', '  > 3 | defaults: { modle: gpt-image-2.5-flare }', 20],
  ['the mark below it', '      |             ^^^^^', 20],
])('leaves %s as it is', (_, text, columns) => {
  expect(wrapLine(text, columns)).toBe(text)
})

test.each([
  ['Or `limn generate --max-cost 2`', ['Or', '  `limn generate --max-cost 2`']],
  ['First (`npx limn init`), then more', ['First', '  (`npx limn init`),', '  then more']],
])('keeps a command in one piece: %s', (text, lines) => {
  expect(wrapLine(text, 20).split('\n')).toEqual(lines)
})

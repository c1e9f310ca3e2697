import { expect, test } from 'vitest'
import { formatColour, parseColour } from './parse-colour.ts'

test.each([
  ['#fff', '#ffffff', 1],
  ['#1A2b3C', '#1a2b3c', 1],
  ['#0f08', '#00ff00', 0x88 / 255],
  ['#10203040', '#102030', 0x40 / 255],
])('parses %s', (text, colour, alpha) => {
  const parsed = parseColour(text)!
  expect(formatColour(parsed.red, parsed.green, parsed.blue)).toBe(colour)
  expect(parsed.alpha).toBe(alpha)
})

test.each([
  '',
  '#12',
  '#12345',
  'white',
  '__proto__',
  'rgb(1, 2, 3)',
  ' #fff',
  '#fff\n',
  `#${'f'.repeat(9999)}`,
])('finds no colour in %j', (text) => expect(parseColour(text)).toBeUndefined())

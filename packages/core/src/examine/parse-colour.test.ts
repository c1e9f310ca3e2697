import { expect, test } from 'vitest'
import { formatColour, parseColour } from './parse-colour.ts'

test.each([
  ['#fff', '#ffffff', 1],
  ['#1A2b3C', '#1a2b3c', 1],
  ['#0f08', '#00ff00', 0x88 / 255],
  ['#10203040', '#102030', 0x40 / 255],
  ['white', '#ffffff', 1],
  ['RebeccaPurple', '#663399', 1],
  ['transparent', '#000000', 0],
  ['rgb(1, 2, 3)', '#010203', 1],
  ['rgb(100% 50% 0%)', '#ff8000', 1],
  ['rgba(10,20,30,.5)', '#0a141e', 0.5],
  ['rgb(10 20 30 / 25%)', '#0a141e', 0.25],
  ['rgb(300 -5 0)', '#ff0000', 1],
])('parses %s', (text, colour, alpha) => {
  const parsed = parseColour(text)!
  expect(formatColour(parsed.red, parsed.green, parsed.blue)).toBe(colour)
  expect(parsed.alpha).toBe(alpha)
})

test.each([
  '',
  '#12',
  '#12345',
  'blurple',
  'constructor',
  '__proto__',
  'rgb(1,2)',
  'rgb(a b c)',
  'hsl(1 2 3)',
  `rgb(${' '.repeat(9999)}1`,
])('finds no colour in %j', (text) => expect(parseColour(text)).toBeUndefined())

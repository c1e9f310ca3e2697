import { expect, test } from 'vitest'
import { addAsset } from './add-asset.ts'

const entry = { prompt: 'A lake', alt: 'Lake' }

test.each([
  [
    'a block',
    'version: 1\nassets:\n  a: { prompt: x } # one\n',
    'version: 1\nassets:\n  a: { prompt: x } # one\n  new:\n    prompt: A lake\n    alt: Lake\n',
  ],
  [
    'a block with empty lines, before other keys',
    'assets:\n    a:\n        prompt: x\n\n    b:\n        prompt: y # two\n\n# Limits\nbudget: { run: 1 }\n',
    'assets:\n    a:\n        prompt: x\n\n    b:\n        prompt: y # two\n\n    new:\n        prompt: A lake\n        alt: Lake\n\n# Limits\nbudget: { run: 1 }\n',
  ],
  [
    'no entry yet, and no line break at the end',
    'version: 1\nassets:',
    'version: 1\nassets:\n  new:\n    prompt: A lake\n    alt: Lake',
  ],
  [
    'line breaks of Windows and a byte order mark',
    '\uFEFFassets:\r\n  a: { prompt: x }\r\n',
    '\uFEFFassets:\r\n  a: { prompt: x }\r\n  new:\r\n    prompt: A lake\r\n    alt: Lake\r\n',
  ],
  [
    'empty braces with a comment',
    'assets: {} # none\nbudget: { run: 1 }\n',
    'assets: # none\n  new:\n    prompt: A lake\n    alt: Lake\nbudget: { run: 1 }\n',
  ],
  [
    'a file without `assets`',
    'version: 1 # first\n\n# End\n',
    'version: 1 # first\n\nassets:\n  new:\n    prompt: A lake\n    alt: Lake\n\n# End\n',
  ],
])('adds an asset to %s', (_, before, after) => {
  expect(addAsset(before, 'new', entry)).toBe(after)
})

test.each([
  ['braces', 'assets: { a: { prompt: x } }\n'],
  ['nothing in it', '# Empty\n'],
  ['a comment in its braces', 'assets: { # none\n}\n'],
  ['an alias', 'x: &x { a: { prompt: x } }\nassets: *x\n'],
  ['mistakes', 'assets:\n  a: [\n'],
])('leaves a manifest with %s alone', (_, text) => {
  expect(() => addAsset(text, 'new', entry)).toThrow(/can't add|has mistakes/)
})

test.each([
  ['lists', (before: string) => `[${`*${before}, `.repeat(9)}]`],
  [
    'maps',
    (before: string) => `{ ${Array.from('bcdefghi', (key) => `${key}: *${before}`).join(', ')} }`,
  ],
  [
    'merged maps',
    (before: string) => `{ k: [*${before}, *${before}], l: [*${before}, *${before}] }`,
  ],
])('does not expand the aliases of %s without end', (_, repeat) => {
  const levels = Array.from({ length: 30 }, (__, level) => {
    return `  a${level + 1}: &a${level + 1} ${repeat(`a${level}`)}\n`
  })
  const text = `version: 1\nvars:\n  a0: &a0 [x]\n${levels.join('')}assets: {}\n`
  expect(() => addAsset(text, 'new', entry)).toThrow('The manifest has mistakes.')
})

test('adds an entry to a manifest with many aliases', () => {
  const assets = Array.from({ length: 300 }, (_, index) => `  a${index}: { <<: *base }\n`).join('')
  const text = `base: &base { prompt: x }\nassets:\n${assets}`
  expect(addAsset(text, 'new', entry)).toBe(`${text}  new:\n    prompt: A lake\n    alt: Lake\n`)
})

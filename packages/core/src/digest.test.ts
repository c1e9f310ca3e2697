import { expect, test } from 'vitest'
import {
  canonicalJson,
  compareText,
  digestsOf,
  hasDigest,
  pictureDigest,
  sha256,
} from './digest.ts'

test('returns equal text for equal values in any order of keys', () => {
  expect(canonicalJson({ b: [1, { d: 2, c: null }], a: 'x' })).toBe(
    '{"a":"x","b":[1,{"c":null,"d":2}]}',
  )
  expect(canonicalJson({ a: 'x', b: [1, { c: null, d: 2 }] })).toBe(
    canonicalJson({ b: [1, { d: 2, c: null }], a: 'x' }),
  )
})

test('omits undefined and keeps null', () => {
  expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}')
  expect(canonicalJson(undefined)).toBe('null')
})

test('sorts by code units, independent of the locale', () => {
  expect(canonicalJson({ ä: 1, z: 2, Z: 3, 中: 4, '😀': 5, '｡': 6 })).toBe(
    '{"Z":3,"z":2,"ä":1,"中":4,"😀":5,"｡":6}',
  )
  expect(['b', 'a', 'B', 'ß'].sort(compareText)).toEqual(['B', 'a', 'b', 'ß'])
})

test('returns text that JSON.parse accepts', () => {
  const value = {
    quote: '"',
    line: '\n',
    separator: '\u2028',
    lone: '\uD800',
    nested: { list: [true, false, 1.5, -0] },
  }
  expect(JSON.parse(canonicalJson(value))).toEqual({
    ...value,
    nested: { list: [true, false, 1.5, 0] },
  })
})

test('hashes text as UTF-8', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(sha256('灯塔')).toBe(sha256(new TextEncoder().encode('灯塔')))
})

const square =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4">\n<path d="M0 0h4"/>\n</svg>\n'

test.each([
  ['LF', square],
  ['CRLF', square.replaceAll('\n', '\r\n')],
  ['mixed line endings', square.replace('\n', '\r\n')],
])('records the digest with LF for a text with %s', (_, text) => {
  expect(pictureDigest(Buffer.from(text))).toBe(sha256(square))
  expect(hasDigest(Buffer.from(text), sha256(square))).toBe(true)
})

test.each([
  ['a byte order mark', `\uFEFF${square}`],
  ['a declaration', `<?xml version="1.0"?>\n${square}`],
  ['a lone CR', square.replace('4 4', '4\r4')],
])('accepts the digest of either line ending for a text with %s', (_, text) => {
  const windows = text.replaceAll('\n', '\r\n')
  for (const bytes of [Buffer.from(text), Buffer.from(windows)]) {
    expect(digestsOf(bytes)).toEqual([sha256(text), sha256(windows)])
  }
})

test.each([
  ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ['a GIF', Buffer.from('GIF89a\r\n\r\n')],
  ['a file with a NUL, which git takes for binary', Buffer.from('<svg>\r\n\0</svg>')],
])('has one digest for %s', (_, bytes) => {
  expect(digestsOf(bytes)).toEqual([sha256(bytes)])
})

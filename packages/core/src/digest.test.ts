import { expect, test } from 'vitest'
import { canonicalJson, compareText, sha256 } from './digest.ts'

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

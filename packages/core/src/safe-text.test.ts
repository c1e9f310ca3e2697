import { describe, expect, test } from 'vitest'
import {
  escapeUnprintable,
  redactSecrets,
  removeSecret,
  replaceUnprintable,
  toOneLine,
} from './safe-text.ts'

describe('replaceUnprintable', () => {
  test.each([
    ['escape sequences', 'a\u001B[2Jb\u001B]0;x\u0007', 'a�[2Jb�]0;x�'],
    ['8-bit sequences', '\u009B31m\u009D', '�31m�'],
    ['carriage returns and backspaces', 'ok\rno\b\u007F', 'ok�no��'],
    ['bidi overrides, isolates and marks', '\u202Ea\u2066b\u200F\u061C', '�a�b��'],
    ['line separators', 'a\u2028b\u2029', 'a�b�'],
  ])('replaces %s', (_, text, shown) => {
    expect(replaceUnprintable(text)).toBe(shown)
    expect(text).toHaveLength(shown.length)
  })

  test.each(['two\nlines\tand a tab', 'مرحبا', '灯塔 🏳️‍🌈 👩‍🚀', 'é\u0301ñ', 'a\u00A0b'])(
    'keeps %j',
    (text) => {
      expect(replaceUnprintable(text)).toBe(text)
    },
  )

  test('escapes them in JSON, which keeps its value', () => {
    const value = { prompt: '\u001B[31m \u009B \u202E \n', 'k\u0085': '\u2028' }
    const json = escapeUnprintable(JSON.stringify(value, null, 2))
    expect(replaceUnprintable(json)).toBe(json)
    expect(JSON.parse(json)).toEqual(value)
  })
})

test.each([
  ['a\n✓ all paid', 'a↵✓ all paid'],
  ['a\r\nb\rc', 'a↵b�c'],
  ['\u2028a\u2029b\u0085c\v\f', '�a�b�c��'],
  ['\n\n', '↵↵'],
])('toOneLine shows the line breaks of %j', (text, shown) => {
  expect(toOneLine(text)).toBe(shown)
})

describe('redactSecrets', () => {
  test.each([
    ['a known key', 'x abc-123-def y', ['abc-123-def']],
    ['a key that contains another', 'abc-123-def-456', ['abc-123', 'abc-123-def-456']],
    ['a key by its form', 'key sk-proj-abcdef123', []],
    ['a key that a server masked', 'Incorrect key: sk-abcdef123****wxyz', []],
    ['a bearer token', 'authorization: Bearer eyJhbGciOi.J9', []],
    ['a password in a URL', 'https://user:hunter22@example.com/v1', []],
    ['a key in a query', 'GET https://example.com/v1?key=abc-123-def', []],
    ['a signature of a link', 'https://cdn.example/a.png?X-Sig=eyJ&t=1#hunter22', []],
    ['a query after a port', 'http://[::1]:8080?token=abc-123-def', []],
  ])('redacts %s', (_, text, secrets) => {
    const redacted = redactSecrets(text, secrets)
    expect(redacted).not.toMatch(/abc-123|abcdef123|eyJ|hunter22/)
  })

  test('keeps everything else', () => {
    const text = 'hero: generate (prompt changed) 12 ms, key-visual.webp, https://example.com/v1'
    expect(redactSecrets(text, ['', 'monkey'])).toBe(text)
  })
})

test('removes a key from bytes in each form, and changes no other byte', () => {
  const key = 'sk-test+0123/456=7890'
  const forms = [key, encodeURIComponent(key), Buffer.from(key).toString('base64')]
  const bytes = Buffer.concat([
    Buffer.from([0x89, 0x50, 0xff, 0]),
    Buffer.from(`{"a":"${forms.join('","')}","b64_json":"iVBORw0KGgo"}`),
    Buffer.from([0xfe, 0x80]),
  ])
  const text = Buffer.from(removeSecret(bytes, key)).toString('latin1')
  expect(text).toBe('\x89P\xff\0{"a":"[key]","[key]","[key]","b64_json":"iVBORw0KGgo"}\xfe\x80')
  expect(removeSecret(bytes, 'none-of-them')).toEqual(bytes)
  expect(removeSecret(bytes, 'sk')).toBe(bytes)
})

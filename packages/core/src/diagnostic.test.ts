import { describe, expect, test } from 'vitest'
import {
  escapeUnprintable,
  codeFrame,
  formatDiagnostic,
  hideKeys,
  replaceUnprintable,
} from './diagnostic.ts'

const place = (
  line: number,
  column: number,
  length = 1,
): { file: string; line: number; column: number; length: number } => ({
  file: 'images.yaml',
  line,
  column,
  length,
})

test('shows two lines before, one after, and carets under the place', () => {
  expect(codeFrame('a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n', place(3, 1, 2))).toBe(
    '  1 | a: 1\n  2 | b: 2\n> 3 | c: 3\n    | ^^\n  4 | d: 4',
  )
})

test('aligns line numbers of different length', () => {
  const text = Array.from({ length: 12 }, (_, i) => `k${i + 1}: v`).join('\n')
  expect(codeFrame(text, place(10, 1, 3))).toBe(
    '   8 | k8: v\n   9 | k9: v\n> 10 | k10: v\n     | ^^^\n  11 | k11: v',
  )
})

test('counts a CRLF as one line break', () => {
  expect(codeFrame('a: 1\r\nb: 2\r\n', place(2, 4))).toBe(
    '  1 | a: 1\n> 2 | b: 2\n    |    ^\n  3 |',
  )
})

test('shows a tab as one column, so that the carets are aligned', () => {
  expect(codeFrame('a:\t\tx', place(1, 5))).toBe('> 1 | a:  x\n    |     ^')
})

test('cuts a long line around the place', () => {
  const frame = codeFrame(`prompt: ${'x'.repeat(300)}!${'y'.repeat(300)}`, place(1, 309))
  const [line, carets] = frame.split('\n')
  expect(line!.length).toBeLessThan(112)
  expect(line![carets!.indexOf('^')]).toBe('!')
})

test('keeps the carets within the line and at least one', () => {
  expect(codeFrame('ab', place(1, 1, 50))).toBe('> 1 | ab\n    | ^^')
  expect(codeFrame('', place(1, 1, 5))).toBe('> 1 |\n    | ^')
})

test('prints place, code, message, frame and hint, without those that are absent', () => {
  expect(
    formatDiagnostic({
      code: 'manifest/x',
      severity: 'error',
      message: 'Wrong.',
      place: place(7, 5),
      frame: '> 7 | a',
      hint: 'Mend it.',
    }),
  ).toBe('images.yaml:7:5 error manifest/x\n  Wrong.\n\n  > 7 | a\n\n  → Mend it.')
  expect(
    formatDiagnostic({
      code: 'manifest/x',
      severity: 'warning',
      message: 'Odd.',
      place: place(1, 1),
    }),
  ).toBe('images.yaml:1:1 warning manifest/x\n  Odd.')
})

test('masks API keys in the file, and keeps every place', () => {
  const hidden = hideKeys(
    '  mine: { key: sk-abcdef1234567890, baseURL: https://a.example } # sk-proj-0123456789abc',
  )
  expect(hidden).toBe(
    '  mine: { key: sk-••••••••••••••••, baseURL: https://a.example } # sk-••••••••••••••••••',
  )
  expect(hideKeys('key: 0123456789abcdef0123')).toBe('key: 012•••••••••••••••••')
  for (const text of [
    'key: MY_RELAY_API_KEY',
    'key-visual-summer: { prompt: A sk-iing fox }',
    'alt: a key: to the house',
  ]) {
    expect(hideKeys(text)).toBe(text)
  }
})

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

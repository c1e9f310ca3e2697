import { describe, expect, test } from 'vitest'
import { codeFrame, formatDiagnostic, hideKeys } from './diagnostic.ts'

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

test('shows a line break of a value, which can fake no line', () => {
  const place = { file: 'a\n.yaml', line: 1, column: 2, length: 1 }
  const code = 'manifest/unknown-key'
  const text = formatDiagnostic({
    code,
    severity: 'error',
    message: 'x\n✓ all paid',
    hint: 'y\r\n✓',
    frame: '> 1 | z\n    |  ^',
    place,
  })
  expect(text).toBe(
    'a↵.yaml:1:2 error manifest/unknown-key\n  x↵✓ all paid\n\n  > 1 | z\n      |  ^\n\n  → y↵✓',
  )
})

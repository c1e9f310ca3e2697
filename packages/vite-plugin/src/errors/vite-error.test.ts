import { LimnError, ManifestError } from '@limn/core/for-vite/start'
import type { Logger } from 'vite'
import { expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { toViteError } from './vite-error.ts'

test('replaces control characters in message, path and frame of a mistake', () => {
  const error = new ManifestError([
    {
      code: 'manifest/unknown-key',
      severity: 'error',
      message: 'Unknown key "\u001B]0;x\u0007".',
      hint: 'Remove \u202Eit.',
      place: { file: 'a\u001B.yaml', line: 2, column: 1, length: 3 },
      frame: '> 2 | \u009B31m: 1\n    | ^^^',
    },
  ])
  const { message, ...rest } = toViteError(error, '/site')
  expect(message).toBe('a�.yaml:2:1 Unknown key "�]0;x�". Remove �it.')
  expect(rest).toMatchObject({
    id: '/site/a�.yaml',
    loc: { file: '/site/a�.yaml', line: 2, column: 1 },
    frame: '2 | �31m: 1\n  | ^^^',
  })
})

test('replaces them in failures and in other errors', () => {
  const failure = new LimnError('asset/unknown', 'No "\rx".', { hint: 'Write \u2067y.' })
  expect(toViteError(failure, '/site').message).toBe('No "�x".\nWrite �y.')
  expect(toViteError(new Error('open \u001B[2J'), '/site').message).toBe('open �[2J')
  const plain = new TypeError('plain')
  expect(toViteError(plain, '/site')).toBe(plain)
})

test('replaces them in what is logged', () => {
  const lines: string[] = []
  const add = (line: string): number => lines.push(line)
  const log = createLog(
    {
      info: add,
      warn: add,
      warnOnce: add,
      error: add,
      clearScreen() {},
      hasErrorLogged: () => false,
      hasWarned: false,
    },
    new Set(),
  )
  for (const level of ['info', 'warn', 'warnOnce', 'error'] as const) log[level]('[limn] a\u001Bb')
  expect(lines).toEqual(Array(4).fill('[limn] a�b'))
})

test('lets no value look like a line of its own', () => {
  const stale = new LimnError('plan/stale', '1 picture does not match:\n  hero: new', {
    hint: 'a\nb',
  })
  expect(toViteError(stale, '/site').message).toBe('1 picture does not match:\n  hero: new\na↵b')
  const failed = new LimnError('provider/bad-answer', 'Server: x\r\n✓ all paid', { hint: 'Wait.' })
  expect(toViteError(failed, '/site').message).toBe('Server: x↵✓ all paid\nWait.')
  const lines: string[] = []
  const log = createLog(
    { info: (line: string) => lines.push(line) } as unknown as Logger,
    new Set(),
  )
  log.info('[limn] a\n[limn] all paid')
  expect(lines).toEqual(['[limn] a↵[limn] all paid'])
})

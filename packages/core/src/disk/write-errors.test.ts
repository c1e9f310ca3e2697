import { expect, test } from 'vitest'
import { toWriteError } from './write-errors.ts'

test.each([
  ['EACCES', 'store/read-only'],
  ['EPERM', 'store/read-only'],
  ['EROFS', 'store/read-only'],
  ['ENOSPC', 'store/no-space'],
  ['EDQUOT', 'store/no-space'],
  ['EIO', 'store/failed'],
])('converts %s to %s', (code, expected) => {
  expect(toWriteError(Object.assign(new Error(code), { code }), '/project/x')).toMatchObject({
    code: expected,
    message: expect.stringContaining("/project/x can't be written"),
    hint: expect.any(String),
  })
})

test('returns other errors as they are', () => {
  const bug = new TypeError('bug')
  expect(toWriteError(bug, '/x')).toBe(bug)
})

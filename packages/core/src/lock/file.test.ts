import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { formatLock } from './codec.ts'
import { readLock } from './file.ts'
import { emptyLock } from './lock.ts'

const text = formatLock(emptyLock)

test.each([
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
  ['UTF-8 with a byte order mark and CRLF', Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`)],
  ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
])('reads a lockfile in %s', (_, bytes) => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'images.lock'), bytes)
  expect(readLock(join(folder, 'images.lock'))).toEqual(emptyLock)
})

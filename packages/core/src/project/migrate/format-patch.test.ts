import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { formatPatch } from './format-patch.ts'

test('formats changes that git applies byte for byte', () => {
  const top = mkdtempSync(join(tmpdir(), 'limn-patch-'))
  onTestFinished(() => rmSync(top, { recursive: true, force: true }))
  const root = join(top, 'apps/my site')
  const changes = [
    { path: 'new.yaml', before: null, after: 'a\nb\n' },
    { path: 'src/crlf.js', before: 'a\r\nb\r\nc', after: 'a\r\nB\r\nx\r\nc' },
    { path: 'ünï "q".js', before: 'a\n', after: 'b' },
    { path: 'first.js', before: 'a\nb\nc\nd\ne\nf\n', after: 'A\nb\nc\nd\ne\nF\n' },
    { path: 'end.js', before: 'a\nb', after: 'a\nb\n' },
  ]
  for (const { path, before } of changes) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (before !== null) writeFileSync(join(root, path), before)
  }
  spawnSync('git', ['init', '-q'], { cwd: top })
  const input = formatPatch(root, changes)
  const { stderr } = spawnSync('git', ['apply'], { cwd: top, input, encoding: 'utf8' })
  expect(stderr).toBe('')
  for (const { path, after } of changes) {
    expect(readFileSync(join(root, path), 'utf8'), path).toBe(after)
  }
})

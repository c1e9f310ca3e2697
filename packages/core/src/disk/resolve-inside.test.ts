import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { resolveInside } from './resolve-inside.ts'

function createRoot(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'limn-inside-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const root = join(folder, 'project')
  mkdirSync(join(root, 'real/deep'), { recursive: true })
  mkdirSync(join(folder, 'project-two'))
  return root
}

test('follows links to folders that stay in the project', () => {
  const root = createRoot()
  symlinkSync('real', join(root, 'link'))
  expect(resolveInside(root, join(root, 'a/b/c.png'))).toBe(join(root, 'a/b/c.png'))
  expect(resolveInside(root, join(root, 'link/deep/c.png'))).toBe(join(root, 'real/deep/c.png'))
  expect(resolveInside(root, join(root, 'link/new/c.png'))).toBe(join(root, 'real/new/c.png'))
})

test('does not follow a link at the path itself', () => {
  const root = createRoot()
  symlinkSync('/etc/passwd', join(root, 'c.png'))
  expect(resolveInside(root, join(root, 'c.png'))).toBe(join(root, 'c.png'))
})

test.each([
  ['to a folder outside the project', '..', 'points outside the project'],
  ['to a sibling folder whose name starts alike', '../project-two', 'points outside the project'],
  ['to a missing target', 'gone', 'has no target'],
  ['to itself', 'link', 'has no target'],
])('refuses a folder that is a link %s', (_, target, problem) => {
  const root = createRoot()
  symlinkSync(target, join(root, 'link'))
  for (const path of ['link/c.png', 'link/new/c.png']) {
    expect(() => resolveInside(root, join(root, path))).toThrow(
      expect.objectContaining({
        code: 'store/outside',
        message: `${join(root, path)} can't be written: ${join(root, 'link')} is a link that ${problem}.`,
        hint: expect.any(String),
      }),
    )
  }
})

test('accepts a file in place of a folder, which the write reports', () => {
  const root = createRoot()
  writeFileSync(join(root, 'file'), '')
  expect(resolveInside(root, join(root, 'file/c.png'))).toBe(join(root, 'file/c.png'))
})

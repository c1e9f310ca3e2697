import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFolderCheck } from './folder-check.ts'
import { readToHash } from './read-inside.ts'

/** Creates a root with the folders `a/b`, next to a folder that is none of its business. */
function createRoot(): { root: string; outside: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'limn-check-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [root, outside] = [join(folder, 'project'), join(folder, 'project-private')]
  mkdirSync(join(root, 'a/b'), { recursive: true })
  mkdirSync(join(outside, 'deep'), { recursive: true })
  writeFileSync(join(root, 'a/b/own.txt'), 'own')
  return { root, outside }
}

test('tells what folders are, and checks each once', () => {
  const { root, outside } = createRoot()
  symlinkSync(outside, join(root, 'a/link'))
  symlinkSync('b', join(root, 'a/inner'))
  mkdirSync(join(root, 'a/b/c'))
  const kindOf = createFolderCheck(root)
  expect(['', 'a', 'a/b', 'a/b/c'].map(kindOf)).toEqual(['plain', 'plain', 'plain', 'plain'])
  expect(['a/inner', 'a/inner/c', 'a/../a', 'a/b/..'].map(kindOf)).toEqual([
    'linked',
    'linked',
    'linked',
    'linked',
  ])
  const others = ['a/link', 'a/link/deep', 'gone', 'gone/deep', 'a/b/own.txt', '..', 'a/../..']
  expect(others.map(kindOf)).toEqual(others.map(() => 'none'))
  // What was checked stays: a run sees one state of the project.
  rmSync(join(root, 'a/b'), { recursive: true })
  expect(kindOf('a/b')).toBe('plain')
})

test('checks many folders with one parent', () => {
  const { root, outside } = createRoot()
  const names = Array.from({ length: 50 }, (_, index) => `a/n${index}`)
  for (const name of names) {
    if (name.endsWith('7')) symlinkSync(outside, join(root, name))
    else if (name.endsWith('8')) symlinkSync('b', join(root, name))
    else if (!name.endsWith('9')) mkdirSync(join(root, name))
  }
  const kindOf = createFolderCheck(root)
  const kinds = names.map(kindOf)
  expect(kinds).toEqual(
    names.map((name) => (/[79]$/.test(name) ? 'none' : name.endsWith('8') ? 'linked' : 'plain')),
  )
})

test('reads for a digest in a folder that was checked, and not through a link found by a later check', () => {
  const { root, outside } = createRoot()
  const read = (): string => readToHash(root, 'a/b/own.txt', 10).toString()
  writeFileSync(join(outside, 'own.txt'), 'private')
  expect(createFolderCheck(root)('a/b')).toBe('plain')
  expect([read(), read()]).toEqual(['own', 'own'])
  rmSync(join(root, 'a/b'), { recursive: true })
  symlinkSync(outside, join(root, 'a/b'))
  expect(createFolderCheck(root)('a/b')).toBe('none')
  expect(read).toThrow(expect.objectContaining({ code: 'EOUTSIDE' }))
  rmSync(join(root, 'a/b'))
  mkdirSync(join(root, 'a/b'))
  symlinkSync(join(outside, 'own.txt'), join(root, 'a/b/own.txt'))
  expect(createFolderCheck(root)('a/b')).toBe('plain')
  expect(read).toThrow(expect.objectContaining({ code: 'EOUTSIDE' }))
})

import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  linkInside,
  makeFolder,
  openForAppend,
  removeEmptyFolders,
  removeFolder,
  removeInside,
  removeTree,
  renameInside,
  rootOfState,
  touch,
  writeNewFile,
} from './project-files.ts'
import { removeStaleTemporaryFiles } from './temporary-files.ts'
import { tryWriteFile, writeFileAtomic } from './write-atomic.ts'

/** Creates a root whose folder `link` leads to a folder outside it. */
function createRoot(): { root: string; outside: string; at: (path: string) => string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'limn-files-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [root, outside] = [join(folder, 'project'), join(folder, 'outside')]
  mkdirSync(join(root, 'folder'), { recursive: true })
  mkdirSync(join(outside, 'empty'), { recursive: true })
  writeFileSync(join(root, 'own.txt'), 'own')
  writeFileSync(join(outside, 'secret.txt'), 'secret')
  symlinkSync(outside, join(root, 'link'))
  return { root, outside, at: (path) => join(root, path) }
}

type Change = (root: string, at: (path: string) => string) => Promise<unknown>

test.each<[string, Change]>([
  ['a write', (root, at) => writeFileAtomic(root, at('link/new.txt'), 'x')],
  ['a write in a new folder', (root, at) => writeFileAtomic(root, at('link/a/b.txt'), 'x')],
  ['a new file', (root, at) => writeNewFile(root, at('link/new.txt'), 'x')],
  ['a new folder', (root, at) => makeFolder(root, at('link/new'))],
  ['an append', (root, at) => openForAppend(root, at('link/secret.txt'))],
  ['a rename out of the root', (root, at) => renameInside(root, at('own.txt'), at('link/x'))],
  ['a rename into the root', (root, at) => renameInside(root, at('link/secret.txt'), at('x'))],
  ['a hard link', (root, at) => linkInside(root, at('link/secret.txt'), at('x'))],
  ['a deletion', (root, at) => removeInside(root, at('link/secret.txt'))],
  ['the deletion of a tree', (root, at) => removeTree(root, at('link/empty'))],
  ['the deletion of a folder', (root, at) => removeFolder(root, at('link/empty'))],
  ['a new time', (root, at) => touch(root, at('link/secret.txt'))],
])('refuses %s through a link that leads out of the root', async (_, change) => {
  const { root, outside, at } = createRoot()
  await expect(change(root, at)).rejects.toMatchObject({ code: 'store/outside' })
  expect(readdirSync(outside).sort()).toEqual(['empty', 'secret.txt'])
  expect(readdirSync(root).sort()).toEqual(['folder', 'link', 'own.txt'])
})

test('ignores that files that can be recomputed would be outside', async () => {
  const { root, outside, at } = createRoot()
  tryWriteFile(root, at('link/cache.json'), 'x')
  tryWriteFile(root, at('link/empty/cache.json'), 'x')
  await removeEmptyFolders(root, at('link'), at('link/empty'))
  await removeStaleTemporaryFiles({ root, folders: [at('link')], trees: [root, at('link')] })
  expect(readdirSync(outside).sort()).toEqual(['empty', 'secret.txt'])
  expect(readdirSync(join(outside, 'empty'))).toEqual([])
})

test('finds no stale temporary files behind links', async () => {
  const { root, outside, at } = createRoot()
  const name = '.a.png.0123abcd-12-0.tmp'
  writeFileSync(join(outside, name), 'x')
  execFileSync('touch', ['-d', '3 days ago', join(outside, name)])
  symlinkSync(outside, at('folder/deep'))
  await removeStaleTemporaryFiles({ root, trees: [root] })
  expect(readdirSync(outside)).toContain(name)
})

test('removes a link, a renamed link and a replaced link, but never their target', async () => {
  const { root, outside, at } = createRoot()
  for (const name of ['a', 'b', 'c']) symlinkSync(join(outside, 'secret.txt'), at(name))
  await removeInside(root, at('a'))
  await renameInside(root, at('b'), at('folder/b'))
  await writeFileAtomic(root, at('c'), 'own')
  await removeTree(root, at('link'))
  expect(readdirSync(root).sort()).toEqual(['c', 'folder', 'own.txt'])
  expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('secret')
  expect(readdirSync(outside).sort()).toEqual(['empty', 'secret.txt'])
})

test.skipIf(process.platform === 'win32')('appends to regular files only', async () => {
  const { root, outside, at } = createRoot()
  symlinkSync(join(outside, 'secret.txt'), at('history'))
  execFileSync('mkfifo', [at('fifo')])
  for (const path of ['history', 'fifo']) {
    await expect(openForAppend(root, at(path))).rejects.toMatchObject({
      code: 'store/failed',
      message: `${at(path)} can't be written: it is not a regular file.`,
      hint: expect.any(String),
    })
  }
  const file = await openForAppend(root, at('own.txt'))
  await file.appendFile(' and more')
  await file.close()
  expect(readFileSync(at('own.txt'), 'utf8')).toBe('own and more')
  expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('secret')
})

test.each([
  ['/p/.limn/journal', '/p'],
  ['/p/.limn/drafts/shelf', '/p'],
  ['/home/.limn/p/.limn/batches/x.json', '/home/.limn/p'],
  ['/p/.limn', '/p'],
  ['/tmp/limn-ann-0123', '/tmp'],
  ['/.limn/journal', '/'],
])('finds the folder that %s must stay in', (path, root) => {
  expect(rootOfState(path)).toBe(root)
})

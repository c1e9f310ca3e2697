import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  linkInside,
  makeFolder,
  removeFolder,
  removeInside,
  removeTree,
  renameInside,
  writeNewFile,
} from './project-files.ts'
import { writeFileAtomic } from './write-atomic.ts'
import { guardWrites, requireWritesAllowed, unguarded } from './write-guard.ts'

const lost = (): Promise<void> => Promise.reject(new Error('not the writer'))

function createRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-guard-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'folder'))
  writeFileSync(join(root, 'file'), 'x')
  return root
}

type Change = (root: string) => Promise<unknown>

const changes: Record<string, Change> = {
  'the replacement of a file': (root) => writeFileAtomic(root, join(root, 'file'), 'new'),
  'a new file': (root) => writeNewFile(root, join(root, 'new'), 'x'),
  'a new folder': (root) => makeFolder(root, join(root, 'new')),
  'a rename': (root) => renameInside(root, join(root, 'file'), join(root, 'moved')),
  'a link': (root) => linkInside(root, join(root, 'file'), join(root, 'linked')),
  'the removal of a file': (root) => removeInside(root, join(root, 'file')),
  'the removal of a folder': (root) => removeFolder(root, join(root, 'folder')),
  'the removal of a tree': (root) => removeTree(root, join(root, 'folder')),
}

test.each(Object.entries(changes))('refuses %s once the guard throws', async (_, change) => {
  const root = createRoot()
  await expect(guardWrites(lost, () => change(root))).rejects.toThrow('not the writer')
  expect(readdirSync(root).sort()).toEqual(['file', 'folder'])
  await guardWrites(
    () => Promise.resolve(),
    () => change(root),
  )
})

test('asks again before each write, in timers and in parallel work too', async () => {
  const root = createRoot()
  let [asked, isLost] = [0, false]
  const guard = async (): Promise<void> => {
    asked++
    if (isLost) await lost()
  }
  await guardWrites(guard, async () => {
    await Promise.all(['a', 'b'].map((name) => writeNewFile(root, join(root, name), 'x')))
    isLost = true
    const late = new Promise((resolve, reject) =>
      setTimeout(() => writeNewFile(root, join(root, 'c'), 'x').then(resolve, reject), 1),
    )
    await expect(late).rejects.toThrow('not the writer')
  })
  expect(asked).toBe(3)
  expect(existsSync(join(root, 'c'))).toBe(false)
})

test('lets through what is written in any case, and work outside the guard', async () => {
  const root = createRoot()
  await guardWrites(lost, () => unguarded(() => writeNewFile(root, join(root, 'paid'), 'x')))
  expect(existsSync(join(root, 'paid'))).toBe(true)
  await requireWritesAllowed()
})

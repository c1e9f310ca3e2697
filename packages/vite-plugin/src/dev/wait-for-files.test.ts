import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { waitForContent, waitForGit } from './wait-for-files.ts'

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limn-git-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test.skipIf(process.platform === 'win32').each([
  ['a FIFO', (path: string) => void execFileSync('mkfifo', [path])],
  ['a link to itself', (path: string) => symlinkSync(path, path)],
  ['a link to another file', (path: string) => symlinkSync('/proc/self/environ', path)],
  ['bytes', (path: string) => writeFileSync(path, Buffer.alloc(1000, 0xff))],
])('does not wait for git if .git is %s', async (_, create) => {
  const folder = createFolder()
  create(join(folder, '.git'))
  mkdirSync(join(folder, 'site'))
  await waitForGit(join(folder, 'site'), new AbortController().signal)
})

test('waits for the git folder that the .git of a work tree names', async () => {
  const folder = createFolder()
  mkdirSync(join(folder, 'main/.git/worktrees/x'), { recursive: true })
  mkdirSync(join(folder, 'tree'))
  writeFileSync(join(folder, 'tree/.git'), 'gitdir: ../main/.git/worktrees/x\n')
  const lock = join(folder, 'main/.git/worktrees/x/index.lock')
  writeFileSync(lock, '')
  let isDone = false
  const waiting = waitForGit(join(folder, 'tree'), new AbortController().signal).then(
    () => (isDone = true),
  )
  await Promise.resolve()
  expect(isDone).toBe(false)
  rmSync(lock)
  await waiting
})

test('does not wait for the content of a link to itself', async () => {
  const path = join(createFolder(), 'images.yaml')
  symlinkSync(path, path)
  await waitForContent(path)
})

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readFileHistory, readFolderHistory, readVersion } from './file-history.ts'
import { openRepository, type Repository } from './repository.ts'
import { createRepository } from './testing.ts'

async function open(folder: string): Promise<Repository> {
  const repository = await openRepository(folder)
  onTestFinished(() => repository.objects.close())
  return repository
}

test('lists each content of a file once, the latest first', async () => {
  const { folder, git, write, commit } = createRepository()
  git('config', 'diff.relative', 'true')
  write('site/images/a.png', 'one')
  const first = commit()
  write('site/images/a.png', 'two')
  write('site/images/a b*.png', 'other')
  const second = commit()
  git('rm', '--quiet', 'site/images/a.png')
  write('site/images/a.webp', 'three')
  const third = commit()
  git('rm', '--quiet', 'site/images/a.webp')
  symlinkSync('b.png', join(folder, 'site/images/a.png'))
  commit('A link')
  git('rm', '--quiet', 'site/images/a.png')
  write('site/images/a.png', 'two')
  const last = commit()
  const repository = await open(join(folder, 'site'))
  const list = (...paths: string[]): ReturnType<typeof readFileHistory> =>
    readFileHistory(repository, paths, { commits: 50 })
  const versions = await list('images/a.png', 'images/a.webp')
  const at = '2026-11-30T10:00:00.000Z'
  expect(versions).toMatchObject([
    { commit: last, at, path: 'images/a.png' },
    { commit: third, at, path: 'images/a.webp' },
    { commit: first, at, path: 'images/a.png' },
  ])
  expect(second).toHaveLength(40)
  const contents = await Promise.all(versions.map((each) => readVersion(repository, each, 100)))
  expect(contents.map((each) => each.state === 'read' && String(each.bytes))).toEqual([
    'two',
    'three',
    'one',
  ])
  expect(await list('images/a b*.png')).toHaveLength(1)
  expect(await list('images/*.png', ':(glob)images/*.png', '../images')).toEqual([])
  expect(await readFileHistory(repository, ['images/a.png'], { commits: 1 })).toHaveLength(1)
})

test('lists the versions of a folder by path, as those of each file', async () => {
  const { folder, git, write, commit } = createRepository()
  for (const [index, path] of [
    'a.png',
    'b c.png',
    'deep/ü.webp',
    'a.png',
    'deep/ü.webp',
  ].entries()) {
    write(`site/images/${path}`, `${index}`)
    write('site/other.png', `${index}`)
    write('images/a.png', `${index}`)
    commit()
  }
  git('rm', '--quiet', 'site/images/a.png')
  commit()
  const repository = await open(join(folder, 'site'))
  const all = await readFolderHistory(repository, 'images', { commits: 100 })
  expect([...all].map(([path, versions]) => [path, versions.length])).toEqual([
    ['images/deep/ü.webp', 2],
    ['images/a.png', 2],
    ['images/b c.png', 1],
  ])
  for (const [path, versions] of all) {
    expect(versions, path).toEqual(await readFileHistory(repository, [path], { commits: 100 }))
  }
  expect(await readFolderHistory(repository, 'none', { commits: 100 })).toEqual(new Map())
  expect([...(await readFolderHistory(repository, 'images', { commits: 1 })).values()]).toEqual([])
})

test('lists nothing without a commit', async () => {
  const { folder } = createRepository()
  const repository = await open(folder)
  expect(await readFileHistory(repository, ['a.png'], { commits: 50 })).toEqual([])
  expect(await readFolderHistory(repository, 'images', { commits: 50 })).toEqual(new Map())
})

test('runs no program that the repository names', async () => {
  const { folder, git, write, commit } = createRepository()
  write('.gitattributes', '*.png filter=evil diff=evil\n')
  write('a.png', 'one')
  commit()
  write('a.png', 'two')
  commit()
  const trap = join(folder, 'pwned')
  const program = join(folder, 'trap.sh')
  writeFileSync(program, `#!/bin/sh\ntouch ${trap}\ncat\n`, { mode: 0o755 })
  for (const key of ['core.fsmonitor', 'core.pager', 'diff.external', 'gpg.program', 'pager.log']) {
    git('config', key, program)
  }
  for (const key of ['diff.evil.textconv', 'diff.evil.command', 'filter.evil.smudge']) {
    git('config', key, program)
  }
  git('config', 'log.showSignature', 'true')
  git('config', 'alias.log', `!${program}`)
  mkdirSync(join(folder, '.git/hooks'), { recursive: true })
  const repository = await open(folder)
  const versions = await readFileHistory(repository, ['a.png'], { commits: 50 })
  expect(versions).toHaveLength(2)
  await readVersion(repository, versions[0]!, 100)
  expect(existsSync(trap)).toBe(false)
})

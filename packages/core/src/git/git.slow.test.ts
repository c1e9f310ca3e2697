import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { openObjects } from './objects.ts'
import { readCommitted } from './read-file.ts'
import { findMergeBase, openRepository, type Repository, resolveCommit } from './repository.ts'
import { createRepository } from './testing.ts'
import { readTree } from './tree.ts'

async function open(folder: string): Promise<Repository> {
  const repository = await openRepository(folder)
  onTestFinished(() => repository.objects.close())
  return repository
}

test.each([
  ['main', (first: string) => first],
  ['v1', (first: string) => first],
  ['HEAD~1', (first: string) => first],
  ['main^{commit}', (first: string) => first],
  ['feature/<b>&|@team', (_: string, second: string) => second],
])('resolves %s', async (ref, expected) => {
  const { folder, git, write, commit } = createRepository()
  write('a.txt', '1')
  const first = commit()
  git('tag', '--annotate', '--message', 'x', 'v1')
  git('switch', '--quiet', '--create', 'feature/<b>&|@team')
  write('a.txt', '2')
  const second = commit()
  const repository = await open(folder)
  await expect(resolveCommit(repository, ref)).resolves.toEqual({
    id: expected(first, second),
    at: '2026-11-30T10:00:00.000Z',
  })
})

test.each([
  ['', /branch --all/],
  ['--output=x', /branch --all/],
  ['-h', /branch --all/],
  ['--exec=touch pwned', /branch --all/],
  ['main..HEAD', /two arguments/],
  ['main\nHEAD', /branch --all/],
  ['main\0', /branch --all/],
  ['nowhere', /branch --all/],
  ['HEAD:a.txt', /branch --all/],
  ['$(touch pwned)', /branch --all/],
])('rejects the ref %j', async (ref, hint) => {
  const { folder, write, commit } = createRepository()
  write('a.txt', '1')
  commit()
  await expect(resolveCommit(await open(folder), ref)).rejects.toMatchObject({
    code: 'git/unknown-ref',
    hint: expect.stringMatching(hint),
  })
  expect(['x', 'pwned'].filter((name) => existsSync(join(folder, name)))).toEqual([])
})

test('reads files with any name, in a folder below the top, but no links', async () => {
  const { folder, write, commit } = createRepository()
  const names = ['a b.png', 'é\u4e2d.png', 'x"y\tz.png', '-rf.png', 'deep/er/c.png']
  for (const name of names) write(`site/${name}`, `content of ${name}`)
  write('outside.png', 'no')
  symlinkSync('../outside.png', join(folder, 'site/link.png'))
  commit()
  const repository = await open(join(folder, 'site'))
  expect(repository.prefix).toBe('site/')
  const tree = await readTree(repository, await resolveCommit(repository, 'HEAD'))
  expect([...tree.keys()].sort()).toEqual([...names, 'link.png'].sort())
  for (const path of names) {
    await expect(readCommitted(repository, { tree, path, limit: 1000 })).resolves.toEqual({
      state: 'read',
      bytes: Buffer.from(`content of ${path}`),
    })
  }
  for (const path of ['link.png', 'none.png', '../outside.png']) {
    await expect(readCommitted(repository, { tree, path, limit: 1000 })).resolves.toEqual({
      state: 'absent',
    })
  }
})

test('reads no object above its limit, and the next one afterwards', async () => {
  const { folder, git, write, commit } = createRepository()
  write('big.bin', Buffer.alloc(3_000_000, 7))
  write('small.txt', 'small')
  write('empty.txt', '')
  commit()
  const objects = openObjects(folder)
  onTestFinished(() => objects.close())
  const idOf = (path: string): string => git('rev-parse', `HEAD:${path}`).trim()
  const read = (path: string, limit: number): Promise<unknown> => objects.read(idOf(path), limit)
  const results = await Promise.all([
    read('big.bin', 2_999_999),
    read('small.txt', 5),
    read('small.txt', 4),
    read('big.bin', 3_000_000),
    read('empty.txt', 0),
  ])
  expect(results).toMatchObject([
    { state: 'too-large', bytes: 3_000_000 },
    { state: 'read', bytes: Buffer.from('small') },
    { state: 'too-large', bytes: 5 },
    { state: 'read', bytes: Buffer.alloc(3_000_000, 7) },
    { state: 'read', bytes: Buffer.alloc(0) },
  ])
})

test('reads what Git LFS has downloaded, and reports other pointers', async () => {
  const { folder, write, commit } = createRepository()
  const pointerTo = (digest: string): string =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize 7\n`
  const [there, gone, wrong] = ['picture', 'absent', 'altered'].map((text) => sha256(text))
  for (const [name, digest] of Object.entries({ there, gone, wrong })) {
    write(`${name}.png`, pointerTo(digest!))
  }
  write('annex.png', `/annex/objects/SHA256E-s7--${gone}.png\n`)
  write('empty.png', '')
  commit()
  for (const [digest, text] of [
    [there!, 'picture'],
    [wrong!, 'something else'],
  ] as const) {
    const path = `.git/lfs/objects/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}`
    write(path, text)
  }
  const repository = await open(folder)
  const tree = await readTree(repository, await resolveCommit(repository, 'HEAD'))
  const read = (path: string): Promise<unknown> =>
    readCommitted(repository, { tree, path, limit: 1000 })
  expect(await read('there.png')).toEqual({ state: 'read', bytes: Buffer.from('picture') })
  expect(await read('gone.png')).toEqual({ state: 'pointer', pointer: 'git-lfs', sha256: gone })
  expect(await read('wrong.png')).toEqual({ state: 'pointer', pointer: 'git-lfs', sha256: wrong })
  expect(await read('annex.png')).toEqual({ state: 'pointer', pointer: 'git-annex', sha256: gone })
  expect(await read('empty.png')).toEqual({ state: 'pointer', pointer: 'empty', sha256: '' })
})

test('runs no program that the repository names', async () => {
  const { folder, git, write, commit } = createRepository()
  write('.gitattributes', '*.png filter=evil diff=evil merge=evil\n')
  write('a.png', 'stored')
  const id = commit()
  const trap = join(folder, 'pwned')
  const program = join(folder, 'trap.sh')
  writeFileSync(program, `#!/bin/sh\ntouch ${trap}\ncat\n`, { mode: 0o755 })
  for (const key of [
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'core.askPass',
    'core.editor',
    'core.alternateRefsCommand',
    'diff.external',
    'diff.evil.textconv',
    'diff.evil.command',
    'filter.evil.smudge',
    'filter.evil.clean',
    'filter.evil.process',
    'gpg.program',
    'alias.cat-file',
    'alias.ls-tree',
    'alias.rev-parse',
    'credential.helper',
    'uploadpack.packObjectsHook',
  ]) {
    git('config', key, key.startsWith('alias') ? `!${program}` : program)
  }
  mkdirSync(join(folder, '.git/hooks'), { recursive: true })
  for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction']) {
    writeFileSync(join(folder, '.git/hooks', hook), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 })
  }
  const repository = await open(folder)
  const commitOf = (ref: string): ReturnType<typeof resolveCommit> => resolveCommit(repository, ref)
  const head = await commitOf('HEAD')
  const tree = await readTree(repository, head)
  await findMergeBase(repository, [head, await commitOf(id)])
  await expect(readCommitted(repository, { tree, path: 'a.png', limit: 100 })).resolves.toEqual({
    state: 'read',
    bytes: Buffer.from('stored'),
  })
  expect(existsSync(trap)).toBe(false)
})

test('does not fetch what a partial clone lacks', async () => {
  const origin = createRepository()
  origin.write('a.png', 'picture')
  origin.commit()
  origin.git('config', 'uploadpack.allowFilter', 'true')
  const folder = mkdtempSync(join(tmpdir(), 'limn-git-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const clone = ['clone', '--quiet', '--no-checkout', '--filter=blob:none']
  execFileSync('git', [...clone, `file://${origin.folder}`, folder])
  const trap = join(folder, 'pwned')
  const config = ['config', 'remote.origin.uploadpack', `touch ${trap}; git-upload-pack`]
  execFileSync('git', config, { cwd: folder })
  const repository = await open(folder)
  const tree = await readTree(repository, await resolveCommit(repository, 'HEAD'))
  const content = await readCommitted(repository, { tree, path: 'a.png', limit: 100 })
  expect(content).toEqual({ state: 'missing' })
  expect(existsSync(trap)).toBe(false)
})

test('finds where a branch started', async () => {
  const { folder, git, commit } = createRepository()
  const start = commit()
  git('switch', '--quiet', '--create', 'branch')
  commit('On the branch')
  git('switch', '--quiet', 'main')
  commit('On main')
  git('switch', '--quiet', '--orphan', 'other')
  commit('Unrelated')
  const repository = await open(folder)
  const [main, branch, other] = await Promise.all(
    ['main', 'branch', 'other'].map((ref) => resolveCommit(repository, ref)),
  )
  expect(await findMergeBase(repository, [main!, branch!])).toMatchObject({ id: start })
  expect(await findMergeBase(repository, [main!, main!])).toEqual(main)
  expect(await findMergeBase(repository, [main!, other!])).toBeUndefined()
})

test('says what a shallow clone lacks', async () => {
  const origin = createRepository()
  origin.commit()
  origin.git('switch', '--quiet', '--create', 'branch')
  origin.commit('On the branch')
  origin.git('switch', '--quiet', 'main')
  origin.commit('On main')
  const folder = mkdtempSync(join(tmpdir(), 'limn-git-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const clone = ['clone', '--quiet', '--depth=1', '--no-single-branch']
  execFileSync('git', [...clone, `file://${origin.folder}`, folder])
  const repository = await open(folder)
  expect(repository.isShallow).toBe(true)
  const unknown = expect.stringMatching(/shallow.*fetch-depth: 0/)
  await expect(resolveCommit(repository, 'HEAD~1')).rejects.toMatchObject({ hint: unknown })
  const [main, branch] = await Promise.all(
    ['origin/main', 'origin/branch'].map((ref) => resolveCommit(repository, ref)),
  )
  await expect(findMergeBase(repository, [main!, branch!])).rejects.toMatchObject({
    code: 'git/shallow',
    hint: expect.stringMatching(/fetch-depth: 0/),
  })
})

test('reports a folder without a repository, and one without commits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-git-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await expect(openRepository(folder)).rejects.toMatchObject({ code: 'git/no-repository' })
  const empty = createRepository()
  const repository = await open(empty.folder)
  await expect(resolveCommit(repository, 'HEAD')).rejects.toMatchObject({ code: 'git/unknown-ref' })
})

test.each([
  ['a file of text', 'hello'],
  ['a file that names a repository', 'gitdir: /tmp/other\n'],
  ['nothing', undefined],
])('reads no .git that is a link to %s', async (_, content) => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-git-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'project/site'), { recursive: true })
  const outside = join(folder, 'outside.txt')
  if (content !== undefined) writeFileSync(outside, content)
  symlinkSync('../outside.txt', join(folder, 'project/.git'))
  for (const path of ['project', 'project/site']) {
    await expect(openRepository(join(folder, path))).rejects.toMatchObject({
      code: 'git/no-repository',
      message: `${join(folder, 'project/.git')} is a link to a file, not a repository.`,
    })
  }
})

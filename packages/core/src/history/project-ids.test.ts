import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectIds, storedIdOf, storedIdPath } from './project-ids.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'limn-ids-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const idsOf = (root: string): string[] =>
  projectIds({ root, state: join(root, '.limn'), manifest: join(root, 'images.yaml') })
const isSame = (a: string, b: string): boolean => {
  const ids = idsOf(a)
  return idsOf(b).some((id) => ids.includes(id))
}

/** Creates a repository with a commit, whose manifest is its own. */
function repository(name: string): string {
  const root = join(folder(), name)
  mkdirSync(join(root, 'site'), { recursive: true })
  writeFileSync(join(root, 'images.yaml'), root)
  writeFileSync(join(root, 'site/images.yaml'), `site of ${root}`)
  git(root, 'init', '-q')
  git(root, 'add', '.')
  git(root, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'Add a site')
  return root
}
const git = (cwd: string, ...args: string[]): void => void execFileSync('git', args, { cwd })
/** Changes the manifest, so that only git says what a project is. */
const edit = (root: string): void => writeFileSync(join(root, 'images.yaml'), `edited ${root}`)

test('recognizes worktrees and clones of clones, and a folder below', () => {
  const root = repository('site')
  git(root, 'worktree', 'add', '-q', '../tree')
  git(root, 'clone', '-q', root, '../clone')
  git(root, 'clone', '-q', '../clone', '../again')
  git(root, 'clone', '-q', '--bare', root, '../bare')
  git(root, 'clone', '-q', `file://${join(root, '../bare')}`, '../of-bare')
  for (const name of ['tree', 'clone', 'again', 'of-bare']) {
    const copy = join(root, '..', name)
    edit(copy)
    writeFileSync(join(copy, 'site/images.yaml'), `edited ${name}`)
    expect(isSame(root, copy), name).toBe(true)
    expect(isSame(join(root, 'site'), join(copy, 'site')), name).toBe(true)
    expect(isSame(root, join(copy, 'site')), name).toBe(false)
  }
})

test('recognizes clones of one remote however its URL is written', () => {
  const roots = [
    'https://github.com/me/site.git',
    'git@github.com:me/site',
    'ssh://git@github.com/me/site.git/',
    'https://token@GitHub.com/me/site',
  ].map((url) => {
    const root = repository('copy')
    git(root, 'remote', 'add', 'origin', url)
    return root
  })
  for (const root of roots.slice(1)) expect(isSame(roots[0]!, root)).toBe(true)
  const other = repository('other')
  git(other, 'remote', 'add', 'origin', 'https://github.com/me/other')
  expect(isSame(roots[0]!, other)).toBe(false)
})

test('recognizes copies of a folder without git, by the stored id once there is one', () => {
  const root = folder()
  writeFileSync(join(root, 'images.yaml'), 'version: 1')
  const early = folder()
  cpSync(root, early, { recursive: true })
  expect(isSame(root, early)).toBe(true)

  mkdirSync(join(root, '.limn'))
  const state = join(root, '.limn')
  writeFileSync(
    storedIdPath(state),
    storedIdOf({ root, state, manifest: join(root, 'images.yaml') }),
  )
  edit(root)
  const late = folder()
  cpSync(root, late, { recursive: true })
  edit(late)
  expect([isSame(root, early), isSame(root, late)]).toEqual([true, true])
})

test('tells projects apart that have nothing in common, and survives what is no repository', () => {
  const [a, b] = [repository('a'), repository('b')]
  expect(isSame(a, b)).toBe(false)
  const broken = folder()
  writeFileSync(join(broken, '.git'), 'gitdir: /nowhere\n')
  mkdirSync(join(broken, 'images.yaml'))
  expect(idsOf(broken)).toHaveLength(1)
})

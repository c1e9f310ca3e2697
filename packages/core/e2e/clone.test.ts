import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest, stepsOf } from './test-project.ts'

const manifest = { hero: 'A lighthouse', team: 'Four people' }

test('only derives in a fresh clone without a cache, and passes the check', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(manifest) },
    server: true,
  })
  await project.generate()
  const lock = project.text('images.lock')
  rmSync(join(project.root, 'node_modules'), { recursive: true })
  rmSync(join(project.root, '.limn'), { recursive: true })

  expect(await project.cli(['check'])).toMatchObject({ code: 0 })
  const plan = await project.plan()
  expect(stepsOf(plan)).toEqual(['derive hero', 'derive team'])
  expect(plan.usd).toBe(0)
  expect(await project.generate()).toMatchObject({ requested: [], derived: 2, generated: 0 })
  expect(project.text('images.lock')).toBe(lock)
})

test('leaves Git only the pictures and the lockfile to commit, without any .gitignore', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(manifest, 'provider: local') },
  })
  await project.plan()
  await project.generate()
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: project.root, encoding: 'utf8' })
  git('init', '--quiet')
  expect(git('ls-files', '--others', '--exclude-standard').trim().split('\n').sort()).toEqual([
    'images.lock',
    'images.yaml',
    'images/hero.png',
    'images/team.png',
  ])
})

test('finds pictures in a clone whose names are in the other Unicode form', async () => {
  const logo = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>'
  const project = await createTestProject({
    files: {
      'images.yaml': `${smallManifest({ 'menü/café': 'A cup' })}  größe: { source: ./größe.svg, alt: Size }\n`,
      'größe.svg': logo,
    },
    server: true,
  })
  await project.generate()
  const lock = project.text('images.lock')
  for (const [folder, name] of [
    ['images/menü', 'café.png'],
    ['images', 'menü'],
    ['.', 'größe.svg'],
  ] as const) {
    const inFolder = join(project.root, folder)
    renameSync(join(inFolder, name), join(inFolder, name.normalize('NFD')))
  }
  expect(stepsOf(await project.plan())).toEqual([])
  expect(await project.cli(['check'])).toMatchObject({ code: 0 })
  rmSync(join(project.root, 'node_modules'), { recursive: true })
  expect(await project.generate()).toMatchObject({ requested: [], generated: 0 })
  expect(project.text('images.lock')).toBe(lock)
})

test('derives the out folder again from the masters, byte for byte', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(manifest, 'provider: openai\nout: public/img') },
    server: true,
  })
  await project.generate()
  const before = project.bytes('public/img/hero/s.webp')
  const lock = project.text('images.lock')
  rmSync(join(project.root, 'public'), { recursive: true })
  rmSync(join(project.root, 'node_modules'), { recursive: true })
  expect(await project.generate()).toMatchObject({ requested: [], derived: 2 })
  expect(project.bytes('public/img/hero/s.webp').equals(before)).toBe(true)
  expect(project.text('images.lock')).toBe(lock)
})

test('repairs a changed file of the out folder, and check reports it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(manifest, 'provider: openai\nout: public/img') },
    server: true,
  })
  await project.generate()
  const before = project.bytes('public/img/hero/s.webp')
  project.write('public/img/hero/s.webp', 'altered')
  expect(await project.cli(['check'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('✗ hero  outputs: s.webp altered'),
  })
  await project.generate()
  expect(project.bytes('public/img/hero/s.webp').equals(before)).toBe(true)
})

test('fails the check if a master is one byte short, and names the master', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(manifest) },
    server: true,
  })
  await project.generate()
  const path = join(project.root, 'images/team.png')
  truncateSync(path, project.bytes('images/team.png').length - 1)
  const { code, stderr } = await project.cli(['check'])
  expect(code).toBe(1)
  expect(stderr).toContain('✗ team  ')
  expect(stderr).not.toContain('✗ hero')
})

test('fails the check if a master or an asset is missing, and writes nothing', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(manifest) },
    server: true,
  })
  await project.generate()
  rmSync(join(project.root, 'images/team.png'))
  project.edit('assets:\n', 'assets:\n  new: { prompt: New, alt: New }\n')
  const before = project.list()
  const { code, stderr } = await project.cli(['check'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/✗ new {3}new\n/)
  expect(stderr).toMatch(/✗ team {2}master missing \(git can restore it\)\n/)
  expect(project.list()).toEqual(before)
})

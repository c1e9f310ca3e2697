import { execFile, execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { CliResult } from '../cli-process.ts'
import { createTestProject, smallManifest, type TestProject } from '../test-project.ts'

/*
 * A repo may come from anybody, with links, FIFOs and a lockfile made to harm. Nothing outside the
 * project is read, written, moved or deleted, and no command hangs.
 */

const withOut = 'provider: openai\nout: public'

/** Creates a folder outside every project, with files that a command might take for its own. */
function createOutside(): { outside: string; expectUntouched: () => void } {
  const outside = mkdtempSync(join(tmpdir(), 'limn-victim-'))
  onTestFinished(() => rmSync(outside, { recursive: true }))
  const names = ['s.webp', 'hero.png', 'notes.txt', 'old/s.webp', 'deep/hero.png']
  for (const path of names) {
    mkdirSync(dirname(join(outside, path)), { recursive: true })
    writeFileSync(join(outside, path), `private ${path}`)
  }
  const contents = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(outside, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map(({ parentPath, name }) => [
          join(parentPath, name),
          readFileSync(join(parentPath, name), 'utf8'),
        ]),
    )
  const before = contents()
  return { outside, expectUntouched: () => expect(contents()).toEqual(before) }
}

/** Replaces a path of the project by a link. */
function replaceByLink({ root }: TestProject, path: string, target: string): void {
  rmSync(join(root, path), { recursive: true, force: true })
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(target, join(root, path))
}

async function createDone(): Promise<TestProject> {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A red hill', old: 'A lake' }, withOut) },
    server: true,
  })
  await project.generate()
  return project
}

const commands = [
  ['plan'],
  ['check'],
  ['list'],
  ['generate', '--yes'],
  ['generate', '--yes', '--force', 'hero'],
  ['mv', 'hero', 'start'],
  ['adopt', 'start'],
  ['pin', 'start'],
  ['prune'],
  ['doctor'],
]

test.each([
  '.limn',
  '.limn/journal',
  '.limn/shelf',
  '.limn/replaced',
  '.limn/candidates',
  '.limn/batches',
  '.limn/drafts',
  '.limn/writer.lock',
  '.limn/writer.died',
  'node_modules',
  'node_modules/.cache',
  'node_modules/.cache/limn',
  'node_modules/.cache/limn/outputs',
  'images',
  'public',
  'public/hero',
  'public/old',
  'public/start',
])('touches nothing outside if %s is a link that leads out', async (path) => {
  const project = await createDone()
  const { outside, expectUntouched } = createOutside()
  project.edit('  old:\n    prompt: A lake\n    alt: old\n', '')
  replaceByLink(project, path, outside)
  for (const command of commands) {
    const { code, stderr } = await project.cli(command)
    expect(code, command.join(' ')).toBeLessThan(2)
    expect(stderr, command.join(' ')).not.toContain('    at ')
    expectUntouched()
  }
})

test.each([
  ['images.yaml', 'notes.txt'],
  ['images.lock', 'notes.txt'],
  ['.limn/history.jsonl', 'notes.txt'],
  ['.limn/.gitignore', 'notes.txt'],
  ['images/hero.png', 'hero.png'],
  ['public/hero/s.webp', 's.webp'],
  ['node_modules/.cache/limn/digests.json', 'notes.txt'],
  ['node_modules/.cache/limn/images.yaml.plan.json', 'notes.txt'],
])('touches nothing outside if %s is a link to a file outside', async (path, target) => {
  const project = await createDone()
  const { outside, expectUntouched } = createOutside()
  replaceByLink(project, path, join(outside, target))
  for (const command of commands) {
    const { stdout, stderr } = await project.cli(command)
    expect(stdout + stderr, command.join(' ')).not.toMatch(/private|    at /)
    expectUntouched()
  }
})

test('adopts, cuts and sends no private picture through a link', async () => {
  const project = await createDone()
  const { outside } = createOutside()
  const picture = project.bytes('images/old.png')
  writeFileSync(join(outside, 'hero.png'), picture)
  replaceByLink(project, 'images', outside)
  expect(await project.cli(['adopt', 'hero'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no images/hero.png to adopt'),
  })
  rmSync(join(project.root, 'images'))
  replaceByLink(project, 'images/hero.png', join(outside, 'hero.png'))
  expect(await project.cli(['adopt', 'hero'])).toMatchObject({ code: 1 })
  project.write(
    'images.yaml',
    'version: 1\nprovider: openai\nassets:\n  a: { source: hero.png, alt: a }\n',
  )
  replaceByLink(project, 'hero.png', join(outside, 'hero.png'))
  expect(await project.cli(['generate', '--yes'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no file hero.png inside the project.'),
  })
})

test('deletes only the files that it wrote, and reports the others', async () => {
  const project = await createDone()
  const master = project.bytes('images/old.png')
  project.edit('  old:\n    prompt: A lake\n    alt: old\n', '')
  project.write('public/old/s.webp', 'a person’s own file')
  expect((await project.cli(['prune', '--dry-run'])).stdout).toContain(
    '  - images/old.png\n  ! public/old/s.webp differs from the lockfile: kept\n',
  )
  expect(await project.cli(['prune'])).toEqual({
    code: 0,
    stdout:
      '  - images/old.png\n  ! public/old/s.webp differs from the lockfile: kept\n\nRemoved 1 file and 1 asset from the lockfile; masters are kept in .limn/replaced.\n',
    stderr: '',
  })
  expect(project.text('public/old/s.webp')).toBe('a person’s own file')
  const [kept] = project.list('.limn/replaced/old')
  expect(project.bytes(kept!).equals(master)).toBe(true)
  await project.expectUpToDate()
})

test('keeps a master that a person edited', async () => {
  const project = await createDone()
  project.edit('  old:\n    prompt: A lake\n    alt: old\n', '')
  project.write('images/old.png', project.bytes('images/hero.png'))
  expect(
    JSON.parse(`[${(await project.cli(['prune', '--json'])).stdout.trim().replaceAll('\n', ',')}]`),
  ).toEqual([
    { type: 'removed', path: 'public/old/s.webp', version: 1 },
    { type: 'kept', path: 'images/old.png' },
    { type: 'pruned', assets: ['old'], files: 1 },
  ])
  expect(project.has('images/old.png')).toBe(true)
})

test('moves only the outputs that it wrote, over no other file', async () => {
  const project = await createDone()
  const own = project.bytes('public/old/s.webp')
  project.write('public/hero/s.webp', 'a person’s own file')
  project.write('public/lake/s.webp', 'another own file')
  await project.cli(['mv', 'hero', 'start'])
  await project.cli(['mv', 'old', 'lake'])
  expect(project.text('public/hero/s.webp')).toBe('a person’s own file')
  expect(project.text('public/lake/s.webp')).toBe('another own file')
  expect(project.bytes('public/old/s.webp').equals(own)).toBe(true)
})

test
  .skipIf(process.platform === 'win32')
  .each([
    'images.yaml',
    'images.lock',
    '.env',
    'images/hero.png',
    'public/hero/s.webp',
    '.limn/history.jsonl',
    '.limn/journal/0123.picture',
    '.limn/shelf/0123.json',
    '.limn/batches/x.json',
    '.limn/writer.lock/0123',
    'node_modules/.cache/limn/digests.json',
    'node_modules/.cache/limn/images.yaml.plan.json',
    'node_modules/.cache/limn/images.yaml.stamps',
  ])('does not wait for a FIFO in place of %s', async (path) => {
  const project = await createDone()
  rmSync(join(project.root, path), { force: true })
  mkdirSync(dirname(join(project.root, path)), { recursive: true })
  execFileSync('mkfifo', [join(project.root, path)])
  const printed = await runCommands(project, [['plan'], ['check'], ['list'], ['doctor']])
  expect(printed.map(({ args: [name] }) => name)).toEqual(['plan', 'check', 'list', 'doctor'])
  for (const { args, stderr } of printed) expect(stderr, args.join(' ')).not.toContain('    at ')
})

/**
 * Runs commands in a process that is ended if it hangs: nothing else ends a wait for a FIFO. The
 * server of the project, which is in this process, keeps answering.
 */
async function runCommands(
  { root, env }: TestProject,
  commands: readonly string[][],
): Promise<(CliResult & { args: string[] })[]> {
  const script = new URL('run-commands.ts', import.meta.url).pathname
  const args = [script, JSON.stringify(commands)]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const lines = stdout.trim().split('\n')
  return lines.map((line) => JSON.parse(line) as CliResult & { args: string[] })
}

test('keeps its cache in the project if node_modules is a link that leads out', async () => {
  const { outside, expectUntouched } = createOutside()
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A red hill' }) },
    server: true,
  })
  symlinkSync(outside, join(project.root, 'node_modules'))
  expect(await project.cli(['generate', '--yes'])).toMatchObject({ code: 0, stderr: '' })
  expect((await project.cli(['plan'])).stdout).toBe('Nothing to do: 1 picture is up to date.\n')
  expect(await project.cli(['check'])).toMatchObject({ code: 0 })
  expect(project.list('.limn/cache/outputs')).toHaveLength(1)
  expectUntouched()
})

test.each(['.env', '.env.local'])(
  'says why it does not read %s, a link that leads out',
  async (name) => {
    const { outside } = createOutside()
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest({ hero: 'A hill' }, 'provider: local') },
    })
    writeFileSync(join(outside, 'notes.txt'), 'SHOP_API_KEY=private\n')
    symlinkSync(join(outside, 'notes.txt'), join(project.root, name))
    const message = `Limn does not read ${name}: a part of its path is a link that leads out of the project. Set its variables in the environment, or replace ${name} with a file that Limn can read.`
    for (const command of [['plan'], ['generate'], ['plan']]) {
      expect((await project.cli(command)).stderr).toBe(`${message}\n`)
    }
    expect((await project.cli(['plan', '--json'])).stdout).toContain(
      JSON.stringify({ type: 'ignored', file: join(project.root, name), message, version: 1 }),
    )
    rmSync(join(project.root, name))
    mkdirSync(join(project.root, name))
    expect((await project.cli(['plan'])).stderr).toBe('')
    project.write('own.env', 'X=1')
    rmSync(join(project.root, name), { recursive: true })
    symlinkSync('own.env', join(project.root, name))
    expect((await project.cli(['plan'])).stderr).toBe('')
  },
)

test('says what to do about a manifest that is a link that leads out', async () => {
  const { outside } = createOutside()
  const project = await createTestProject()
  symlinkSync(join(outside, 'notes.txt'), join(project.root, 'images.yaml'))
  expect((await project.cli(['plan'])).stderr).toContain(
    "images.yaml can't be read: a part of its path is a link that leads out of the project.\n  → Replace the link with the file itself, or pass the file that it leads to with -m.",
  )
})

test.each(['limn.config.ts', 'limn.config.js'])('runs no %s outside the project', async (name) => {
  const { outside } = createOutside()
  const project = await createTestProject({
    files: {
      'images.yaml':
        'version: 1\nprovider: mine\nproviders: { mine: { server: ai-sdk, models: { m: { price: 0 } } } }\ndefaults: { model: m }\nassets: { hero: { prompt: A sea, alt: x } }\n',
    },
    trust: 'limn.config.ts',
  })
  const trace = join(project.root, 'ran.txt')
  writeFileSync(
    join(outside, 'own.mjs'),
    `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(trace)}, '')\nexport default {}\n`,
  )
  symlinkSync(join(outside, 'own.mjs'), join(project.root, name))
  expect((await project.cli(['generate', '--yes'])).stderr).toContain(
    `${name} can't be read: a part of its path is a link that leads out of the project.`,
  )
  expect(project.has('ran.txt')).toBe(false)
})

test.each(['images', 'public', '.limn/shelf'])(
  'writes nothing outside if %s becomes a link while a picture is requested',
  async (path) => {
    const { outside, expectUntouched } = createOutside()
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest({ hero: 'A red hill' }, withOut) },
      server: true,
    })
    await project.generate()
    project.edit('A red hill', 'A green hill')
    let isPlanted = false
    project.server.answer(() => {
      if (!isPlanted) replaceByLink(project, path, outside)
      isPlanted = true
      return undefined
    })
    const { stderr } = await project.cli(['generate', '--yes'])
    expect(stderr).not.toContain('    at ')
    expectUntouched()
    rmSync(join(project.root, path))
    const requests = project.server.requests.length
    await project.cli(['generate', '--yes'])
    expect(project.server.requests, 'the picture is not paid for twice').toHaveLength(requests)
    await project.expectUpToDate()
  },
)

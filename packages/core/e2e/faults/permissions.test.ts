import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { plainUser, type User } from '../plain-user.ts'
import { testPermissions, whyNoPermissions } from '../test-permissions.ts'
import {
  type CliProcess,
  createTestProject,
  smallManifest,
  type TestProject,
} from '../test-project.ts'
import { leftOver } from './many.ts'

const two = smallManifest({ hero: 'A hill', 'deep/lake': 'A lake' })
const withOut = two.replace('provider: openai', 'provider: openai\nout: public')

// Another user has no share in Node's own cache of compiled code.
const compiled = mkdtempSync(join(tmpdir(), 'limn-compiled-'))
chmodSync(compiled, 0o777)
afterAll(() => rmSync(compiled, { recursive: true }))

/** A project of a user whom permissions bind. */
function open(manifest = two, user: User | undefined = plainUser): Promise<TestProject> {
  return createTestProject({
    files: { 'images.yaml': manifest },
    server: true,
    user,
    env: { NODE_COMPILE_CACHE: compiled },
  })
}

/** Two pictures, made and paid for. */
async function openDone(manifest = two): Promise<TestProject> {
  const project = await open(manifest)
  await project.generate()
  return project
}

/**
 * Asserts that all is well once it is mended: two pictures were paid for once each, and nothing is
 * left over.
 */
async function expectWell({ generate, server, root }: TestProject): Promise<void> {
  expect(await generate()).toMatchObject({ failed: [] })
  expect(server.requests).toHaveLength(2)
  expect(leftOver(root)).toEqual([])
}

/** Gives a path another mode. @returns what takes it back */
function setMode({ root }: TestProject, path: string, mode: number): () => void {
  const file = join(root, path)
  const before = statSync(file).mode
  const mend = (): void => chmodSync(file, before)
  // Only root takes away what may not be written.
  onTestFinished(mend)
  chmodSync(file, mode)
  return mend
}

/**
 * Begins a run whose answers the server holds back until they are released, once so many are asked
 * for.
 */
async function startHeld(
  project: TestProject,
  requests: number,
): Promise<{ run: CliProcess; release: () => void }> {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  project.server.answer(() => ({ kind: 'hold', until: held }))
  const run = project.start(['generate'])
  await expect.poll(() => project.server.inFlight, { timeout: 60_000 }).toBe(requests)
  return { run, release }
}

/** Every file and folder but what the cache holds. */
function everything({ root }: TestProject): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('node_modules'))
    .sort()
}

testPermissions(
  'asks for nothing where a folder that it needs can’t be written, and says so once',
  async () => {
    const project = await open(withOut)
    for (const [folder, shown = folder] of [
      [''],
      ['.limn', '.limn/journal'],
      ['.limn/journal'],
      ['images'],
      ['public'],
    ] as [string, string?][]) {
      mkdirSync(join(project.root, folder), { recursive: true })
      const mend = setMode(project, folder, 0o555)
      const before = everything(project)
      expect(await project.cli(['generate'])).toEqual({
        code: 1,
        stdout: '',
        stderr: `Error: ${join(project.root, shown)} can't be written: permission denied.\n  → Make it writable, then run the command again: nothing was asked for.\n`,
      })
      expect(everything(project)).toEqual(before)
      expect(project.server.requests).toEqual([])
      mend()
    }
    await expectWell(project)
  },
)

testPermissions(
  'plans and checks where nothing can be written, and tells of all else in one sentence',
  async () => {
    const project = await openDone()
    const folders = [
      '',
      ...everything(project).filter((path) => statSync(join(project.root, path)).isDirectory()),
      'node_modules/.cache/limn',
    ]
    const mends = folders.map((folder) => setMode(project, folder, 0o555))
    const before = everything(project)
    for (const command of ['plan', 'check', 'generate']) {
      expect(await project.cli([command]), command).toMatchObject({ code: 0, stderr: '' })
    }
    for (const args of [
      ['plan', '--out', 'plan.json'],
      ['pin', 'hero'],
      ['generate', '--force', 'hero'],
    ]) {
      expect(await project.cli(args), args.join(' ')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^Error: \S+ can't be written: permission denied\.\n {2}→ .*\n$/,
        ),
      })
    }
    expect(everything(project)).toEqual(before)
    for (const mend of mends) mend()
  },
)

testPermissions(
  'loses only time where the cache can’t be written or read, and says so once',
  async () => {
    const project = await open()
    mkdirSync(join(project.root, 'node_modules/.cache/limn'), { recursive: true })
    for (const [folder, mode, step] of [
      ['node_modules/.cache/limn', 0o555, 'Plan: 2 to generate'],
      ['node_modules/.cache/limn', 0o000, 'Plan: 2 to derive'],
    ] as const) {
      const mend = setMode(project, folder, mode)
      const { code, stdout, stderr } = await project.cli(['generate'])
      expect({ code, stderr: stderr.trim() }).toEqual({
        code: 0,
        stderr: `! The cache is not writable, so files are cut again in every run: ${join(project.root, 'node_modules/.cache/limn/outputs')} can't be written: permission denied.`,
      })
      expect(stdout).toContain(step)
      expect(stdout).toContain('2 files made.')
      expect(
        Object.values(project.lock().assets).flatMap(({ outputs }) => Object.keys(outputs)),
      ).toEqual(['s.webp', 's.webp'])
      expect(await project.cli(['check'])).toMatchObject({ code: 0, stderr: '' })
      mend()
    }
    await expectWell(project)
  },
)

testPermissions(
  'keeps what it paid for where the lock can’t be written any more, and takes it later',
  async () => {
    const project = await open()
    for (const folder of ['images/deep', 'node_modules/.cache/limn']) {
      mkdirSync(join(project.root, folder), { recursive: true })
    }
    const { run, release } = await startHeld(project, 2)
    const mend = setMode(project, '', 0o555)
    release()
    const { code, stdout, stderr } = await run.done
    expect({ code, stderr: stderr.trim() }).toEqual({
      code: 1,
      stderr: `Error: ${join(project.root, 'images.lock')} can't be written: permission denied.\n  → Make its folder writable, then run the command again.`,
    })
    expect(stdout.match(/✓ images/g)).toHaveLength(2)
    expect(project.list()).toEqual(['images.yaml', 'images/deep/lake.png', 'images/hero.png'])
    expect(project.list('.limn/journal').filter((path) => path.endsWith('.picture'))).toHaveLength(
      2,
    )
    // Nor is anything else asked for before that is mended.
    project.edit('A hill', 'A high hill')
    expect(await project.cli(['generate'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing was asked for'),
    })
    project.edit('A high hill', 'A hill')
    mend()
    await expectWell(project)
  },
)

testPermissions(
  'keeps every picture of an answer elsewhere where the journal can’t be written any more, and takes them all later',
  async () => {
    const project = await open(
      smallManifest({ hero: 'A hill' }).replace('prompt:', 'candidates: 3\n    prompt:'),
    )
    mkdirSync(join(project.root, '.limn/journal'), { recursive: true })
    const { run, release } = await startHeld(project, 1)
    const mend = setMode(project, '.limn/journal', 0o555)
    release()
    const { code, stderr } = await run.done
    expect(code).toBe(1)
    const refuge = /The picture is kept in (\S+)\./.exec(stderr)![1]!
    onTestFinished(() => rmSync(refuge, { recursive: true, force: true }))
    expect(readdirSync(refuge).filter((name) => name.endsWith('.picture'))).toHaveLength(3)
    mend()
    expect(await project.cli(['generate'])).toMatchObject({ code: 0, stderr: '' })
    expect(project.lock().assets['hero']!.made).toMatchObject({ candidates: 3, picked: 1 })
    expect(project.server.requests).toHaveLength(1)
  },
)

testPermissions('takes nothing that can’t be read for something that is missing', async () => {
  const project = await open(`${two}  badge: { source: badge.png, decorative: true }\n`)
  project.write(
    'badge.png',
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
      .png()
      .toBuffer(),
  )
  await expectWell(project)
  const before = everything(project)
  const cases: [path: string, mode: number, shown: string, commands: string[]][] = [
    ['images.yaml', 0o000, 'images.yaml', ['generate']],
    ['images.lock', 0o000, 'images.lock', ['generate']],
    ['images/hero.png', 0o000, 'images/hero.png', ['plan', 'check', 'generate']],
    ['images', 0o300, 'images', ['generate']],
    ['images', 0o444, 'images/deep', ['generate']],
    ['badge.png', 0o000, 'badge.png', ['generate']],
    ['.limn', 0o000, '(journal|batches)', ['plan', 'generate']],
  ]
  for (const [path, mode, shown, commands] of cases) {
    const mend = setMode(project, path, mode)
    for (const command of commands) {
      const told = expect.stringMatching(
        new RegExp(
          `^Error: (\\S+/)?${shown} can't be read.*\n {2}→ (Make it readable.*|Check that it is a file you may read\\.)\n$`,
        ),
      )
      expect(await project.cli([command]), `${path} ${command}`).toEqual({
        code: 1,
        stdout: '',
        stderr: told,
      })
    }
    mend()
  }
  expect(everything(project)).toEqual(before)
  await expectWell(project)
})

testPermissions('takes nothing out of the lock whose picture can’t be removed', async () => {
  const project = await openDone()
  const mend = setMode(project, 'images', 0o555)
  project.write('images.yaml', smallManifest({ 'deep/lake': 'A lake' }))
  const before = project.text('images.lock')
  expect(await project.cli(['prune'])).toMatchObject({
    code: 1,
    stderr: `Error: ${join(project.root, 'images/hero.png')} can't be written: permission denied.\n  → Make its folder writable, then run the command again.\n`,
  })
  expect(project.text('images.lock')).toBe(before)
  mend()
  expect(await project.cli(['prune'])).toMatchObject({ code: 0 })
  expect(project.list()).toEqual(['images.lock', 'images.yaml', 'images/deep/lake.png'])
})

test('tells of a file in the place of a folder of `out`, and leaves it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': withOut, 'public/hero': 'mine' },
    server: true,
  })
  expect(await project.generate()).toMatchObject({
    generated: 2,
    failed: [
      {
        asset: 'hero',
        file: 's.webp',
        error: {
          code: 'store/failed',
          message: expect.stringMatching(
            /public\/hero\/s\.webp can't be written: (something else stands there|a part of its path is a file)\.$/,
          ),
        },
      },
    ],
  })
  expect(project.text('public/hero')).toBe('mine')
  rmSync(join(project.root, 'public/hero'))
  expect(await project.generate()).toMatchObject({ derived: 1, asked: [] })
})

/** A number that no system gives to anybody, as `docker run --user` takes one. */
const nameless: User = { uid: 2_000_000_123, gid: 2_000_000_123 }

test.skipIf(plainUser === undefined || whyNoPermissions !== undefined)(
  'runs for a user whom the system has no name for',
  async () => {
    const project = await open(two, nameless)
    expect(await project.cli(['generate'])).toMatchObject({ code: 0, stderr: '' })
    await expectWell(project)
  },
)

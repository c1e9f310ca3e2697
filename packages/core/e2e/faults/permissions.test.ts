import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { CliProcess } from '../cli-process.ts'
import { testPermissions, permissionsSkipReason } from '../test-permissions.ts'
import { createTestProject, smallManifest, type TestProject } from '../test-project.ts'
import { unprivilegedUser, type User } from '../unprivileged-user.ts'
import { listLeftovers } from './many.ts'

const two = smallManifest({ hero: 'A hill', 'deep/lake': 'A lake' })
const withOut = two.replace('provider: openai', 'provider: openai\nout: public')

// The unprivileged user can't use the compile cache of the tests' user.
const compiled = mkdtempSync(join(tmpdir(), 'limn-compiled-'))
chmodSync(compiled, 0o777)
afterAll(() => rmSync(compiled, { recursive: true }))

/** Opens a project of an unprivileged user. */
function open(manifest = two, user: User | undefined = unprivilegedUser): Promise<TestProject> {
  return createTestProject({
    files: { 'images.yaml': manifest },
    server: true,
    user,
    env: { NODE_COMPILE_CACHE: compiled },
  })
}

/** Opens a project with two paid pictures. */
async function openDone(manifest = two): Promise<TestProject> {
  const project = await open(manifest)
  await project.generate()
  return project
}

/**
 * Asserts that the project has recovered: each of two pictures was paid for once, nothing is left
 * over.
 */
async function expectHealthy({ generate, server, root }: TestProject): Promise<void> {
  expect(await generate()).toMatchObject({ failed: [] })
  expect(server.requests).toHaveLength(2)
  expect(listLeftovers(root)).toEqual([])
}

/** Changes the mode of a path. @returns restores it */
function setMode({ root }: TestProject, path: string, mode: number): () => void {
  const file = join(root, path)
  const before = statSync(file).mode
  const restore = (): void => chmodSync(file, before)
  // A read-only folder can't be removed after the test, except by root.
  onTestFinished(restore)
  chmodSync(file, mode)
  return restore
}

/**
 * Starts a run whose answers the server holds back, and waits until it has sent `requests`
 * requests.
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

/** Lists every file and folder except those in `node_modules`. */
function listEverything({ root }: TestProject): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('node_modules'))
    .sort()
}

testPermissions(
  'sends no request if a folder it needs is not writable, and reports it once',
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
      const restore = setMode(project, folder, 0o555)
      const before = listEverything(project)
      expect(await project.cli(['generate'])).toEqual({
        code: 1,
        stdout: '',
        stderr: `Error: ${join(project.root, shown)} can't be written: permission denied. No request was sent.\n  → Make it writable, then run the command again.\n`,
      })
      expect(listEverything(project)).toEqual(before)
      expect(project.server.requests).toEqual([])
      restore()
    }
    await expectHealthy(project)
  },
)

testPermissions(
  'plans and checks in a read-only project, and reports everything else in one sentence',
  async () => {
    const project = await openDone()
    const folders = [
      '',
      ...listEverything(project).filter((path) => statSync(join(project.root, path)).isDirectory()),
      'node_modules/.cache/limn',
    ]
    const restores = folders.map((folder) => setMode(project, folder, 0o555))
    const before = listEverything(project)
    for (const command of ['plan', 'check', 'generate']) {
      expect(await project.cli([command]), command).toMatchObject({ code: 0, stderr: '' })
    }
    for (const [args, rest] of [
      [['plan', '--out', 'plan.json'], ''],
      [['pin', 'hero'], ''],
      [['generate', '--force', 'hero'], String.raw` No request was sent\.`],
    ] as const) {
      expect(await project.cli(args), args.join(' ')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          new RegExp(`^Error: \\S+ can't be written: permission denied\\.${rest}\\n {2}→ .*\\n$`),
        ),
      })
    }
    expect(listEverything(project)).toEqual(before)
    for (const restore of restores) restore()
  },
)

testPermissions('works without a readable or writable cache, and reports it once', async () => {
  const project = await open()
  mkdirSync(join(project.root, 'node_modules/.cache/limn'), { recursive: true })
  for (const [folder, mode, step] of [
    ['node_modules/.cache/limn', 0o555, 'Plan: 2 to generate'],
    ['node_modules/.cache/limn', 0o000, 'Plan: 2 to derive'],
  ] as const) {
    const restore = setMode(project, folder, mode)
    const { code, stdout, stderr } = await project.cli(['generate'])
    expect({ code, stderr: stderr.trim() }).toEqual({
      code: 0,
      stderr: `! The cache is not writable, so files are derived again in every run: ${join(project.root, 'node_modules/.cache/limn/outputs')} can't be written: permission denied.`,
    })
    expect(stdout).toContain(step)
    expect(stdout).toContain('2 files made.')
    expect(
      Object.values(project.lock().assets).flatMap(({ outputs }) => Object.keys(outputs)),
    ).toEqual(['s.webp', 's.webp'])
    expect(await project.cli(['check'])).toMatchObject({ code: 0, stderr: '' })
    restore()
  }
  await expectHealthy(project)
})

testPermissions(
  'keeps paid pictures if the lockfile becomes read-only, and recovers them later',
  async () => {
    const project = await open()
    for (const folder of ['images/deep', 'node_modules/.cache/limn']) {
      mkdirSync(join(project.root, folder), { recursive: true })
    }
    const { run, release } = await startHeld(project, 2)
    const restore = setMode(project, '', 0o555)
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
    // No other request is sent until the mode is restored.
    project.edit('A hill', 'A high hill')
    expect(await project.cli(['generate'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No request was sent.'),
    })
    project.edit('A high hill', 'A hill')
    restore()
    await expectHealthy(project)
  },
)

testPermissions(
  'saves every picture of an answer elsewhere if the journal becomes read-only, and recovers them later',
  async () => {
    const project = await open(
      smallManifest({ hero: 'A hill' }).replace('prompt:', 'candidates: 3\n    prompt:'),
    )
    mkdirSync(join(project.root, '.limn/journal'), { recursive: true })
    const { run, release } = await startHeld(project, 1)
    const restore = setMode(project, '.limn/journal', 0o555)
    release()
    const { code, stderr } = await run.done
    expect(code).toBe(1)
    const fallback = /The picture was saved to (\S+)\./.exec(stderr)![1]!
    onTestFinished(() => rmSync(fallback, { recursive: true, force: true }))
    expect(readdirSync(fallback).filter((name) => name.endsWith('.picture'))).toHaveLength(3)
    restore()
    expect(await project.cli(['generate'])).toMatchObject({ code: 0, stderr: '' })
    expect(project.lock().assets['hero']!.made).toMatchObject({ candidates: 3, picked: 1 })
    expect(project.server.requests).toHaveLength(1)
  },
)

testPermissions('never treats an unreadable file as missing', async () => {
  const project = await open(`${two}  badge: { source: badge.png, decorative: true }\n`)
  project.write(
    'badge.png',
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
      .png()
      .toBuffer(),
  )
  await expectHealthy(project)
  const before = listEverything(project)
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
    const restore = setMode(project, path, mode)
    for (const command of commands) {
      const stderr = expect.stringMatching(
        new RegExp(
          `^Error: (\\S+/)?${shown} can't be read.*\n {2}→ (Make it readable.*|Check that it is a file that you have permission to read\\.)\n$`,
        ),
      )
      expect(await project.cli([command]), `${path} ${command}`).toEqual({
        code: 1,
        stdout: '',
        stderr,
      })
    }
    restore()
  }
  expect(listEverything(project)).toEqual(before)
  await expectHealthy(project)
})

testPermissions('keeps a lockfile entry if its picture can’t be removed', async () => {
  const project = await openDone()
  const restore = setMode(project, 'images', 0o555)
  project.write('images.yaml', smallManifest({ 'deep/lake': 'A lake' }))
  const before = project.text('images.lock')
  expect(await project.cli(['prune'])).toMatchObject({
    code: 1,
    stderr: `Error: ${join(project.root, 'images/hero.png')} can't be written: permission denied.\n  → Make its folder writable, then run the command again.\n`,
  })
  expect(project.text('images.lock')).toBe(before)
  restore()
  expect(await project.cli(['prune'])).toMatchObject({ code: 0 })
  expect(project.list()).toEqual(['images.lock', 'images.yaml', 'images/deep/lake.png'])
})

test('reports a file in place of a folder in `out`, and keeps it', async () => {
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
            /public\/hero\/s\.webp can't be written: (another file has that name|a part of its path is a file)\.$/,
          ),
        },
      },
    ],
  })
  expect(project.text('public/hero')).toBe('mine')
  rmSync(join(project.root, 'public/hero'))
  expect(await project.generate()).toMatchObject({ derived: 1, requested: [] })
})

/** A user id without a name, as in `docker run --user`. */
const nameless: User = { uid: 2_000_000_123, gid: 2_000_000_123 }

test.skipIf(unprivilegedUser === undefined || permissionsSkipReason !== undefined)(
  'runs for a user without a name',
  async () => {
    const project = await open(two, nameless)
    expect(await project.cli(['generate'])).toMatchObject({ code: 0, stderr: '' })
    await expectHealthy(project)
  },
)

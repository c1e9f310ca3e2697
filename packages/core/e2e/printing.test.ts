import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../src/cli/registry.ts'
import { createTestProject, KEY, smallManifest } from './test-project.ts'

const files = { 'images.yaml': smallManifest({ hero: 'A lighthouse', team: 'Four people' }) }

function jsonLines(stdout: string): Record<string, unknown>[] {
  expect(stdout.endsWith('\n')).toBe(true)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('prints only JSON, one object per line, with --json', async () => {
  const { cli, expectUpToDate } = await createTestProject({ files, server: true })
  const plan = await cli(['plan', '--json'])
  expect(plan).toMatchObject({ code: 0, stderr: '' })
  expect(jsonLines(plan.stdout)).toMatchObject([
    {
      type: 'planned',
      plan: {
        version: 1,
        steps: [
          { kind: 'generate', asset: 'hero' },
          { kind: 'generate', asset: 'team' },
        ],
      },
    },
  ])

  const run = await cli(['generate', '--json'])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  const events = jsonLines(run.stdout)
  expect(events[0]).toMatchObject({ type: 'planned' })
  expect(events.at(-1)).toMatchObject({ type: 'done', generated: 2, derived: 2, failed: 0 })
  expect(
    events
      .filter(({ type }) => type === 'generated')
      .map(({ asset }) => asset)
      .sort(),
  ).toEqual(['hero', 'team'])

  expect(jsonLines((await cli(['check', '--json'])).stdout)).toEqual([
    {
      type: 'checked',
      version: 1,
      ok: true,
      assets: 2,
      problems: [],
      faults: [],
      unknown: [],
      findings: [],
      cost: null,
      notChecked: [],
      emit: null,
    },
  ])
  expect(jsonLines((await cli(['list', '--json'])).stdout)).toMatchObject([
    { type: 'asset', name: 'hero', state: 'generated' },
    { type: 'asset', name: 'team' },
  ])
  expect(jsonLines((await cli(['schema', '--json'])).stdout)).toMatchObject([
    { title: 'Limn manifest' },
  ])
  await expectUpToDate()
})

test('prints failures as JSON too', async () => {
  const { cli, write } = await createTestProject({ files })
  expect(jsonLines((await cli(['generate', '--json'])).stdout).at(-1)).toMatchObject({
    type: 'error',
    code: 'provider/no-key',
    hint: expect.any(String),
  })
  expect(jsonLines((await cli(['plan', '--jsn', '--json'])).stdout)).toMatchObject([
    { type: 'error', code: 'usage' },
  ])
  write('images.yaml', 'version: 2\nassets: []\n')
  const broken = await cli(['plan', '--json'])
  expect(broken).toMatchObject({ code: 1, stderr: '' })
  expect(jsonLines(broken.stdout)).toMatchObject([
    { type: 'diagnostic', code: 'manifest/wrong-value', place: { line: 1, column: 10 } },
    { type: 'diagnostic', code: 'manifest/wrong-type', place: { line: 2 } },
  ])
})

test('prints no escape codes without a terminal or under NO_COLOR', async () => {
  const { cli } = await createTestProject({ files, server: true })
  for (const env of [{}, { NO_COLOR: '1' }, { CI: 'true' }] as Record<string, string>[]) {
    for (const args of [['plan'], ['plan', '--verbose'], ['generate'], ['list'], ['check']]) {
      const { stdout, stderr } = await cli(args, env)
      // eslint-disable-next-line no-control-regex
      expect(`${stdout}${stderr}`, args.join(' ')).not.toMatch(/[\u001B\r]/)
    }
  }
})

test('prints only problems with --quiet', async () => {
  const { cli } = await createTestProject({ files, server: true })
  expect(await cli(['generate', '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await cli(['nope', '--quiet'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no command'),
  })
})

test('describes every command in the overview, and each with its options', async () => {
  const { cli } = await createTestProject()
  const { code, stdout } = await cli(['--help'])
  expect(code).toBe(0)
  for (const [name, { summary }] of Object.entries(commands)) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'))
  }
  const plan = await cli(['plan', '--help'])
  expect(plan.stdout).toMatch(/^limn plan \[names…\]: Show what would be done/)
  expect(plan.stdout).toContain('--detailed-exitcode  Exit with 2 if changes are pending.')
  expect(await cli(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  })
  expect((await cli([])).code).toBe(1)
})

test('lists the assets with their state', async () => {
  const { cli, edit } = await createTestProject({ files, server: true })
  await cli(['generate', 'hero'])
  edit('A lighthouse', 'A windmill')
  expect((await cli(['list'])).stdout).toBe(
    'hero  stale      816x816    1 file    prompt changed\nteam  new        816x816    1 file\n\n2 assets.\nRun `limn generate`.\n',
  )
})

test('continues after its output is closed', async () => {
  const { root, server, lock, expectUpToDate } = await createTestProject({
    files,
    server: { latencyMs: 200 },
  })
  server.next({ kind: 'otherPicture', width: 700, height: 500 })
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url)), 'generate'],
    { cwd: root, env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.baseURL } },
  )
  child.stdout.destroy()
  child.stderr.destroy()
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(Object.keys(lock().assets)).toEqual(['hero', 'team'])
  await expectUpToDate()
})

test('distinguishes an empty alt from a missing one', async () => {
  const manifest =
    'version: 1\nprovider: local\nassets:\n  empty: { prompt: A hill, alt: "" }\n  said: { prompt: A tree, decorative: true }\n  missing: { prompt: A lake }\n  full: { prompt: A boat, alt: A boat }\n'
  const { cli } = await createTestProject({ files: { 'images.yaml': manifest } })
  const altOf = async (name: string): Promise<string | undefined> =>
    /^ {2}alt +(.*)$/m.exec((await cli(['show', name])).stdout)?.[1]
  expect([
    await altOf('empty'),
    await altOf('said'),
    await altOf('missing'),
    await altOf('full'),
  ]).toEqual([
    '(decorative)',
    '(decorative)',
    'missing: describe the picture, or set `decorative: true`',
    'A boat',
  ])
})

test('mentions --verbose only if some warnings were not printed', async () => {
  const noAlt = smallManifest({ hero: 'A lighthouse' }).replace('    alt: hero\n', '')
  const { cli, write } = await createTestProject({ files: { 'images.yaml': noAlt }, server: true })
  expect((await cli(['plan'])).stdout).toMatch(/\n1 warning: `limn plan --verbose` shows it\.\n$/)
  const full = await cli(['plan', '--verbose'])
  expect(full.stderr).toContain('warning manifest/no-alt')
  expect(full.stdout).not.toContain('--verbose')
  expect((await cli(['doctor'])).stdout).toMatch(
    /images\.yaml: 1 asset, 1 warning\n +→ Run `limn plan --verbose` to see it\.\n/,
  )
  write(
    'images.yaml',
    smallManifest({ hero: 'A lighthouse' }).replace(
      'defaults: {',
      'defaults: { model: some-relay-model,',
    ),
  )
  const unknown = await cli(['plan'])
  expect(unknown.stdout).toContain('Limn does not know the model "some-relay-model"')
  expect(unknown.stdout).not.toContain('--verbose')
  write('images.yaml', noAlt.replace('defaults: {', 'defaults: { model: some-relay-model,'))
  expect((await cli(['plan'])).stdout).toMatch(
    /\n1 more warning: `limn plan --verbose` shows it\.\n$/,
  )
})

test('prints no double blank line, and none at either end', async () => {
  const { cli, edit } = await createTestProject({
    files: { 'images.yaml': files['images.yaml'].replace('    alt: team\n', '') },
    server: true,
  })
  const expectEven = async (...args: string[]): Promise<void> => {
    const { stdout, stderr } = await cli(args)
    for (const text of [stdout, stderr]) {
      expect(text, args.join(' ')).not.toMatch(/\n\n\n|^\n|\n\n$/)
    }
  }
  await expectEven('check')
  await expectEven('generate')
  edit('[webp]', '[png]')
  // Only derives files.
  await expectEven('generate')
  edit('A lighthouse', 'A windmill')
  for (const args of [
    ['plan'],
    ['plan', '--verbose'],
    ['list'],
    ['show', 'hero'],
    ['explain', 'hero'],
    ['explain', 'team'],
    ['check'],
    ['merge', '../nowhere'],
    ['compare', 'HEAD'],
    ['report'],
    ['cost'],
    ['stats'],
    ['describe'],
    ['describe', '--confirm'],
    ['prune', '--dry-run'],
    ['prune'],
    ['doctor'],
    ['batch'],
    ['presets'],
    ['styles'],
    ['--help'],
    ['help', 'generate'],
    ['generate', '--dry-run'],
  ]) {
    await expectEven(...args)
  }
})

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest, stepsOf } from './test-project.ts'

const one = {
  'images.yaml': smallManifest({ hero: 'A lighthouse' }, 'provider: openai\nout: public/img'),
}
const two = {
  'images.yaml': smallManifest(
    { hero: 'A lighthouse', team: 'Four people' },
    'provider: openai\nout: public/img',
  ),
}

async function drawn(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 900, height: 900, channels: 3, background: colour } })
    .png()
    .toBuffer()
}

test('keeps an edited master and reports it in plan and check', async () => {
  const { generate, write, bytes, cli, server } = await createTestProject({
    files: one,
    server: true,
  })
  await generate()
  const mine = await drawn('red')
  write('images/hero.png', mine)
  const plan = await cli(['plan', '--detailed-exitcode'])
  expect(plan).toMatchObject({ code: 0 })
  expect(plan.stdout).toMatch(/ {2}! hero {2}edited: kept until it is adopted/)
  const check = await cli(['check'])
  expect(check.code).toBe(1)
  expect(check.stderr).toContain('✗ hero  edited')
  await generate()
  expect(bytes('images/hero.png').equals(mine)).toBe(true)
  expect(server.requests).toHaveLength(1)
})

test('keeps an edited master even if its prompt changes', async () => {
  const { generate, write, bytes, edit } = await createTestProject({ files: one, server: true })
  await generate()
  const mine = await drawn('red')
  write('images/hero.png', mine)
  edit('A lighthouse', 'A windmill')
  expect((await generate()).requested).toEqual([])
  expect(bytes('images/hero.png').equals(mine)).toBe(true)
})

test('replaces an edited master with --force, and backs up the edited one', async () => {
  const { generate, write, bytes, list, expectUpToDate } = await createTestProject({
    files: two,
    server: true,
  })
  await generate()
  const mine = await drawn('red')
  write('images/hero.png', mine)
  expect((await generate({ names: ['hero'], force: true })).requested).toEqual(['A lighthouse'])
  expect(bytes('images/hero.png').equals(mine)).toBe(false)
  const [kept] = list('.limn/replaced/hero')
  expect(bytes(kept!).equals(mine)).toBe(true)
  await expectUpToDate()
})

test('adopts an edited master, derives its files again, and then passes check', async () => {
  const { generate, write, bytes, cli, lock, server, expectUpToDate } = await createTestProject({
    files: one,
    server: true,
  })
  await generate()
  write('images/hero.png', await drawn('red'))
  expect(await cli(['adopt', 'hero'])).toMatchObject({ code: 0, stderr: '' })
  expect(lock().assets['hero']!.master).toMatchObject({ state: 'adopted', width: 900, height: 900 })
  expect(await cli(['check'])).toMatchObject({ code: 1 })
  expect(await cli(['generate'])).toMatchObject({ code: 0 })
  const { dominant } = await sharp(bytes('public/img/hero/s.webp')).stats()
  expect(dominant.r).toBeGreaterThan(200)
  expect(await cli(['check'])).toMatchObject({ code: 0 })
  expect(server.requests).toHaveLength(1)
  await expectUpToDate()
})

test('adopts a supplied picture with the extension of its format', async () => {
  const { cli, write, has, generate, server } = await createTestProject({
    files: one,
    server: true,
  })
  write(
    'photo.bin',
    await sharp(await drawn('blue'))
      .jpeg()
      .toBuffer(),
  )
  expect(await cli(['adopt', 'hero', 'photo.bin'])).toMatchObject({ code: 0 })
  expect(has('images/hero.jpg')).toBe(true)
  expect(await generate()).toMatchObject({ requested: [], derived: 1 })
  expect(server.requests).toEqual([])
})

test('rejects a file that is not a picture, and an unknown asset', async () => {
  const { cli, write, has } = await createTestProject({ files: one, server: true })
  write('notes.txt', 'not a picture')
  const damaged = await cli(['adopt', 'hero', 'notes.txt'])
  expect(damaged.code).toBe(1)
  expect(damaged.stderr).toMatch(
    /^Error: notes\.txt is not a readable picture\. The picture can't be read: .*\n {2}→ Use a PNG, JPEG, /,
  )
  expect(await cli(['adopt', 'hreo'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean "hero"?'),
  })
  expect(await cli(['adopt', 'hero'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no images/hero.png to adopt.'),
  })
  expect(has('images.lock')).toBe(false)
})

test('never overwrites a picture that is not in the lockfile', async () => {
  const { generate, write, bytes, cli, plan } = await createTestProject({
    files: two,
    server: true,
  })
  const mine = await drawn('green')
  write('images/hero.png', mine)
  expect(stepsOf(await plan())).toEqual(['generate team', 'keep hero'])
  expect((await generate()).requested).toEqual(['Four people'])
  expect(bytes('images/hero.png').equals(mine)).toBe(true)
  expect((await cli(['check'])).stderr).toContain(
    'untracked: images/hero.png is not in the lockfile',
  )
})

test('prunes only what the manifest no longer uses, and keeps the master', async () => {
  const { generate, write, list, bytes, cli, expectUpToDate, lock } = await createTestProject({
    files: two,
    server: true,
  })
  await generate()
  const team = bytes('images/team.png')
  write('images/stray.png', await drawn('green'))
  write('images.yaml', one['images.yaml'])
  expect((await cli(['plan'])).stdout).toContain(
    '- team  orphaned: no longer in the manifest (limn prune)',
  )
  const pruned = await cli(['prune'])
  expect(pruned).toEqual({
    code: 0,
    stdout:
      '  - images/team.png\n  - public/img/team/s.webp\n\nRemoved 2 files and 1 asset from the lockfile; masters are kept in .limn/replaced.\n',
    stderr: '',
  })
  expect(list()).toEqual([
    'images.lock',
    'images.yaml',
    'images/hero.png',
    'images/stray.png',
    'public/img/hero/s.webp',
  ])
  expect(Object.keys(lock().assets)).toEqual(['hero'])
  const [kept] = list('.limn/replaced/team')
  expect(bytes(kept!).equals(team)).toBe(true)
  expect((await cli(['prune'])).stdout).toBe('Nothing to prune.\n')
  await expectUpToDate()
})

test('prunes the files of a removed preset, and no master', async () => {
  const { generate, edit, list, cli } = await createTestProject({ files: one, server: true })
  edit('outputs: [', 'outputs: [{ name: old, width: 32, height: 32, formats: [png] }, ')
  await generate()
  edit('{ name: old, width: 32, height: 32, formats: [png] }, ', '')
  expect((await cli(['plan'])).stdout).toContain('unused: old.png (limn prune)')
  await cli(['prune'])
  expect(list()).toEqual([
    'images.lock',
    'images.yaml',
    'images/hero.png',
    'public/img/hero/s.webp',
  ])
})

test('keeps the edited master of a renamed asset', async () => {
  const { generate, edit, cli } = await createTestProject({ files: two, server: true })
  await generate()
  edit('  team:', '  staff:')
  expect((await cli(['prune'])).stdout).toBe('Nothing to prune.\n')
  expect(await generate()).toMatchObject({ requested: [], moved: 1 })
})

test('reports that a picture was adopted, edited or supplied, not that presets changed', async () => {
  const { generate, write, cli, plan } = await createTestProject({ files: two, server: true })
  await generate({ names: ['hero'] })
  write('images/hero.png', await drawn('red'))
  write('team.png', await drawn('blue'))
  await cli(['adopt', 'hero'])
  await cli(['adopt', 'team', 'team.png'])
  expect((await plan()).steps.map(({ kind, asset, reasons }) => [kind, asset, reasons])).toEqual([
    ['derive', 'hero', [{ code: 'adopted' }]],
    ['derive', 'team', [{ code: 'adopted' }]],
  ])
  expect((await cli(['plan'])).stdout).toContain('outputs: adopted')
  // An unchanged picture that is adopted requires no derived files.
  await generate()
  await cli(['adopt', 'hero'])
  expect((await plan()).steps).toEqual([])
})

test('lists no asset as generated that check rejects', async () => {
  const { generate, write, bytes, text, cli } = await createTestProject({
    files: two,
    server: true,
  })
  await generate()
  expect((await cli(['list'])).stdout).toContain('2 assets, nothing to do.')
  const hero = bytes('images/hero.png')
  write('images/hero.png', await drawn('red'))
  expect((await cli(['list'])).stdout).toMatch(
    /^hero {2}edited .*\n[^]*\n2 assets\.\nRun `limn adopt hero` to accept the edited picture, or restore it with git\.\n$/,
  )
  expect(await cli(['check'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      '1 of 2 pictures does not match the manifest.\nRun `limn adopt hero` to accept the edited picture, or restore it with git.\nThen commit images.lock and images/.',
    ) as unknown,
  })
  write('images/hero.png', hero)
  write('images.lock', text('images.lock').replace('"width": 816', '"width": 815'))
  expect(await cli(['check'])).toMatchObject({ code: 1 })
  expect((await cli(['list'])).stdout).toMatch(
    /^hero {2}tampered .* 816x816 px, but the lockfile says 815x816\.\n[^]*\n2 assets\.\nRestore images\.lock with git\.\n$/,
  )
})

test('shows with --dry-run what it would prune, and changes nothing', async () => {
  const { generate, write, list, cli, text } = await createTestProject({ files: two, server: true })
  await generate()
  write('images.yaml', one['images.yaml'])
  const [before, lock] = [list(), text('images.lock')]
  expect(await cli(['prune', '--dry-run'])).toEqual({
    code: 0,
    stdout:
      '  - images/team.png\n  - public/img/team/s.webp\n\n`limn prune` would remove 2 files and 1 asset from the lockfile, and keep masters in .limn/replaced.\n',
    stderr: '',
  })
  expect(
    (await cli(['prune', '--dry-run', '--json'])).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { type: 'would-remove', path: 'images/team.png', version: 1 },
    { type: 'would-remove', path: 'public/img/team/s.webp' },
    { type: 'would-prune', assets: ['team'], files: 2 },
  ])
  expect([list(), text('images.lock')]).toEqual([before, lock])
})

test('removes the folders that pruning empties, and no others', async () => {
  const files = {
    'images.yaml': smallManifest(
      { 'people/ann': 'Ann', hero: 'A lighthouse' },
      'provider: openai\nout: public/img',
    ),
  }
  const { generate, write, cli, root } = await createTestProject({ files, server: true })
  await generate()
  write(
    'images.yaml',
    smallManifest({}, 'provider: openai\nout: public/img').replace('assets:\n', 'assets: {}\n'),
  )
  expect(await cli(['prune'])).toMatchObject({ code: 0 })
  expect([readdirSync(join(root, 'images')), readdirSync(join(root, 'public/img'))]).toEqual([
    [],
    [],
  ])
})

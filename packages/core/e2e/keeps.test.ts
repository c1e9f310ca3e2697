import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProject } from '../src/index.ts'
import { createTestProject, smallManifest, stepsOf } from './test-project.ts'

const two = { 'images.yaml': smallManifest({ hero: 'A hill', team: 'A crew' }) }

test('does not replace a paid picture by a free provider’s, unless it is forced', async () => {
  const { root, generate, bytes, lock } = await createTestProject({ files: two, server: true })
  await generate()
  const before = bytes('images/hero.png')
  const local = openProject({ cwd: root, provider: 'local' })
  const { plan } = await local.plan()
  expect(plan.steps.map(({ kind, asset, reasons }) => [kind, asset, reasons])).toEqual([
    ['keep', 'hero', [{ code: 'paid-for', provider: 'openai' }]],
    ['keep', 'team', [{ code: 'paid-for', provider: 'openai' }]],
  ])
  await local.generate({ maxUsd: 0 })
  expect(bytes('images/hero.png').equals(before)).toBe(true)
  await local.generate({ names: ['hero'], force: true })
  expect(bytes('images/hero.png').equals(before)).toBe(false)
  expect(lock().assets['team']!.made['provider']).toBe('openai')
})

test('does not request an asset whose input failed, even if an old input exists', async () => {
  const files = {
    'images.yaml':
      'version: 1\nprovider: openai\ndefaults: { outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }\nassets:\n  hero: { prompt: A hill, alt: x }\n  night: { edit: { image: hero }, prompt: At night, alt: x }\n',
  }
  const { generate, edit, server } = await createTestProject({ files, server: true })
  await generate()
  edit('A hill', 'A valley')
  const before = server.requests.length
  server.next({
    kind: 'error',
    status: 400,
    code: 'moderation_blocked',
    type: 'image_generation_user_error',
    message: 'no',
  })
  const { failed } = await generate()
  expect(failed.map(({ asset }) => asset)).toEqual(['hero', 'night'])
  expect(server.requests.length - before).toBe(1)
  expect(await generate()).toMatchObject({ generated: 2, failed: [] })
})

test('keeps a pinned picture through a change, a bare --force and a missing file, and regenerates it by name with its pin', async () => {
  const { cli, edit, generate, plan, lock, root, server } = await createTestProject({
    files: two,
    server: true,
  })
  await generate()
  await cli(['pin', 'hero'])
  edit('A hill', 'A valley')
  expect((await plan()).steps).toEqual([])
  await generate({ force: true })
  expect(server.requests).toHaveLength(2)
  const path = join(root, 'images/hero.png')
  renameSync(path, `${path}.away`)
  expect((await plan()).steps).toMatchObject([
    { kind: 'keep', asset: 'hero', reasons: [{ code: 'kept-missing', state: 'pinned' }] },
  ])
  renameSync(`${path}.away`, path)
  expect(await generate({ names: ['hero'], force: true })).toMatchObject({ generated: 1 })
  expect(lock().assets['hero']!.master.state).toBe('pinned')
  expect(await cli(['pin', 'hero', '--off'])).toMatchObject({ code: 0 })
  expect(lock().assets['hero']!.master.state).toBe('generated')
})

test('moves each of two pictures with the same request', async () => {
  const files = { 'images.yaml': smallManifest({ 'team/a': 'A portrait', 'team/b': 'A portrait' }) }
  const { generate, write, text, plan, server, has } = await createTestProject({
    files,
    server: true,
  })
  await generate()
  write('images.yaml', text('images.yaml').replaceAll('team/', 'people/'))
  expect(stepsOf(await plan())).toEqual(['move people/a', 'move people/b'])
  await generate()
  expect([has('images/people/a.png'), has('images/people/b.png'), server.requests.length]).toEqual([
    true,
    true,
    2,
  ])
})

test('completes a rename whose lockfile was never written', async () => {
  const { generate, edit, plan, root, server } = await createTestProject({
    files: two,
    server: true,
  })
  await generate()
  edit('hero:', 'cover:')
  renameSync(join(root, 'images/hero.png'), join(root, 'images/cover.png'))
  expect(stepsOf(await plan())).toEqual(['move cover'])
  expect(await generate()).toMatchObject({ moved: 1, generated: 0, failed: [] })
  expect(server.requests).toHaveLength(2)
})

test('renames an asset with its pin, and updates its references', async () => {
  const files = {
    'images.yaml':
      'version: 1\nprovider: openai\n# ours\ndefaults: { outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }\nassets:\n  hero: { prompt: A hill, alt: x } # the first\n  night: { edit: { image: hero }, prompt: At night, alt: x }\n  both: { references: [hero, night], prompt: A poster, alt: x }\n',
  }
  const { cli, edit, generate, text, lock, plan, server, root } = await createTestProject({
    files,
    server: true,
  })
  await generate()
  await cli(['pin', 'hero'])
  edit('A hill', 'A valley')
  expect(await cli(['mv', 'hero', 'cover/first'])).toMatchObject({ code: 0, stderr: '' })
  expect(text('images.yaml')).toBe(
    files['images.yaml']
      .replace('A hill', 'A valley')
      .replace('  hero: {', '  cover/first: {')
      .replace('image: hero', 'image: cover/first')
      .replace('[hero,', '[cover/first,'),
  )
  expect(lock().assets['cover/first']).toMatchObject({
    master: { path: 'images/cover/first.png', state: 'pinned' },
  })
  expect(existsSync(join(root, 'images/hero.png'))).toBe(false)
  expect((await plan()).steps).toEqual([])
  expect(server.requests).toHaveLength(3)
})

test('derives a cached file again that does not match the lockfile', async () => {
  const { generate, list, write, root } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A hill' }, 'out: public\n') },
    server: true,
  })
  await generate()
  const [cached] = list('node_modules/.cache/limn/outputs')
  write(cached!, '<script>alert(1)</script>')
  rmSync(join(root, 'public'), { recursive: true })
  expect(await generate()).toMatchObject({ derived: 1, failed: [] })
})

test('counts requests that may have been billed against --max-cost', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`p${index}`, `Hill ${index}`]),
  )
  const { generate, plan, server } = await createTestProject({
    files: { 'images.yaml': smallManifest(many) },
    server: true,
  })
  server.answer(() => ({ kind: 'cut', afterBytes: 0 }))
  const each = (await plan()).usd / 8
  const { failed } = await generate({ maxUsd: each * 3.5 })
  expect(failed).toHaveLength(8)
  expect(server.requests.length).toBeLessThanOrEqual(3)
})

test('keeps the picture at the target of a rename', async () => {
  const { cli, generate, write, bytes, list } = await createTestProject({
    files: two,
    server: true,
  })
  await generate()
  const hero = bytes('images/hero.png')
  const mine = bytes('images/team.png')
  write('images/cover.png', mine)
  expect(await cli(['mv', 'hero', 'cover'])).toMatchObject({ code: 0, stderr: '' })
  expect(bytes('images/cover.png').equals(hero)).toBe(true)
  expect(list('.limn/replaced/cover').map((path) => bytes(path).equals(mine))).toEqual([true])
})

test('moves a damaged picture off the shelf, and requests it again in the next run', async () => {
  const { edit, generate, list, write, server } = await createTestProject({
    files: two,
    server: true,
  })
  await generate()
  edit('A hill', 'A valley')
  await generate()
  const [shelved] = list('.limn/shelf').filter((path) => path.endsWith('.picture'))
  write(shelved!, 'no picture')
  edit('A valley', 'A hill')
  const { failed } = await generate()
  expect(failed).toMatchObject([{ asset: 'hero', error: { code: 'provider/bad-answer' } }])
  expect(list('.limn/rejected').filter((path) => path.endsWith('.picture'))).toHaveLength(1)
  expect(await generate()).toMatchObject({ generated: 1, failed: [] })
  expect(server.requests).toHaveLength(4)
})

test('leaves no empty folder after a rename, by command or in the manifest', async () => {
  const files = {
    'images.yaml': smallManifest(
      { 'team/ann': 'Ann', 'team/bob': 'Bob', 'crew/eve': 'Eve' },
      'provider: openai\nout: public',
    ),
  }
  const { cli, edit, generate, root, server } = await createTestProject({ files, server: true })
  await generate()
  expect(await cli(['mv', 'team/ann', 'ann'])).toMatchObject({ code: 0 })
  expect(readdirSync(join(root, 'images')).sort()).toEqual(['ann.png', 'crew', 'team'])
  expect(await cli(['mv', 'team/bob', 'bob'])).toMatchObject({ code: 0 })
  edit('crew/eve:', 'eve:')
  expect(await generate()).toMatchObject({ moved: 1, generated: 0 })
  expect(readdirSync(join(root, 'images')).sort()).toEqual(['ann.png', 'bob.png', 'eve.png'])
  expect(readdirSync(join(root, 'public')).sort()).toEqual(['ann', 'bob', 'eve'])
  expect(server.requests).toHaveLength(3)
})

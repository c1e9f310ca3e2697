import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest, stepsOf } from './test-project.ts'

const one = { 'images.yaml': smallManifest({ hero: 'A lighthouse' }, 'provider: openai\nout: public/img') }
const two = { 'images.yaml': smallManifest({ hero: 'A lighthouse', team: 'Four people' }, 'provider: openai\nout: public/img') }

async function drawn(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 900, height: 900, channels: 3, background: colour } }).png().toBuffer()
}

test('keeps an edited master and tells of it in plan and check', async () => {
  const { generate, write, bytes, cli, server } = await createTestProject({ files: one, server: true })
  await generate()
  const mine = await drawn('red')
  write('images/hero.png', mine)
  const plan = await cli(['plan', '--detailed-exitcode'])
  expect(plan).toMatchObject({ code: 0 })
  expect(plan.stdout).toMatch(/ {2}! hero {2}edited by hand: kept \(limn adopt, or --force\)/)
  const check = await cli(['check'])
  expect(check.code).toBe(1)
  expect(check.stderr).toContain('✗ hero  edited by hand')
  await generate()
  expect(bytes('images/hero.png').equals(mine)).toBe(true)
  expect(server.requests).toHaveLength(1)
})

test('keeps an edited master even where its prompt changes', async () => {
  const { generate, write, bytes, edit } = await createTestProject({ files: one, server: true })
  await generate()
  const mine = await drawn('red')
  write('images/hero.png', mine)
  edit('A lighthouse', 'A windmill')
  expect((await generate()).asked).toEqual([])
  expect(bytes('images/hero.png').equals(mine)).toBe(true)
})

test('generates over an edited master with force, and keeps the edited one aside', async () => {
  const { generate, write, bytes, list, expectSettled } = await createTestProject({ files: two, server: true })
  await generate()
  const mine = await drawn('red')
  write('images/hero.png', mine)
  expect((await generate({ names: ['hero'], force: true })).asked).toEqual(['A lighthouse'])
  expect(bytes('images/hero.png').equals(mine)).toBe(false)
  const [kept] = list('.limn/replaced/hero')
  expect(bytes(kept!).equals(mine)).toBe(true)
  await expectSettled()
})

test('adopts an edited master, cuts its files anew, and then checks clean', async () => {
  const { generate, write, bytes, cli, lock, server, expectSettled } = await createTestProject({ files: one, server: true })
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
  await expectSettled()
})

test('adopts a picture from elsewhere under the ending of its bytes', async () => {
  const { cli, write, has, generate, server } = await createTestProject({ files: one, server: true })
  write('photo.bin', await sharp(await drawn('blue')).jpeg().toBuffer())
  expect(await cli(['adopt', 'hero', 'photo.bin'])).toMatchObject({ code: 0 })
  expect(has('images/hero.jpg')).toBe(true)
  expect(await generate()).toMatchObject({ asked: [], derived: 1 })
  expect(server.requests).toEqual([])
})

test('refuses to adopt what is no picture, and an asset that is not there', async () => {
  const { cli, write, has } = await createTestProject({ files: one, server: true })
  write('notes.txt', 'not a picture')
  const damaged = await cli(['adopt', 'hero', 'notes.txt'])
  expect(damaged.code).toBe(1)
  expect(damaged.stderr).toMatch(/^Error: The picture can't be read: .*\n {2}→ /)
  expect(await cli(['adopt', 'hreo'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean "hero"?') })
  expect(await cli(['adopt', 'hero'])).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no images/hero.png to adopt.') })
  expect(has('images.lock')).toBe(false)
})

test('never writes over a picture that the lock does not know', async () => {
  const { generate, write, bytes, cli, plan } = await createTestProject({ files: two, server: true })
  const mine = await drawn('green')
  write('images/hero.png', mine)
  expect(stepsOf(await plan())).toEqual(['generate team', 'keep hero'])
  expect((await generate()).asked).toEqual(['Four people'])
  expect(bytes('images/hero.png').equals(mine)).toBe(true)
  expect((await cli(['check'])).stderr).toContain('images/hero.png is not in the lock: kept')
})

test('prunes only what nothing asks for, and keeps the master aside', async () => {
  const { generate, write, list, bytes, cli, expectSettled, lock } = await createTestProject({ files: two, server: true })
  await generate()
  const team = bytes('images/team.png')
  write('images/stray.png', await drawn('green'))
  write('images.yaml', one['images.yaml'])
  expect((await cli(['plan'])).stdout).toContain('- team  no longer in the manifest (limn prune)')
  const pruned = await cli(['prune'])
  expect(pruned).toEqual({ code: 0, stdout: '  - images/team.png\n  - public/img/team/s.webp\nRemoved 2 files and 1 asset from the lock; masters are kept in .limn/replaced.\n', stderr: '' })
  expect(list()).toEqual(['images.lock', 'images.yaml', 'images/hero.png', 'images/stray.png', 'public/img/hero/s.webp'])
  expect(Object.keys(lock().assets)).toEqual(['hero'])
  const [kept] = list('.limn/replaced/team')
  expect(bytes(kept!).equals(team)).toBe(true)
  expect((await cli(['prune'])).stdout).toBe('Nothing to prune.\n')
  await expectSettled()
})

test('prunes the files of a preset that is gone, and no master', async () => {
  const { generate, edit, list, cli } = await createTestProject({ files: one, server: true })
  edit('outputs: [', 'outputs: [{ name: old, width: 32, height: 32, formats: [png] }, ')
  await generate()
  edit('{ name: old, width: 32, height: 32, formats: [png] }, ', '')
  expect((await cli(['plan'])).stdout).toContain('no longer asked for (limn prune): old.png')
  await cli(['prune'])
  expect(list()).toEqual(['images.lock', 'images.yaml', 'images/hero.png', 'public/img/hero/s.webp'])
})

test('leaves the master that a renamed asset will take over', async () => {
  const { generate, edit, cli } = await createTestProject({ files: two, server: true })
  await generate()
  edit('  team:', '  staff:')
  expect((await cli(['prune'])).stdout).toBe('Nothing to prune.\n')
  expect(await generate()).toMatchObject({ asked: [], moved: 1 })
})

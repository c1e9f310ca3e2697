import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256 } from '../src/digest.ts'
import { createRepository } from '../src/git/testing.ts'
import { createTestProject, type TestProject } from './test-project.ts'

const output = 'outputs: [{ name: s, width: 64, height: 64, formats: [png] }]'
const manifest = (prompt: string, more = ''): string => `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low, ${output} }
assets:
  hero: { prompt: ${prompt}, alt: x${more} }
`

/** Creates a project whose picture was replaced by those of other prompts. */
async function createReplaced(...prompts: readonly string[]): Promise<TestProject> {
  const project = await createTestProject({
    files: { 'images.yaml': manifest(prompts[0]!) },
    server: true,
  })
  for (const prompt of prompts) {
    project.write('images.yaml', manifest(prompt))
    await project.generate()
  }
  return project
}

test('lists the earlier pictures, the latest first, and restores one at no cost', async () => {
  const { cli, server, bytes, project, lock, generate, plan } = await createReplaced(
    'A lighthouse',
    'A harbour',
    'A storm',
  )
  const listed = await cli(['restore', 'hero'])
  expect(listed).toMatchObject({ code: 0, stderr: '' })
  expect(listed.stdout).toMatch(/1 .* \$0\.\d+ .*\.limn\/replaced\/hero\/.*\n +A harbour\n/)
  expect(listed.stdout).toMatch(/2 .*\n +A lighthouse\n/)
  const events = (await cli(['restore', 'hero', '--json'])).stdout.trim().split('\n')
  const [harbour, lighthouse] = events.map((line) => JSON.parse(line) as { path: string })
  expect([harbour, lighthouse]).toMatchObject([
    { type: 'earlier', asset: 'hero', number: 1, prompt: 'A harbour', candidate: null },
    { type: 'earlier', asset: 'hero', number: 2, prompt: 'A lighthouse', usd: expect.any(Number) },
  ])
  const wanted = sha256(bytes(lighthouse!.path))
  const [storm, requests] = [sha256(bytes('images/hero.png')), server.requests.length]

  const restored = await cli(['restore', 'hero', '2'])
  expect(restored).toMatchObject({ code: 0, stderr: '' })
  expect(restored.stdout).toContain('Earlier picture 2 is now images/hero.png.')
  expect(restored.stdout).toMatch(/pinned.*another picture \(.*\): `limn pin hero --off`/)
  expect(sha256(bytes('images/hero.png'))).toBe(wanted)
  expect(lock().assets['hero']).toMatchObject({
    request: { prompt: 'A lighthouse' },
    master: { state: 'pinned', sha256: wanted },
    made: { provider: 'openai' },
  })
  // The next run derives its files, and asks for no other picture.
  expect(await generate()).toMatchObject({ generated: 0, recovered: 0, derived: 1 })
  expect(await cli(['check'])).toMatchObject({ code: 0 })
  expect(server.requests).toHaveLength(requests)
  // The picture that it replaced is not lost: the manifest gets it back at no cost.
  const { pictures } = await project.earlier('hero')
  expect(pictures.map(({ prompt }) => prompt)).toContain('A storm')
  await project.pin('hero', false)
  expect((await plan()).steps).toMatchObject([{ kind: 'recover', from: 'shelf' }])
  expect(await generate()).toMatchObject({ generated: 0, recovered: 1 })
  expect(sha256(bytes('images/hero.png'))).toBe(storm)
  expect(server.requests).toHaveLength(requests)
})

test('does not pin a picture of the request that the manifest describes', async () => {
  const { project, generate, bytes, lock, server, write } = await createReplaced(
    'A lighthouse',
    'A harbour',
  )
  const first = sha256(bytes((await project.earlier('hero')).pictures[0]!.path))
  const requests = server.requests.length
  write('images.yaml', manifest('A lighthouse'))
  expect(await project.restore('hero', 1)).toMatchObject({ state: 'generated', required: null })
  expect(sha256(bytes('images/hero.png'))).toBe(first)
  expect(lock().assets['hero']!.master.state).toBe('generated')
  expect(await generate()).toMatchObject({ generated: 0 })
  expect(server.requests).toHaveLength(requests)
})

test('restores a candidate of an earlier request', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('A mark', ', candidates: 3') },
    server: true,
  })
  let width = 64
  project.server.answer(() => ({ kind: 'otherPicture', width: (width += 16), height: 96 }))
  await project.generate()
  project.write('images.yaml', manifest('A seal'))
  await project.generate()
  const { pictures } = await project.project.earlier('hero')
  expect(pictures.map(({ candidate }) => candidate).sort()).toEqual([1, 2, 3])
  expect(pictures.map(({ prompt }) => prompt)).toEqual(['A mark', 'A mark', 'A mark'])
  const second = pictures.find(({ candidate }) => candidate === 2)!
  await project.project.restore('hero', second.number)
  expect(sha256(project.bytes('images/hero.png'))).toBe(sha256(project.bytes(second.path)))
  expect(project.lock().assets['hero']).toMatchObject({
    request: { prompt: 'A mark' },
    master: { state: 'pinned' },
    made: { picked: 2 },
  })
})

test('adopts a picture whose request is unknown, and keeps what a person edited', async () => {
  const { project, generate, bytes, write, lock, list, cli } = await createReplaced(
    'A lighthouse',
    'A harbour',
  )
  const { path } = (await project.earlier('hero')).pictures[0]!
  const lighthouse = bytes(path)
  // A clone of `.limn/` without the shelf, and an edit of the master.
  for (const file of list('.limn/shelf')) write(file, '')
  write('images/hero.png', bytes('node_modules/.cache/limn/outputs/'.concat(firstOutput(list))))
  const edited = sha256(bytes('images/hero.png'))
  const restored = await cli(['restore', 'hero', '1'])
  expect(restored.stdout).toContain('counts as adopted')
  expect(sha256(bytes('images/hero.png'))).toBe(sha256(lighthouse))
  expect(lock().assets['hero']).toMatchObject({
    request: { prompt: 'A harbour' },
    master: { state: 'adopted' },
    made: { provider: 'adopted' },
  })
  expect(await generate()).toMatchObject({ generated: 0, derived: 1 })
  expect(list('.limn/replaced').map((file) => sha256(bytes(file)))).toContain(edited)
})

function firstOutput(list: TestProject['list']): string {
  return list('node_modules/.cache/limn/outputs')[0]!.split('/').at(-1)!
}

test.each([
  [['restore', 'hero', '1'], 'has no earlier picture on this machine'],
  [['restore', 'hero', 'first'], 'requires the number of an earlier picture'],
  [['restore', 'hero', '0'], 'requires the number of an earlier picture'],
  [['restore', 'heros'], 'There is no asset "heros"'],
])('explains why `limn %s` fails', async (args, message) => {
  const { cli } = await createTestProject({ files: { 'images.yaml': manifest('A lighthouse') } })
  const { code, stderr } = await cli(args)
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
})

test('says how many earlier pictures there are, and lists none where there are none', async () => {
  const { cli } = await createReplaced('A lighthouse', 'A harbour')
  expect((await cli(['restore', 'hero', '7'])).stderr).toContain('choose a number from 1 to 1')
  const { cli: other } = await createTestProject({ files: { 'images.yaml': manifest('A hill') } })
  expect((await other(['restore', 'hero'])).stdout).toContain('has no earlier picture')
})

test('finds the earlier pictures of an asset that was renamed, and leaves those of others', async () => {
  const { project, cli, list, write, text, bytes, generate } = await createReplaced(
    'A lighthouse',
    'A harbour',
    'A storm',
  )
  const before = await project.earlier('hero')
  // An asset whose name continues that of the renamed one.
  write('.limn/replaced/hero/wide/0123456789abcdef.png', 'x')
  expect((await cli(['mv', 'hero', 'shop/cover'])).code).toBe(0)
  const after = await project.earlier('shop/cover')
  expect(after.pictures.map(({ prompt }) => prompt)).toEqual(['A harbour', 'A lighthouse'])
  expect(after.pictures.map(({ path }) => path)).toEqual(
    before.pictures.map(({ path }) => path.replace('/hero/', '/shop/cover/')),
  )
  expect(list('.limn/replaced/hero')).toEqual(['.limn/replaced/hero/wide/0123456789abcdef.png'])

  // A rename in the manifest alone, which the next run notices.
  write('images.yaml', text('images.yaml').replace('shop/cover', 'harbour'))
  await generate()
  const { pictures } = await project.earlier('harbour')
  expect(pictures.map(({ prompt }) => prompt)).toEqual(['A harbour', 'A lighthouse'])
  const wanted = sha256(bytes(pictures[1]!.path))
  await project.restore('harbour', 2)
  expect(sha256(bytes('images/harbour.png'))).toBe(wanted)
})

test('finds candidates and replaced pictures under a name that has some of its own', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('A mark', ', candidates: 2') },
    server: true,
  })
  let width = 64
  project.server.answer(() => ({ kind: 'otherPicture', width: (width += 16), height: 96 }))
  await project.generate()
  project.write('images.yaml', manifest('A seal'))
  await project.generate()
  const own = sha256('x').slice(0, 16)
  project.write(`.limn/replaced/cover/${own}.png`, 'x')
  project.write(`.limn/candidates/cover/${own}/1.png`, 'x')
  await project.project.rename('hero', 'cover')
  const { pictures } = await project.project.earlier('cover')
  expect(pictures.filter(({ prompt }) => prompt === 'A mark')).toHaveLength(2)
  expect(pictures.map(({ path }) => path)).toContain(`.limn/candidates/cover/${own}/1.png`)
})

test('lists and restores pictures of the history of git, with what their lockfile says', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('A lighthouse'), '.gitignore': '.limn\nnode_modules\n' },
    server: true,
  })
  const { cli, server, bytes, lock, generate, list, write } = project
  const repository = createRepository(project.root)
  const commits: string[] = []
  const digests: string[] = []
  for (const prompt of ['A lighthouse', 'A harbour', 'A storm']) {
    write('images.yaml', manifest(prompt))
    await project.generate()
    commits.push(repository.commit(prompt))
    digests.push(sha256(bytes('images/hero.png')))
  }
  const [wanted] = digests
  expect((await project.project.earlier('hero')).pictures).toHaveLength(2)
  // A fresh clone has nothing but git.
  rmSync(join(project.root, '.limn'), { recursive: true })
  const { pictures } = await project.project.earlier('hero')
  expect(pictures).toMatchObject([
    { number: 1, origin: 'git', commit: commits[1], prompt: 'A harbour', usd: expect.any(Number) },
    {
      number: 2,
      origin: 'git',
      commit: commits[0],
      prompt: 'A lighthouse',
      path: 'images/hero.png',
    },
  ])
  const listed = await cli(['restore', 'hero'])
  expect(listed.stdout).toContain(`images/hero.png (commit ${commits[0]!.slice(0, 8)})`)
  const requests = server.requests.length
  expect(await cli(['restore', 'hero', '2'])).toMatchObject({ code: 0, stderr: '' })
  expect(sha256(bytes('images/hero.png'))).toBe(wanted)
  expect(lock().assets['hero']).toMatchObject({
    request: { prompt: 'A lighthouse' },
    master: { state: 'pinned', sha256: wanted },
    made: { provider: 'openai', usd: expect.any(Number) },
  })
  expect(await generate()).toMatchObject({ generated: 0 })
  expect(server.requests).toHaveLength(requests)
  // What it replaced is on the shelf, and listed once.
  const after = await project.project.earlier('hero')
  expect(after.pictures.map(({ prompt }) => prompt)).toEqual(['A storm', 'A harbour'])
  expect(list('.limn/replaced/hero')).toHaveLength(1)
})

test('adopts a picture of a commit whose lockfile records another one', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('A lighthouse'), '.gitignore': '.limn\nnode_modules\n' },
    server: true,
  })
  await project.generate()
  const repository = createRepository(project.root)
  project.server.answer(() => ({ kind: 'otherPicture', width: 96, height: 96 }))
  const original = project.bytes('images/hero.png')
  project.write('images.yaml', manifest('A harbour'))
  await project.generate()
  const harbour = project.bytes('images/hero.png')
  project.write('images/hero.png', original)
  repository.commit('The wrong picture')
  project.write('images/hero.png', harbour)
  repository.commit('The right picture')
  rmSync(join(project.root, '.limn'), { recursive: true })
  const { pictures } = await project.project.earlier('hero')
  expect(pictures).toMatchObject([{ origin: 'git', prompt: null, usd: null }])
  await expect(project.project.restore('hero', 'git-none')).rejects.toMatchObject({
    code: 'asset/no-earlier',
  })
  await project.project.restore('hero', pictures[0]!.id)
  expect(project.bytes('images/hero.png')).toEqual(original)
  expect(project.lock().assets['hero']!.master.state).toBe('adopted')
})

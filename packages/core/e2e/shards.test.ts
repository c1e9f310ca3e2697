import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import { hashRequest } from '../src/identity/request.ts'
import { openProject, type Project } from '../src/index.ts'
import { createProjectFiles, type ProjectFiles } from './project-files.ts'
import { createTestProject, type TestProject, type TestProjectOptions } from './test-project.ts'

const head = `version: 1
provider: openai
providers:
  openai: { models: { small: { price: 0.1, sizes: any }, dear: { price: 0.4, sizes: any } } }
out: public
limits: { inFlight: 4 }
defaults: { model: small, size: 64x64, outputs: [{ name: s, width: 32, height: 32, formats: [webp] }] }
assets:
`
const chains = `${head}  a: { prompt: A lighthouse, alt: x }
  b: { prompt: At night, alt: x, edit: { image: a } }
  c: { prompt: In winter, alt: x, edit: { image: b } }
  d: { prompt: A mug, alt: x, candidates: 2 }
  e: { prompt: Four people, alt: x }
  shop/f: { prompt: A red shoe, alt: x, model: dear }
  shop/g: { prompt: A blue shoe, alt: x, references: [shop/f] }
  h: { prompt: A cup, alt: x }
`

/** A copy of a project, as a job of a matrix checks it out. */
type Copy = ProjectFiles & { root: string; project: Project }

type ShardedProject = TestProject & {
  /** Copies the project as it is. */
  copy(): Copy
  /** Runs each shard in a copy of its own. */
  runShards(count: number, only?: readonly number[]): Promise<Copy[]>
}

/** Creates a project whose pictures are all made at the same time, as its records say. */
async function createSharded(
  manifest: string,
  options: TestProjectOptions = {},
): Promise<ShardedProject> {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-30T12:00:00Z') })
  onTestFinished(() => void vi.useRealTimers())
  const base = await createTestProject({
    files: { 'images.yaml': manifest },
    server: { createRequestId: () => 'req_test', models: ['small', 'dear'] },
    ...options,
  })
  const copy = (): Copy => {
    const root = mkdtempSync(join(tmpdir(), 'limn-shard-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    cpSync(base.root, root, { recursive: true })
    const project = openProject({ cwd: root, env: base.env, provider: options.provider })
    return { root, project, ...createProjectFiles(root) }
  }
  return {
    ...base,
    copy,
    async runShards(count, only = Array.from({ length: count }, (_, at) => at + 1)) {
      const copies = only.map((index) => ({ index, ...copy() }))
      for (const { index, project } of copies) await project.generate({ shard: { index, count } })
      return copies
    },
  }
}

const roots = (copies: readonly Copy[]): string[] => copies.map(({ root }) => root)

test('merges four shards to the lockfile of one run, byte for byte', async () => {
  const sharded = await createSharded(chains)
  const { copy, runShards, server, project, text, list } = sharded
  // One request fails in a way that no other attempt can change.
  server.answer(({ body }) =>
    body['prompt'] === 'Four people' ? errors.moderationBlocked : undefined,
  )
  const whole = copy()
  await whole.project.generate()
  const paid = server.requests.length
  const copies = await runShards(4)
  expect(server.requests.length - paid, 'each request is sent once').toBe(paid)
  const result = await project.merge(roots(copies))
  expect(result).toMatchObject({ conflicts: [], problems: [], received: 0 })
  expect(result.parts.map(({ shard }) => shard)).toEqual(['1/4', '2/4', '3/4', '4/4'])
  expect(text('images.lock')).toBe(whole.text('images.lock'))
  expect(list()).toEqual(whole.list())
  expect(list('.limn/candidates')).toEqual(whole.list('.limn/candidates'))
  const { plan } = await project.plan()
  expect(plan.steps.map(({ asset }) => asset)).toEqual(['e'])
  const history = await project.history()
  expect(history.filter(({ kind }) => kind === 'request')).toHaveLength(paid)
  // Merging again changes nothing.
  expect(await project.merge(roots(copies))).toMatchObject({
    merged: [],
    conflicts: [],
    problems: [],
  })
  expect(text('images.lock')).toBe(whole.text('images.lock'))
})

test('merges changed, renamed and new assets into a project that has pictures', async () => {
  const { copy, runShards, project, text, edit, list, expectUpToDate } = await createSharded(chains)
  await project.generate()
  edit('A lighthouse', 'A harbour')
  edit('  h:', '  shop/cup:')
  edit('A blue shoe', 'A green shoe')
  edit('assets:\n', 'assets:\n  new: { prompt: A map, alt: x }\n')
  const whole = copy()
  await whole.project.generate()
  const copies = await runShards(3)
  const result = await project.merge(roots(copies))
  expect(result).toMatchObject({
    moved: [{ from: 'h', to: 'shop/cup' }],
    conflicts: [],
    problems: [],
  })
  expect(text('images.lock')).toBe(whole.text('images.lock'))
  expect(list()).toEqual(whole.list())
  // The replaced pictures come back at no cost.
  const shelved = (files: readonly string[]): string[] =>
    files.filter((path) => path.endsWith('.picture'))
  expect(shelved(list('.limn/shelf'))).toEqual(shelved(whole.list('.limn/shelf')))
  await expectUpToDate()
})

test('merges artifacts that have only what the shards wrote', async () => {
  const { runShards, project, expectUpToDate } = await createSharded(chains)
  const copies = await runShards(2)
  for (const { root } of copies) {
    rmSync(join(root, 'images.yaml'))
    rmSync(join(root, 'node_modules'), { recursive: true, force: true })
  }
  expect(await project.merge(roots(copies))).toMatchObject({ conflicts: [], problems: [] })
  await expectUpToDate()
})

test('splits a repeated run of a shard as before', async () => {
  const { copy, server } = await createSharded(chains)
  const { project } = copy()
  const shard = { index: 1, count: 2 }
  server.answer(({ body }) =>
    body['prompt'] === 'At night' ? errors.moderationBlocked : undefined,
  )
  server.answer(({ body }) => (body['prompt'] === 'A mug' ? errors.moderationBlocked : undefined))
  const planned = (await project.plan({ shard })).plan.steps.map(({ asset }) => asset)
  const first = await project.generate({ shard })
  const again = (await project.plan({ shard })).plan.steps.map(({ asset }) => asset)
  const failed = new Set(first.failed.map(({ asset }) => asset))
  expect(again.sort()).toEqual(planned.filter((asset) => failed.has(asset)).sort())
})

test('takes what a killed shard received', async () => {
  const { runShards, project, server, expectUpToDate } = await createSharded(chains)
  const copies = await runShards(2)
  const [killed] = copies
  // What a process leaves that dies after it has received a picture.
  const lock = killed!.lock()
  const [name, entry] = Object.entries(lock.assets).find(([, { made }]) => !('candidates' in made))!
  const key = hashRequest(entry.request as never)
  killed!.write(`.limn/journal/${key}.picture`, killed!.bytes(entry.master.path))
  const { request, made } = entry
  killed!.write(`.limn/journal/${key}.json`, JSON.stringify({ request, made, asset: name }))
  rmSync(join(killed!.root, entry.master.path))
  delete lock.assets[name]
  killed!.write('images.lock', JSON.stringify(lock))
  const paid = server.requests.length
  expect(await project.merge(roots(copies))).toMatchObject({ received: 1, problems: [] })
  expect(await project.generate()).toMatchObject({ recovered: 1, failed: [], usd: 0 })
  expect(server.requests).toHaveLength(paid)
  await expectUpToDate()
})

test.each([
  ['after the first picture', 'public'],
  ['between two pictures', 'images/shop'],
  ['before the last files', 'public/shop'],
])('pays for nothing after a merge that was interrupted %s', async (_, target) => {
  const { runShards, project, server, root, write, list, lock, cli } = await createSharded(chains)
  const copies = await runShards(2)
  const paid = server.requests.length
  // A file where a folder belongs ends the merge there, as a kill would.
  write(target, '')
  await expect(project.merge(roots(copies))).rejects.toThrow()
  rmSync(join(root, target))
  await expect(project.generate()).rejects.toMatchObject({ code: 'merge/unfinished' })
  expect((await cli(['generate'])).stderr).toContain('limn merge')
  expect(server.requests).toHaveLength(paid)
  // A merge of one part leaves the other one open.
  await project.merge([copies[0]!.root])
  expect(list('.limn').filter((path) => path.includes('merge-'))).toHaveLength(1)
  await project.generate().catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'merge/unfinished' })
  })
  expect(server.requests).toHaveLength(paid)
  await project.merge([copies[1]!.root])
  expect(list('.limn').filter((path) => path.includes('merge-'))).toEqual([])
  expect(await project.generate()).toMatchObject({ generated: 0, failed: [] })
  expect(server.requests).toHaveLength(paid)
  expect(Object.keys(lock().assets)).toHaveLength(8)
})

test('reports two payments for one picture, and keeps both', async () => {
  const { runShards, project, cli, bytes, list, expectUpToDate } = await createSharded(
    `${head}  hero: { prompt: A lighthouse, alt: x }\n`,
  )
  const [first] = await runShards(1)
  vi.setSystemTime(new Date('2026-11-30T13:00:00Z'))
  const [second] = await runShards(1)
  const path = 'images/hero.png'
  // The same request has another picture.
  const other = Buffer.concat([second!.bytes(path), Buffer.from('other')])
  const digest = createHash('sha256').update(other).digest('hex')
  const old = second!.lock().assets['hero']!.master
  second!.write(path, other)
  second!.write(
    'images.lock',
    second!
      .text('images.lock')
      .replace(old.sha256, digest)
      .replace(/"bytes": \d+/, `"bytes": ${other.length}`),
  )
  const { code, stdout, stderr } = await cli(['merge', first!.root, second!.root])
  expect(code).toBe(1)
  expect(stdout).toContain('Merged 1 picture.')
  expect(stderr).toContain(`hero: ${first!.root} and ${second!.root} have different pictures`)
  expect(stderr).toContain('both have paid for the same request')
  expect(stderr).toContain('Shard 1/1 is there more than once')
  expect(bytes(path)).toEqual(first!.bytes(path))
  expect(list('.limn/replaced')).toEqual([`.limn/replaced/hero/${digest.slice(0, 16)}.png`])
  expect((await project.earlier('hero')).pictures).toHaveLength(1)
  await expectUpToDate()
})

test('keeps what the project has paid for meanwhile', async () => {
  const { runShards, project, text, bytes, list, edit } = await createSharded(
    `${head}  hero: { prompt: A lighthouse, alt: x }\n  mug: { prompt: A mug, alt: x }\n`,
  )
  const copies = await runShards(2)
  edit('A lighthouse', 'A harbour')
  vi.setSystemTime(new Date('2026-11-30T13:00:00Z'))
  await project.generate({ names: ['hero'] })
  const harbour = bytes('images/hero.png')
  const result = await project.merge(roots(copies))
  expect(result.conflicts).toMatchObject([{ asset: 'hero', kept: null, isSameRequest: false }])
  expect(result.merged).toEqual(['mug'])
  expect(bytes('images/hero.png')).toEqual(harbour)
  expect(text('images.lock')).toContain('A harbour')
  // The picture of the shard comes back with its prompt.
  expect(list('.limn/shelf').filter((path) => path.endsWith('.picture'))).toHaveLength(1)
  edit('A harbour', 'A lighthouse')
  expect(await project.generate()).toMatchObject({ recovered: 1, usd: 0 })
})

test('reports shards that do not fit together, and what is missing', async () => {
  const { copy, cli, edit, server } = await createSharded(chains)
  const one = copy()
  await one.project.generate({ shard: { index: 1, count: 3 } })
  edit('A cup', 'A bowl')
  const two = copy()
  await two.project.generate({ shard: { index: 2, count: 3 } })
  const [missing, damaged] = Object.values(two.lock().assets).map(({ master }) => master.path)
  rmSync(join(two.root, missing!))
  if (damaged !== undefined) two.write(damaged, 'damaged')
  const paid = server.requests.length
  const { code, stderr } = await cli(['merge', one.root, two.root])
  expect(code).toBe(1)
  expect(stderr).toContain(`${two.root} ran with another manifest than ${one.root}`)
  expect(stderr).toContain('Shard 3/3 is missing')
  expect(stderr).toContain(`it has no ${missing}`)
  if (damaged !== undefined) expect(stderr).toContain(`${damaged} is not the picture`)
  expect(server.requests).toHaveLength(paid)
})

test.each([
  [['generate', '--shard', '5/4'], /--shard does not know "5\/4"/],
  [['plan', '--shard', '0/2'], /--shard does not know "0\/2"/],
  [['plan', '--shard', 'two'], /--shard does not know "two"/],
  [['generate', '--shard', '1/2', '--profile', 'draft'], /--shard does not split drafts/],
  [['merge', '.'], /\. is the project itself/],
  [['merge', 'nowhere'], /nowhere has neither images\.lock nor the record of a shard/],
  [['merge'], /merge/],
])('refuses %s', async (args, message) => {
  const { cli } = await createTestProject({ files: { 'images.yaml': chains } })
  expect(await cli(args)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) })
})

test('takes nothing from a folder that leads out of it, or names what Limn would not write', async () => {
  const { runShards, project, cli, list, root, text } = await createSharded(
    `${head}  hero: { prompt: A lighthouse, alt: x }\n  mug: { prompt: A mug, alt: x }\n`,
  )
  const [part] = await runShards(1)
  const secret = join(root, '../secret.png')
  onTestFinished(() => rmSync(secret, { force: true }))
  cpSync(join(part!.root, 'images/hero.png'), secret)
  rmSync(join(part!.root, 'images/hero.png'))
  symlinkSync(secret, join(part!.root, 'images/hero.png'))
  const lock = part!.lock()
  lock.assets['mug']!.master.path = 'images/hero.png'
  part!.write('images.lock', JSON.stringify({ ...lock, __proto__: { x: 1 } }))
  const hash = 'a'.repeat(64)
  for (const folder of ['journal', 'shelf', 'replaced/hero', 'candidates/hero/0123456789abcdef']) {
    part!.write(`.limn/${folder}/x.txt`, 'foreign')
  }
  symlinkSync(secret, join(part!.root, `.limn/journal/${hash}.picture`))
  part!.write(`.limn/journal/${hash}.json`, '{}')
  part!.write(`.limn/shelf/${hash}+${hash}+12345678+64x64.picture`, 'another picture')
  part!.write('.limn/replaced/hero/0123456789abcdef.png', 'another picture')
  part!.write('.limn/intents/1-x.json', '{}')
  part!.write('.limn/trust.json', '{}')
  const before = list()
  const { code, stderr } = await cli(['merge', part!.root])
  expect(code).toBe(1)
  expect(stderr).toContain('its master would be images/hero.png')
  expect(stderr).toContain('no usable picture of hero')
  expect(list()).toEqual(
    [...before, ...(before.includes('images.lock') ? [] : ['images.lock'])].sort(),
  )
  expect(text('images.lock')).not.toContain('sha256')
  expect(list('.limn').map((path) => path.replace('.limn/', ''))).toEqual([
    '.gitignore',
    'history.jsonl',
    'writer.token',
  ])
  const { plan } = await project.plan()
  expect(plan.steps).toHaveLength(2)
})

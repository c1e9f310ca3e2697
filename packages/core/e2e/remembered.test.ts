import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openProject } from '../src/index.ts'
import { createTestProject, smallManifest, type TestProject } from './test-project.ts'

const prompts = { hero: 'A lighthouse', team: 'Four people', shop: 'A shop', mug: 'A mug' }
const withOut = (head = 'provider: openai\nout: public/img'): string => smallManifest(prompts, head)

/** Creates a project whose pictures are generated and whose plan is cached. */
async function createRemembered(
  manifest: string,
): Promise<{ project: TestProject; root: string; at: (path: string) => string }> {
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  await project.generate()
  await planUntilCached(project)
  return { project, root: project.root, at: (path) => join(project.root, path) }
}

/** Plans until the plan is cached, which does not happen while files are fresh. */
async function planUntilCached({ root }: TestProject): Promise<void> {
  const memory = join(root, 'node_modules/.cache/limn/images.yaml.plan.json')
  for (let before = -1; ;) {
    const { plan } = await openProject({ cwd: root }).plan()
    const { mtimeMs } = statSync(memory, { throwIfNoEntry: false }) ?? { mtimeMs: -1 }
    if (mtimeMs >= 0 && mtimeMs === before) {
      return expect(JSON.parse(readFileSync(memory, 'utf8'))).toMatchObject({ plan })
    }
    before = mtimeMs
    await wait(100)
  }
}

/** Asserts that the plan, cached or not, equals one made from all files. */
async function expectTrue({ root, project }: TestProject): Promise<string[]> {
  const { plan, warnings } = await openProject({ cwd: root }).plan()
  const fresh = await project.planWithSnapshot()
  expect(plan).toEqual(JSON.parse(JSON.stringify(fresh.plan)))
  expect(warnings).toEqual(JSON.parse(JSON.stringify(fresh.snapshot.warnings)))
  return plan.steps.map(({ kind, asset }) => `${kind} ${asset}`)
}

test('returns a cached plan without reading manifest or lockfile', async () => {
  const { root, at } = await createRemembered(withOut())
  const memory = at('node_modules/.cache/limn/images.yaml.plan.json')
  writeFileSync(memory, readFileSync(memory, 'utf8').replace('"unchanged":4', '"unchanged":5'))
  expect((await openProject({ cwd: root }).plan()).plan.unchanged).toBe(5)
})

/** Overwrites a file in place with as many other bytes, and sets its time back. */
function tamper(path: string): void {
  const { atime, mtime } = statSync(path)
  const bytes = readFileSync(path)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(path, bytes)
  utimesSync(path, atime, mtime)
}

test.each<[what: string, change: (at: (path: string) => string) => void, steps: string[]]>([
  [
    'a master that was altered in place and dated back',
    (at) => tamper(at('images/hero.png')),
    ['keep hero'],
  ],
  ['a master that is gone', (at) => rmSync(at('images/hero.png')), ['generate hero']],
  [
    'an output that was altered in place and dated back',
    (at) => tamper(at('public/img/hero/s.webp')),
    ['derive hero'],
  ],
  ['an output that is gone', (at) => rmSync(at('public/img/hero/s.webp')), ['derive hero']],
  [
    'an output that was replaced',
    (at) => renameSync(at('public/img/team/s.webp'), at('public/img/hero/s.webp')),
    ['derive hero', 'derive team'],
  ],
  [
    'a lock in which an entry has another name',
    (at) =>
      writeFileSync(
        at('images.lock'),
        readFileSync(at('images.lock'), 'utf8').replace('"hero": {', '"lost": {'),
      ),
    ['move hero'],
  ],
  ['an edited prompt', (at) => edit(at, 'A lighthouse', 'A windmill'), ['generate hero']],
  ['an edited alt', (at) => edit(at, 'alt: hero', 'alt: A hero'), []],
  [
    'another provider',
    (at) => edit(at, 'provider: openai', 'provider: local'),
    ['keep hero', 'keep mug', 'keep shop', 'keep team'],
  ],
  [
    'an asset that is gone',
    (at) => edit(at, '  hero:\n    prompt: A lighthouse\n    alt: hero\n', ''),
    ['prune hero'],
  ],
  [
    'a new asset',
    (at) => appendFileSync(at('images.yaml'), '  new: { prompt: A boat }\n'),
    ['generate new'],
  ],
  ['a renamed asset', (at) => edit(at, 'hero:', 'lead:'), ['move lead']],
])('notices %s', async (_, change, steps) => {
  const { project, at } = await createRemembered(withOut())
  change(at)
  expect((await expectTrue(project)).sort()).toEqual(steps.sort())
  expect((await expectTrue(project)).sort()).toEqual(steps.sort())
})

test('notices a missing file in the output cache', async () => {
  const { project, at } = await createRemembered(withOut('provider: openai'))
  expect(await expectTrue(project)).toEqual([])
  const [file] = project.list('node_modules/.cache/limn/outputs')
  rmSync(at(file!))
  expect(await expectTrue(project)).toHaveLength(1)
})

test.each(['more/*.yaml', 'more/**/*.yaml'])(
  'notices what changes in manifests that %s includes',
  async (glob) => {
    const project = await createTestProject({
      files: {
        'images.yaml': `version: 1\nprovider: openai\ninclude: [${glob}]\n`,
        'more/a.yaml': smallManifest({ hero: 'A lighthouse', mug: 'A mug' }, ''),
      },
      server: true,
    })
    await project.generate()
    await planUntilCached(project)
    const changes: [file: string, text: string, steps: string[]][] = [
      ['more/a.yaml', smallManifest({ hero: 'A windmill', mug: 'A mug' }, ''), ['generate hero']],
      [
        'more/b.yaml',
        smallManifest({ team: 'Four people' }, ''),
        ['generate hero', 'generate team'],
      ],
      [
        'more/a.yaml',
        smallManifest({ hero: 'A windmill', mug: 'Two mugs' }, ''),
        ['generate hero', 'generate mug', 'generate team'],
      ],
      ['more/a.yaml', smallManifest({ hero: 'A lighthouse', mug: 'A mug' }, ''), ['generate team']],
    ]
    for (const [file, text, steps] of changes) {
      project.write(file, text)
      expect(await expectTrue(project)).toEqual(steps)
      await planUntilCached(project)
      expect(await expectTrue(project)).toEqual(steps)
    }
    rmSync(join(project.root, 'more/b.yaml'))
    expect(await expectTrue(project)).toEqual([])
  },
)

test('plans correctly through a series of edits with pending steps', async () => {
  const { project, at } = await createRemembered(withOut())
  const edits: [string, string][] = [
    ['A lighthouse', 'A windmill'],
    ['Four people', 'Five people'],
    ['A windmill', 'A lighthouse'],
    ['alt: shop', 'alt: A shop\n    outputs: [og]'],
    ['A mug', 'A mug\n    edit: { image: hero }'],
    ['A lighthouse', 'A tower'],
    ['outputs: [og]', 'outputs: [og, { width: 32 }]'],
    ['Five people', 'Four people'],
    ['    edit: { image: hero }\n', ''],
    ['A tower', 'A lighthouse'],
  ]
  for (const [from, to] of edits) {
    edit(at, from, to)
    await wait(100)
    await expectTrue(project)
  }
  expect(await expectTrue(project)).toEqual(['derive shop', 'prune shop'])
})

test('misses no edit that another process has read or that was planned while fresh', async () => {
  const { project, at, root } = await createRemembered(withOut())
  edit(at, 'A lighthouse', 'A windmill')
  await project.project.planWithSnapshot()
  edit(at, 'Four people', 'Five people')
  const { plan } = await openProject({ cwd: root }).plan()
  expect(plan.steps.map(({ asset }) => asset)).toEqual(['hero', 'team'])
  edit(at, 'A shop', 'A market')
  await openProject({ cwd: root }).plan()
  edit(at, 'A mug', 'A cup')
  expect(await expectTrue(project)).toHaveLength(4)
})

function edit(at: (path: string) => string, from: string, to: string): void {
  const text = readFileSync(at('images.yaml'), 'utf8')
  expect(text).toContain(from)
  writeFileSync(at('images.yaml'), text.replace(from, to))
}

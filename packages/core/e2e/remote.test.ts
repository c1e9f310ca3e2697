import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pictureDigest } from '../src/digest.ts'
import type { ImageRequest } from '../src/identity/request.ts'
import { readLock } from '../src/lock/file.ts'
import { createFolderStore } from '../src/remote/folder-store.ts'
import { storeAnswer } from '../src/remote/store-answer.ts'
import { KEY, smallManifest, type TestProject, createTestProject } from './test-project.ts'
import { serve, webServer } from './web-store.ts'

const prompts = { hero: 'A lighthouse', team: 'Four people' }

/** Creates an empty folder that is a store. */
function createStore(): string {
  const store = mkdtempSync(join(tmpdir(), 'limn-store-'))
  onTestFinished(() => rmSync(store, { recursive: true, force: true }))
  return store
}

type Clones = { store: string; first: TestProject; second: TestProject }

/** Creates two clones of a project with one server and one store. */
async function createClones({
  manifest = smallManifest(prompts),
  latencyMs = 0,
}: { manifest?: string; latencyMs?: number } = {}): Promise<Clones> {
  const store = createStore()
  const files = { 'images.yaml': manifest }
  const env = { LIMN_REMOTE: store }
  const first = await createTestProject({ files, server: { latencyMs }, env })
  const keys = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: first.server.baseURL }
  const second = await createTestProject({ files, env: { ...env, ...keys } })
  return { store, first, second }
}

const filesOf = (store: string, kind: string): string[] =>
  readdirSync(join(store, 'v1', kind), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))

describe('two clones and one store', () => {
  test('pay once: the second one recovers pictures, receipts and lockfile', async () => {
    const { store, first, second } = await createClones()
    const paid = await first.generate()
    expect(paid).toMatchObject({ generated: 2, requested: Object.values(prompts).sort() })
    expect(paid.events).toContainEqual({ type: 'remote-uploaded', store, pictures: 2 })
    expect(filesOf(store, 'pictures')).toHaveLength(2)
    expect(filesOf(store, 'claims')).toEqual([])

    const approved: number[] = []
    const approve = async (plan: { usd: number }): Promise<void> => void approved.push(plan.usd)
    const result = await second.generate({ approve })
    expect(result).toMatchObject({ recovered: 2, usd: 0 })
    expect(approved).toEqual([0])
    expect(first.server.requests).toHaveLength(2)
    expect(second.text('images.lock')).toBe(first.text('images.lock'))
    expect(second.bytes('images/hero.png')).toEqual(first.bytes('images/hero.png'))
    expect(second.list('.limn/journal')).toEqual([])
  })

  test('pay once for each request if both run at the same time', async () => {
    const { first, second } = await createClones({ latencyMs: 300 })
    const runs = await Promise.all([first.generate(), second.generate()])
    expect(first.server.requests).toHaveLength(2)
    expect(runs.map(({ failed }) => failed)).toEqual([[], []])
    expect(second.text('images.lock')).toBe(first.text('images.lock'))
  })

  test('need no key for what the store has', async () => {
    const { store, first } = await createClones()
    await first.generate()
    const files = { 'images.yaml': smallManifest(prompts) }
    const clone = await createTestProject({ files, env: { LIMN_REMOTE: store } })
    expect(await clone.cli(['generate'])).toMatchObject({ code: 0 })
    expect(clone.text('images.lock')).toBe(first.text('images.lock'))
  })

  test('recover what was made from a recovered picture', async () => {
    const manifest = `${smallManifest({ base: 'A mug' })}  red: { prompt: Make it red, edit: { image: base }, alt: x }\n  redder: { prompt: Redder, edit: { image: red }, alt: x }\n`
    const { first, second } = await createClones({ manifest })
    await first.generate()
    expect(first.server.requests).toHaveLength(3)
    expect(await second.generate()).toMatchObject({ recovered: 3, generated: 0, usd: 0 })
    expect(first.server.requests).toHaveLength(3)
  })

  test('share candidates too', async () => {
    const manifest = `${smallManifest({})}  hero: { prompt: A mug, alt: x, candidates: 3 }\n`
    const { first, second } = await createClones({ manifest })
    await first.generate()
    const count = first.server.requests.length
    const { events } = await second.generate()
    expect(first.server.requests).toHaveLength(count)
    expect(events.find(({ type }) => type === 'generated')).toMatchObject({ candidates: 3 })
  })

  test('share a picture between assets with the same request, in every clone', async () => {
    const { first, second } = await createClones({
      manifest: smallManifest({ a: 'A mug', b: 'A mug' }),
    })
    expect((await first.generate()).failed).toEqual([])
    const paid = first.server.requests.length
    expect(await second.generate()).toMatchObject({ recovered: 2, usd: 0, failed: [] })
    expect(first.server.requests).toHaveLength(paid)
  })

  test('share a picture with an asset that is added later, whose price is approved', async () => {
    const { first } = await createClones({ manifest: smallManifest({ a: 'A mug' }) })
    await first.generate()
    first.write('images.yaml', smallManifest({ a: 'A mug', b: 'A mug' }))
    const approve = async (): Promise<void> => {}
    expect(await first.generate({ approve })).toMatchObject({ usd: 0, failed: [] })
    expect(first.server.requests).toHaveLength(1)
    expect(first.bytes('images/b.png')).toEqual(first.bytes('images/a.png'))
    await first.expectUpToDate()
  })

  test('keep what another process of the clone has paid for meanwhile', async () => {
    const { store, first, second } = await createClones({ latencyMs: 1000 })
    await first.cli(['generate', '--yes'], { LIMN_REMOTE: 'off' })
    const { request, made } = readLock(join(first.root, 'images.lock')).assets.get('hero')!
    const bytes = first.bytes('images/team.png')
    const picture = { sha256: pictureDigest(bytes), bytes: bytes.length, read: () => bytes }
    const answer = { request: request as ImageRequest, made, pictures: [picture] }
    const folder = createFolderStore({ folder: store, root: store, isCreated: false })
    await storeAnswer(answer, { store: folder })

    second.write('images.yaml', smallManifest({ hero: prompts.hero }))
    const other = second.cli(['generate', '--yes'], { LIMN_REMOTE: 'off' })
    while (first.server.requests.length < 3) await new Promise((end) => setTimeout(end, 10))
    expect(await second.project.generate()).toMatchObject({ failed: [], usd: 0 })
    expect(await other).toMatchObject({ code: 0 })
    expect(second.bytes('images/hero.png')).toEqual(first.bytes('images/hero.png'))
    await second.expectUpToDate()
  })

  test('compare variants at no cost that another clone has paid for', async () => {
    const { first, second } = await createClones()
    await first.generate()
    second.write('images.yaml', smallManifest({ hero: 'A boat' }))
    const variants = [{ prompt: prompts.hero }, { prompt: prompts.team }]
    const compared = await second.project.compareVariants('hero', variants, { maxUsd: 1 })
    expect(compared).toMatchObject({ made: 2, failed: [], usd: 0 })
    expect(first.server.requests).toHaveLength(2)
  })

  test('price and share variants of the contact sheet', async () => {
    const { store, first, second } = await createClones({
      manifest: smallManifest({ hero: prompts.hero }),
    })
    await first.generate()
    const variants = [{ prompt: 'A boat' }, { prompt: 'A mill' }]
    const [boat] = (await second.project.priceVariants('hero', variants)).usd
    expect(boat).toBeGreaterThan(0)
    const [own] = variants
    await first.project.compareVariants('hero', [own!], { maxUsd: 1 })
    expect(filesOf(store, 'pictures')).toHaveLength(2)
    expect(await second.project.priceVariants('hero', variants)).toMatchObject({ usd: [0, boat] })
    const compared = await second.project.compareVariants('hero', variants, { maxUsd: boat! })
    expect(compared).toMatchObject({ made: 2, failed: [] })
    expect(filesOf(store, 'pictures')).toHaveLength(3)
    expect(first.server.requests).toHaveLength(3)
  })

  test('forecast what the store has with limn plan --remote, which downloads nothing', async () => {
    const { store, first, second } = await createClones()
    await first.generate({ names: ['hero'] })
    const plan = await second.cli(['plan'])
    expect(plan.stdout).not.toContain('From the store')
    const asked = await second.cli(['plan', '--remote'])
    expect(asked.stdout).toMatch(/From the store: 1 of 2 pictures, \$[\d.]+ less: hero \(/)
    expect(second.list('.limn/journal')).toEqual([])
    const json = await second.cli(['plan', '--remote', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ remote: { asked: 2, found: ['hero'] } })
    rmSync(store, { recursive: true })
    const failed = await second.cli(['plan', '--remote'])
    expect(failed).toMatchObject({ code: 1 })
    expect(failed.stderr).toContain('does not exist, or is not mounted')
    const none = await second.cli(['plan', '--remote'], { LIMN_REMOTE: 'off' })
    expect(none.stderr).toContain('This project has no remote store.')
  })

  test('use as many candidates as the clone wants', async () => {
    const manifest = (candidates: number): string =>
      `${smallManifest({})}  hero: { prompt: A mug, alt: x, candidates: ${candidates} }\n`
    const { first, second } = await createClones({ manifest: manifest(3) })
    await first.generate()
    second.write('images.yaml', manifest(1))
    await second.generate()
    expect(second.list('.limn/journal')).toEqual([])
  })

  test('restore a master that is only in the lockfile, byte for byte', async () => {
    const { first, second } = await createClones()
    await first.generate()
    second.write('images.lock', first.text('images.lock'))
    expect(await second.generate()).toMatchObject({ recovered: 2, usd: 0 })
    expect(second.bytes('images/team.png')).toEqual(first.bytes('images/team.png'))
    expect(second.text('images.lock')).toBe(first.text('images.lock'))
  })

  test('request a forced picture again', async () => {
    const { first, second } = await createClones()
    await first.generate()
    await second.generate()
    await second.generate({ names: ['hero'], force: true })
    expect(first.server.requests).toHaveLength(3)
  })
})

describe('masters: remote', () => {
  const remoteMasters = (lines = ''): string =>
    smallManifest(prompts, `provider: openai\nmasters: remote${lines}`)

  test('commits only the lockfile: a clone checks offline, and downloads what it derives', async () => {
    const { first, second } = await createClones({ manifest: remoteMasters() })
    await first.generate()
    second.write('images.lock', first.text('images.lock'))
    expect(await second.cli(['check'])).toMatchObject({ code: 0 })
    const plan = await second.cli(['plan'])
    expect(plan.stdout).toContain('limn cache pull')
    expect(second.list().filter((path) => path.startsWith('images/'))).toEqual([])

    const { derived, usd, failed } = await second.generate()
    expect({ derived, usd, failed }).toEqual({ derived: 2, usd: 0, failed: [] })
    expect(first.server.requests).toHaveLength(2)
    expect(second.bytes('images/hero.png')).toEqual(first.bytes('images/hero.png'))
    expect(second.text('images.lock')).toBe(first.text('images.lock'))

    // What is derived needs no master any more.
    rmSync(join(second.root, 'images'), { recursive: true })
    await second.expectUpToDate()
    expect(await second.cli(['cache', 'pull'])).toMatchObject({ code: 0 })
    expect(second.bytes('images/team.png')).toEqual(first.bytes('images/team.png'))
  })

  const broken: Record<string, (store: string) => void> = {
    missing: (store) => rmSync(store, { recursive: true }),
    'no folder'(store) {
      rmSync(store, { recursive: true })
      writeFileSync(store, '')
    },
    'damaged inside'(store) {
      writeFileSync(join(store, 'v1'), '')
    },
  }

  test.each(Object.entries(broken))(
    'fails a run whose pictures are only on this machine, until they are uploaded: %s',
    async (_, breakStore) => {
      const { store, first } = await createClones({ manifest: remoteMasters() })
      breakStore(store)
      const failed = await first.cli(['generate', '--yes'])
      expect(failed.code).toBe(1)
      expect(failed.stderr).toContain('only on this machine (images/hero.png, images/team.png)')
      expect(failed.stderr).toContain('limn cache push')

      rmSync(store, { recursive: true, force: true })
      mkdirSync(store)
      const sent = await first.cli(['generate', '--yes', '--json'])
      expect(sent).toMatchObject({ code: 0 })
      expect(sent.stdout).toContain('"remote-uploaded"')
      expect(filesOf(store, 'pictures')).toHaveLength(2)
      expect(first.list('.limn/unsent')).toEqual([])
      expect(first.server.requests).toHaveLength(2)
    },
  )

  /** Starts a project whose store answers no upload of a picture until `release` is called. */
  async function createSlowStore(): Promise<{
    project: TestProject
    release: () => void
    uploading: Promise<void>
    pictures: () => number
  }> {
    const objects = new Map<string, Buffer>()
    let release = (): void => {}
    let start = (): void => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const uploading = new Promise<void>((resolve) => (start = resolve))
    const hold = ({ url }: { url?: string | undefined }): Promise<void> | undefined => {
      if (url?.includes('/pictures/') !== true) return undefined
      start()
      return released
    }
    const url = await serve(webServer({ objects, hold }))
    const project = await createTestProject({
      files: { 'images.yaml': remoteMasters() },
      server: true,
      env: { LIMN_REMOTE: `${url}limn` },
    })
    const pictures = (): number =>
      [...objects.keys()].filter((key) => key.includes('/pictures/')).length
    return { project, release, uploading, pictures }
  }

  test('generates everything while a slow store keeps the uploads waiting', async () => {
    const { project, release, pictures } = await createSlowStore()
    const seen: string[] = []
    const run = project.project.generate({
      onEvent({ type }) {
        if (type !== 'generated' && type !== 'derived') return
        // Nothing is uploaded before the last file is derived.
        if (seen.push(type) === 4) release()
      },
    })
    expect(await run).toMatchObject({ generated: 2, failed: [], unsent: 0 })
    expect(pictures()).toBe(2)
    expect(project.list('.limn/unsent')).toEqual([])
  })

  test('uploads in the next run what a killed run had paid for', async () => {
    const { project, release, uploading, pictures } = await createSlowStore()
    const killed = project.start(['generate', '--yes'])
    await uploading
    killed.kill('SIGKILL')
    await killed.done
    release()
    expect(await project.cli(['generate', '--yes'])).toMatchObject({ code: 0 })
    expect(project.list('.limn/unsent')).toEqual([])
    expect(pictures()).toBe(2)
    // The second picture may have been in flight when the process was killed.
    expect(project.server.requests.length).toBeLessThanOrEqual(3)
  })

  test('uploads later what a run without the store or a person made', async () => {
    const { store, first } = await createClones({ manifest: remoteMasters() })
    for (const _ of [1, 2]) {
      const { code } = await first.cli(['generate', '--yes'], { LIMN_REMOTE: 'off' })
      expect(code).toBe(1)
    }
    expect(await first.cli(['cache', 'push'])).toMatchObject({ code: 0 })
    expect(first.list('.limn/unsent')).toEqual([])
    await first.project.adopt('hero', first.bytes('images/team.png'))
    writeFileSync(join(first.root, 'images/team.png'), first.bytes('images/hero.png'))
    expect((await first.cli(['adopt', 'team'])).code).toBe(0)
    expect(await first.cli(['generate', '--yes'])).toMatchObject({ code: 0 })
    expect(first.list('.limn/unsent')).toEqual([])
    expect(filesOf(store, 'requests').length).toBeGreaterThan(2)
  })

  test('renames an asset whose master is only in the store, and derives its files', async () => {
    const { first, second } = await createClones({ manifest: remoteMasters() })
    await first.generate()
    second.write('images.lock', first.text('images.lock'))
    second.write('images.yaml', remoteMasters().replace('hero:', 'top:'))
    expect(await second.generate()).toMatchObject({ moved: 1, derived: 2, usd: 0, failed: [] })
    expect(second.bytes('images/top.png')).toEqual(first.bytes('images/hero.png'))
    expect(first.server.requests).toHaveLength(2)
  })

  test('pays for nothing while the store is gone, and says what to do', async () => {
    const { store, first, second } = await createClones({ manifest: remoteMasters() })
    await first.generate()
    second.write('images.lock', first.text('images.lock'))
    rmSync(store, { recursive: true })
    const { stdout, stderr } = await second.cli(['generate', '--yes'])
    expect(first.server.requests).toHaveLength(2)
    expect(stdout + stderr).toContain('limn cache pull')
  })

  test('downloads an input before it requests what is made from it', async () => {
    const edits = (prompt: string): string =>
      `${remoteMasters()}  night: { prompt: ${prompt}, edit: { image: hero }, alt: x }\n`
    const { first, second } = await createClones({ manifest: edits('At night') })
    await first.generate()
    second.write('images.lock', first.text('images.lock'))
    second.write('images.yaml', edits('At noon'))
    const { failed } = await second.generate()
    expect(failed).toEqual([])
    expect(first.server.requests).toHaveLength(4)
  })
})

describe('limn cache', () => {
  test('pushes, measures, pulls, verifies and cleans up', async () => {
    const { store, first, second } = await createClones()
    await first.cli(['generate', '--yes'], { LIMN_REMOTE: 'off' })
    expect(await first.cli(['cache', 'push'])).toMatchObject({
      code: 0,
      stdout: `2 pictures uploaded to ${store}, which has 2 masters of this project.\n`,
    })
    expect((await first.cli(['cache', 'push'])).stdout).toContain('0 pictures uploaded')
    expect((await first.cli(['cache'])).stdout).toContain('2 of the 2 masters in the lockfile')

    second.write('images.lock', first.text('images.lock'))
    const pulled = await second.cli(['cache', 'pull', '--json'])
    expect(JSON.parse(pulled.stdout)).toMatchObject({
      type: 'pulled',
      pulled: ['images/hero.png', 'images/team.png'],
      missing: [],
    })
    expect((await second.cli(['check'])).code).toBe(0)

    expect(await first.cli(['cache', 'verify'])).toMatchObject({ code: 0 })
    writeFileSync(filesOf(store, 'pictures')[0]!, 'something else')
    expect(await first.cli(['cache', 'verify'])).toMatchObject({ code: 1 })
    expect(await first.cli(['cache', 'verify', '--delete'])).toMatchObject({ code: 0 })
    expect(await first.cli(['cache', 'push'])).toMatchObject({ code: 0 })
    expect(await first.cli(['cache', 'verify'])).toMatchObject({ code: 0 })
    const swept = await first.cli(['cache', 'gc', '--older-than', '0', '--json'])
    expect(JSON.parse(swept.stdout)).toMatchObject({ type: 'swept', keys: [] })
  })

  test.each([
    [['cache'], 'This project has no remote store.'],
    [['cache', 'empty'], 'limn cache accepts push, pull, stat, verify or gc'],
    [['cache', 'gc', '--older-than', 'soon'], '--older-than accepts a number of days'],
  ])('%j fails with a sentence', async (args, message) => {
    const project = await createTestProject({ files: { 'images.yaml': smallManifest(prompts) } })
    const { code, stderr } = await project.cli(args)
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message) as string,
    })
  })
})

describe('a store that can not be trusted or used', () => {
  test.each<[string, (file: string) => void]>([
    ['truncated', (file) => truncateSync(file, 100)],
    ['empty', (file) => truncateSync(file, 0)],
    ['foreign', (file) => writeFileSync(file, 'something else')],
  ])('does not give out a picture that is %s', async (_, damage) => {
    const { store, first, second } = await createClones()
    await first.generate()
    for (const file of filesOf(store, 'pictures')) damage(file)
    const { events } = await second.generate()
    expect(first.server.requests).toHaveLength(4)
    expect(events.filter(({ type }) => type === 'remote-damaged')).toHaveLength(2)
  })

  test('fails no run, warns once, and reports what was not uploaded', async () => {
    const missing = join(tmpdir(), 'limn-not-mounted', 'store')
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest(prompts) },
      server: true,
      env: { LIMN_REMOTE: missing },
    })
    const { code, stderr } = await project.cli(['generate', '--yes'])
    expect(code).toBe(0)
    expect(stderr.match(/may pay for pictures that it has/g)).toHaveLength(1)
    expect(stderr).toMatch(
      /could not ask .* about 2 pictures: if it has them, up to \$[\d.]+ is paid a second time/,
    )
    expect(stderr).toContain(
      `2 pictures not uploaded to ${missing}. Run \`limn cache push\` later.`,
    )
  })

  test.each<[string, string, Record<string, string>]>([
    ['by the manifest', 'required: true', {}],
    ['by the environment', 'required: false', { LIMN_REMOTE_REQUIRED: '1' }],
    ['by the environment alone', '', { LIMN_REMOTE_REQUIRED: 'true' }],
  ])('is required %s: nothing is paid for without it', async (_, line, env) => {
    const missing = join(tmpdir(), 'limn-not-mounted', 'store')
    const head = `provider: openai\nremote: { url: "${missing}", ${line} }`
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest(prompts, head) },
      server: true,
      trust: `remote@file://${missing}`,
    })
    const { code, stderr } = await project.cli(['generate', '--yes'], env)
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not exist, or is not mounted') as string,
    })
    expect(project.server.requests).toEqual([])
    const off = await project.cli(['generate', '--yes'], { ...env, LIMN_REMOTE: 'off' })
    expect(off.code).toBe(0)
  })

  test('is checked by limn doctor', async () => {
    const { store, first } = await createClones()
    const sound = await first.cli(['doctor'])
    expect(sound.stdout).toContain('of two machines that claim a request, one gets it')
    expect(
      readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      ),
    ).toEqual([])
    rmSync(store, { recursive: true })
    const lost = await first.cli(['doctor'])
    expect(lost.stdout).toMatch(/! read +The remote store .* does not exist, or is not mounted/)
    expect(lost.code).toBe(0)
    expect((await first.cli(['doctor'], { LIMN_REMOTE_REQUIRED: '1' })).code).toBe(1)
    expect((await first.cli(['doctor'], { LIMN_REMOTE: 'off' })).stdout).not.toContain(
      'Remote store',
    )
  })

  test('is used for reading if it is read-only', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere')
    const { store, first, second } = await createClones()
    await first.generate({ names: ['hero'] })
    chmodSync(store, 0o555)
    onTestFinished(() => chmodSync(store, 0o755))
    const { recovered, failed } = await second.generate()
    expect({ recovered, failed }).toEqual({ recovered: 1, failed: [] })
  })
})

describe('consent', () => {
  test.each([
    ['s3://bucket/limn', 'remote@s3://bucket'],
    ['https://cache.example.com/limn', 'remote@https://cache.example.com/limn'],
    ['/srv/limn cache', 'remote@file:///srv/limn%20cache'],
    ['../outside', /remote@file:\/\/\/.*\/outside/],
  ])('is needed for a store that only the manifest names: %s', async (url, grant) => {
    const manifest = smallManifest(prompts, `provider: openai\nremote: { url: "${url}" }`)
    const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
    const { code, stderr } = await project.cli(['generate', '--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain('images.yaml:3:')
    expect(stderr).toMatch(grant)
    expect(project.server.requests).toEqual([])
    expect(await project.cli(['plan'])).toMatchObject({ code: 0 })
    expect(await project.cli(['generate', '--yes'], { LIMN_REMOTE: 'off' })).toMatchObject({
      code: 0,
    })
  })

  test('is needed for a store that a file of the repository names', async () => {
    const files = { 'images.yaml': smallManifest(prompts), '.env': 'LIMN_REMOTE=/srv/limn\n' }
    const project = await createTestProject({ files, server: true })
    const { code, stderr } = await project.cli(['generate', '--yes'])
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('.env:1') as string,
    })
  })

  test('lets the manifest name a store once it was given', async () => {
    const store = createStore()
    const manifest = smallManifest(prompts, `provider: openai\nremote: { url: "${store}" }`)
    const trust = `remote@file://${store}`
    const project = await createTestProject({
      files: { 'images.yaml': manifest },
      server: true,
      trust,
    })
    expect(await project.cli(['generate', '--yes'])).toMatchObject({ code: 0 })
    expect(filesOf(store, 'pictures')).toHaveLength(2)
    expect((await project.cli(['trust'])).stdout).toContain(`needs ${trust}: granted`)
  })

  test('is not needed for a folder of the project, which no link leads out of', async () => {
    const outside = createStore()
    const manifest = smallManifest(prompts, 'provider: openai\nremote: { url: .cache/limn }')
    const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
    await project.generate({ names: ['hero'] })
    expect(filesOf(join(project.root, '.cache/limn'), 'pictures')).toHaveLength(1)
    rmSync(join(project.root, '.cache'), { recursive: true })
    symlinkSync(outside, join(project.root, '.cache'))
    await project.generate({ names: ['team'] })
    expect(readdirSync(outside)).toEqual([])
  })
})

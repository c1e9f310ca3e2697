import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { currentProcess } from '../src/disk/process.ts'
import { hashRequest, requestOf } from '../src/identity/request.ts'
import { createTestProject, smallManifest, stepsOf, type TestProject } from './test-project.ts'

const six = Object.fromEntries(
  Array.from({ length: 6 }, (_, index) => [`p${index}`, `Boat number ${index}`]),
)

/** Returns the prompts whose pictures are in the journal or the lockfile. */
async function safePrompts({ project, root }: TestProject): Promise<string[]> {
  const { manifest, lock } = await project.snapshot()
  const journal = new Set(readdirSync(join(root, '.limn'), { recursive: true }).map(String))
  return manifest.assets
    .filter(
      (asset) =>
        lock.assets.has(asset.name) ||
        journal.has(join('journal', `${hashRequest(requestOf(asset))}.picture`)),
    )
    .map(({ prompt }) => prompt)
}

async function putIntoJournal(
  { project, write }: TestProject,
  name: string,
  bytes: Buffer,
): Promise<void> {
  const { manifest } = await project.snapshot()
  const asset = manifest.assets.find((candidate) => candidate.name === name)!
  write(`.limn/journal/${hashRequest(requestOf(asset))}.picture`, bytes)
}

async function drawn(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 816, height: 816, channels: 3, background: colour } })
    .png()
    .toBuffer()
}

test('recovers a picture from the journal that matches a request, and requests nothing', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  const paid = await drawn('red')
  await putIntoJournal(project, 'hero', paid)
  expect(stepsOf(await project.plan())).toEqual(['recover hero'])
  expect(await project.generate()).toMatchObject({
    recovered: 1,
    generated: 0,
    requested: [],
    usd: 0,
  })
  expect(project.bytes('images/hero.png').equals(paid)).toBe(true)
  expect(project.list('.limn/journal')).toEqual([])
})

test('leaves a picture in the journal that matches no request', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await putIntoJournal(project, 'hero', await drawn('red'))
  project.edit('A lighthouse', 'A windmill')
  expect(await project.generate()).toMatchObject({ generated: 1, recovered: 0 })
  expect(project.list('.limn/journal')).toHaveLength(1)
})

test('uses one picture of the journal for one of two assets with the same request', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ a: 'A lighthouse', b: 'A lighthouse' }) },
    server: true,
  })
  await putIntoJournal(project, 'a', await drawn('red'))
  expect(await project.generate()).toMatchObject({
    recovered: 1,
    generated: 1,
    requested: ['A lighthouse'],
  })
})

test('moves a damaged picture out of the journal, and requests it again in the next run', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await putIntoJournal(project, 'hero', (await drawn('red')).subarray(0, 200))
  const { code, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(stderr).toContain('✗ hero: The provider returned an incomplete picture.')
  expect(project.list('.limn/rejected')).toHaveLength(1)
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
})

test('keeps an edited master if the journal still holds its original', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await project.generate()
  await putIntoJournal(project, 'hero', project.bytes('images/hero.png'))
  await project.expectUpToDate()
  const mine = await drawn('green')
  project.write('images/hero.png', mine)
  expect(stepsOf(await project.plan())).toEqual(['keep hero'])
  await project.generate()
  expect(project.bytes('images/hero.png').equals(mine)).toBe(true)
})

test.each([
  [
    'after the first picture is reported',
    (run: { printed(pattern: RegExp): Promise<void> }) => run.printed(/✓/),
  ],
  [
    'after four pictures are reported',
    (run: { printed(pattern: RegExp, times?: number): Promise<void> }) => run.printed(/✓/, 4),
  ],
])('pays for no picture twice if it is killed %s', async (_, moment) => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(six) },
    server: { latencyMs: 150 },
  })
  const run = project.start(['generate'])
  await moment(run)
  run.kill('SIGKILL')
  await run.done
  const safe = await safePrompts(project)
  expect(safe.length).toBeGreaterThan(0)
  const next = await project.generate()
  expect(next.failed).toEqual([])
  expect(next.requested).toEqual(Object.values(six).filter((prompt) => !safe.includes(prompt)))
})

test('pays for no picture twice, wherever it is killed', async () => {
  // From before the first request, over pictures half written, to after the first lockfile.
  const delays = [0, 130, 160, 180, 210, 260]
  const killed = await Promise.all(
    delays.map(async (delay) => {
      const project = await createTestProject({
        files: { 'images.yaml': smallManifest(six) },
        server: { latencyMs: 120 },
      })
      const run = project.start(['generate'])
      while (project.server.requests.length === 0) await sleep(5)
      await sleep(delay)
      run.kill('SIGKILL')
      await run.done
      return project
    }),
  )
  for (const project of killed) {
    const safe = await safePrompts(project)
    const next = await project.generate()
    expect(next.requested).toEqual(Object.values(six).filter((prompt) => !safe.includes(prompt)))
    expect(Object.keys(project.lock().assets)).toEqual(Object.keys(six))
    expect(
      [
        ...project.list(),
        ...(next.requested.length > 0 ? project.list('.limn/journal') : []),
      ].filter((path) => path.includes('.tmp')),
    ).toEqual([])
  }
})

test('takes the writer lock of a dead process at once, and waits for a running one', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(six) },
    server: { latencyMs: 100 },
  })
  const [one, other] = [project.start(['generate']), project.start(['generate'])]
  const results = await Promise.all([one.done, other.done])
  expect(results.map(({ code }) => code)).toEqual([0, 0])
  expect(results.map(({ stdout }) => stdout).join('')).toContain(
    'Another Limn process is writing to this project: waiting for it.',
  )
  expect(project.server.requests).toHaveLength(6)
  await project.expectUpToDate()

  // This is the writer lock of a killed process.
  mkdirSync(join(project.root, '.limn', 'writer.lock'))
  writeFileSync(
    join(project.root, '.limn', 'writer.lock', 'token'),
    JSON.stringify({ ...currentProcess(), pid: 2 ** 22 + 1 }),
  )
  project.edit('Boat number 0', 'Boat number 9')
  const started = performance.now()
  expect((await project.generate()).requested).toEqual(['Boat number 9'])
  expect(performance.now() - started).toBeLessThan(3000)
})

test('continues if `.limn` is deleted during a run, and pays for nothing twice', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(six) },
    server: { latencyMs: 1500 },
  })
  const run = project.start(['generate'])
  await run.printed(/✓/)
  rmSync(join(project.root, '.limn'), { recursive: true })
  expect(await run.done).toMatchObject({ code: 0, stderr: '' })
  expect(project.server.requests).toHaveLength(6)
  await project.expectUpToDate()
})

test('exits at the first Ctrl-C while it waits for another process', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(six) },
    server: true,
  })
  mkdirSync(join(project.root, '.limn', 'writer.lock'), { recursive: true })
  writeFileSync(
    join(project.root, '.limn', 'writer.lock', 'token'),
    JSON.stringify(currentProcess()),
  )
  const waiting = project.start(['generate'])
  await waiting.printed(/waiting for it/)
  waiting.kill('SIGINT')
  const { code, stderr } = await waiting.done
  expect(code).toBe(130)
  expect(stderr).toContain('The command was stopped while it waited for another Limn process.')
  expect(project.server.requests).toHaveLength(0)
})

test('requests nothing if the journal cannot be read', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(six), '.limn/journal': 'a file' },
    server: true,
  })
  const { code, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^Error: .*journal can't be read \(a part of its path is a file\).*\n  → /)
  expect(project.server.requests).toHaveLength(0)
})

test.each(['after a run that ended', 'after a crash'])(
  'keeps the picture of a master that is gone, %s',
  async (when) => {
    const files = { 'images.yaml': smallManifest({ hero: 'A lighthouse', mug: 'A mug' }) }
    const project = await createTestProject({ files, server: true })
    const { root, generate, bytes, write } = project
    await generate()
    const master = bytes('images/hero.png')
    await putIntoJournal(project, 'hero', master)
    rmSync(join(root, 'images/hero.png'))
    if (when === 'after a crash') write('.limn/writer.died', '{}')
    expect(await generate()).toMatchObject({ recovered: 1, requested: [], failed: [] })
    expect(bytes('images/hero.png').equals(master)).toBe(true)
  },
)

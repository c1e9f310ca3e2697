import { expect, test } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import { createTestProject, KEY, smallManifest, type TestProject } from './test-project.ts'

/** A key that only `.env` has. Limn logs it as the name of an asset, where it must be redacted. */
const FILE_KEY = 'acme-0123456789abcdef'

const DEBUG = { DEBUG: 'limn:*' }

const createProject = (manifest: string): Promise<TestProject> =>
  createTestProject({
    files: { 'images.yaml': manifest, '.env': `ACME_API_KEY=${FILE_KEY}\n` },
    server: true,
  })

/** Returns the lines of the debug log, without the time: `limn:plan hero: generate, new`. */
function logOf(stderr: string): string[] {
  return stderr.split('\n').flatMap((line) => /^\S+ (limn:.*)$/.exec(line)?.[1] ?? [])
}

/** Replaces what differs from run to run: durations and times. */
function normalise(stdout: string): string {
  return stdout.replace(/\d+(\.\d+)? m?s\b/g, '<time>')
}

test('logs the decisions of each stage of a run to stderr', async () => {
  const project = await createProject(smallManifest({ hero: 'A lighthouse' }))
  project.server.next({ ...errors.rateLimited, headers: { 'retry-after-ms': '10' } })
  const { code, stderr } = await project.cliProcess(['generate'], DEBUG)
  expect(code, stderr).toBe(0)
  const log = logOf(stderr).join('\n')
  const key = '[0-9a-f]{64}'
  for (const line of [
    /limn:manifest parsed: files: 1, assets: 1, diagnostics: 0, \d+(\.\d)? ms/,
    /limn:manifest read from the cache: files: 1, assets: 1, [\d.]+ ms/,
    /limn:plan hero: generate, new/,
    /limn:plan steps: 1, unchanged: 0, unknown prices: 0, at most 0\.\d+ USD, [\d.]+ ms/,
    /limn:lock \S+images\.lock does not exist/,
    /limn:lock wrote \S+images\.lock: entries: 1, \d+ bytes, [\d.]+ ms/,
    /limn:store writer lock: acquired after [\d.]+ ms/,
    new RegExp(`limn:store \\S+journal: kept ${key}, \\d+ bytes, [\\d.]+ ms`),
    new RegExp(`limn:store \\S+journal: removed ${key}`),
    /limn:store writer lock: released/,
    /limn:request hero: attempt 1 after a wait of [\d.]+ ms: 1 × \d+x\d+, quality \w+, openai gpt-\S+/,
    /limn:request hero: provider\/rate-limit after \d+ ms, 0 USD/,
    /limn:request hero: attempt 2 after a wait of [\d.]+ ms/,
    /limn:request hero: ok after \d+ ms, 0\.\d+ USD/,
    /limn:limits \d+ of at most \d+ requests at a time/,
    /limn:limits slowed down: 1 refusals in a row, \d+ requests at a time, paused for 10 ms/,
    /limn:limits waiting \d+ ms: the server refused a request/,
    /limn:derive hero\/s\.webp: cut, \d+ bytes, \d+ ms/,
    /limn:run hero: generate starts/,
    /limn:run hero: generate ends, [\d.]+ ms/,
  ]) {
    expect(log).toMatch(line)
  }
  project.expectNoKey(stderr)
})

test('logs why a plan is cached or not', async () => {
  const project = await createProject(smallManifest({ hero: 'A lighthouse', mug: 'A mug' }))
  await project.generate()
  const plan = async (...args: string[]): Promise<string[]> =>
    logOf((await project.cliProcess(['plan', ...args], DEBUG)).stderr)
  expect(await plan('--provider', 'local')).toContain('limn:plan-cache miss: no plan is cached')
  await expect
    .poll(() => plan(), { timeout: 60_000, interval: 200 })
    .toContainEqual(expect.stringMatching(/^limn:plan-cache cached, with stamps: \d+$/))
  const hit = await plan()
  expect(hit).toEqual([
    expect.stringMatching(/^limn:plan-cache hit: steps: 0, unchanged: 2, [\d.]+ ms$/),
  ])
  expect(await plan('--provider', 'local')).toContain(
    'limn:plan-cache miss: the cached plan is for other options or another version, or is damaged',
  )
  await expect
    .poll(() => plan(), { timeout: 60_000, interval: 200 })
    .toContainEqual(expect.stringMatching(/^limn:plan-cache hit/))

  project.edit('A mug', 'A red mug')
  const edited = await plan()
  expect(edited).toContain('limn:plan-cache miss: images.yaml changed')
  expect(edited).toContainEqual(expect.stringMatching(/^limn:manifest parsed only mug, [\d.]+ ms$/))
  expect(edited).toContain('limn:plan mug: generate, request-changed (prompt)')
  expect(edited).toContain('limn:plan-cache planned again: 1, unaffected: 1')

  project.write('images.lock', `${project.text('images.lock')}\n`)
  expect(await plan()).toContain('limn:plan-cache miss: images.lock changed')

  project.write(`.limn/journal/${'0'.repeat(64)}.picture`, 'a picture')
  expect(await plan()).toContain(
    'limn:plan-cache not cached: the journal or a batch has pictures that are not installed',
  )
})

test('logs a plan without work on the fast path', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await project.generate()
  const planned = (): Promise<string> =>
    project.cliProcess(['plan'], DEBUG).then(({ stderr }) => stderr)
  await expect
    .poll(planned, { timeout: 60_000, interval: 200 })
    .toMatch(/^\S+ limn:plan-cache hit: steps: 0, unchanged: 1, [\d.]+ ms\n$/)
})

test('logs what happens to pictures that are paid for', async () => {
  const project = await createProject(smallManifest({ hero: 'A lighthouse' }))
  await project.generate()
  project.edit('A lighthouse', 'A castle')
  const changed = logOf((await project.cliProcess(['generate'], DEBUG)).stderr).join('\n')
  expect(changed).toMatch(/limn:store \S+shelf: kept [0-9a-fx+]+, \d+ bytes/)
  project.edit('A castle', 'A lighthouse')
  const restored = logOf((await project.cliProcess(['generate'], DEBUG)).stderr).join('\n')
  expect(restored).toContain('limn:plan hero: recover, had-before')
  expect(restored).toMatch(/limn:store hero: recovered [0-9a-fx+]+ from the shelf/)
  expect(restored).toMatch(/limn:derive hero\/s\.webp: from the cache, \d+ bytes/)
  expect(restored).not.toContain('limn:request')
})

test('logs only the stages that DEBUG names', async () => {
  const project = await createProject(smallManifest({ hero: 'A lighthouse' }))
  const { stderr } = await project.cliProcess(['generate'], { DEBUG: 'limn:plan' })
  const stages = logOf(stderr).map((line) => line.split(' ', 1)[0])
  expect(stages.length).toBeGreaterThan(0)
  expect(new Set(stages)).toEqual(new Set(['limn:plan']))
})

test('prints the same to stdout with and without DEBUG, and only the log to stderr', async () => {
  const manifest = smallManifest({ hero: 'A lighthouse' })
  const [silent, logged] = await Promise.all([createProject(manifest), createProject(manifest)])
  for (const args of [['plan'], ['generate'], ['plan'], ['check', '--json'], ['list']]) {
    const without = await silent.cliProcess(args)
    const { code, stdout, stderr } = await logged.cliProcess(args, DEBUG)
    expect(code).toBe(without.code)
    expect(normalise(stdout)).toBe(normalise(without.stdout))
    expect(without.stderr).toBe('')
    expect(logOf(stderr).length).toBeGreaterThan(0)
    expect(stderr.trimEnd().split('\n')).toHaveLength(logOf(stderr).length)
  }
})

test('redacts keys of the process and of .env, and logs no prompt', async () => {
  const prompt = `A lighthouse ${'at dawn '.repeat(20)}`
  const project = await createProject(
    smallManifest({ [FILE_KEY]: prompt, [KEY]: 'A mug', plain: 'A cup' }),
  )
  const { code, stderr } = await project.cliProcess(['generate'], DEBUG)
  expect(code, stderr).toBe(0)
  const log = logOf(stderr).join('\n')
  expect(log).toContain('limn:plan [key]: generate, new')
  expect(log).toContain('limn:plan plain: generate, new')
  expect(log).not.toContain(FILE_KEY)
  expect(log).not.toContain(KEY)
  expect(log).not.toContain('at dawn')
})

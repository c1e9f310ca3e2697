import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  startGemini,
  startStableDiffusionCpp,
  startTogether,
} from '../../../fixtures/compat-servers/index.ts'
import {
  type CompatAnswer,
  type CompatServer,
  startCompatServer,
} from '../../../fixtures/compat-servers/server.ts'
import { startImageServer } from '../../../fixtures/openai-server/index.ts'
import type { CliResult } from './cli-process.ts'
import { testPermissions } from './test-permissions.ts'
import { createTestProject, KEY, type TestProject } from './test-project.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

const manifest = (
  entry: string,
  { model = 'gpt-image-2', more = '' }: { model?: string; more?: string } = {},
): string => `version: 1
provider: mine
providers: { mine: ${entry}${more} }
defaults: { model: ${model}, quality: low, size: 1024x1024, outputs: [og] }
assets: { hero: { prompt: A lighthouse, alt: x } }
`
type Line = {
  type: string
  section?: string
  name?: string
  state?: string
  says?: string
  hint?: string
  list?: { id: string; shutdown?: string; isUsed: boolean }[]
  broken?: number
}

const linesOf = ({ stdout }: CliResult): Line[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
const found = (result: CliResult, section: string): string[] =>
  linesOf(result).flatMap((line) =>
    line.section === section ? [`${line.state} ${line.name}: ${line.says}`] : [],
  )
const closes = <T extends { close(): Promise<void> }>(server: T): T => {
  onTestFinished(() => server.close())
  return server
}
/** Starts a server that gives the same answer to every request. */
const answering = async (answer: CompatAnswer): Promise<CompatServer> =>
  closes(await startCompatServer(() => answer))
const relay = (origin: string): string => `{ server: new-api, baseURL: '${origin}/v1' }`
const listed = (...models: object[]): CompatAnswer => ({
  status: 200,
  body: { object: 'list', data: models },
})
const open = (
  text: string,
  env: Record<string, string> = { MINE_API_KEY: KEY },
): Promise<TestProject> => createTestProject({ files: { 'images.yaml': text }, env })
const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('reports no problems, writes nothing and requests no picture', async () => {
  const server = closes(
    await startImageServer({ apiKey: KEY, models: ['gpt-image-2', 'dall-e-3'] }),
  )
  const project = await open(manifest(`{ server: new-api, baseURL: '${server.baseURL}' }`))
  const result = await project.cli(['doctor'])
  expect(result).toMatchObject({ code: 0, stderr: '' })
  expect(result.stdout).toMatch(/✓ Node +\d+\.\d+\.\d+\n/)
  expect(result.stdout).toMatch(/✓ sharp +\d.*: AVIF, WebP, JPEG, PNG\n/)
  expect(result.stdout).toContain('✓ key     MINE_API_KEY, from the environment\n')
  expect(result.stdout).toContain(`✓ server  ${server.baseURL} answers\n`)
  expect(result.stdout).toContain(
    '✓ models  2 listed, 2 known image models\n            * gpt-image-2\n              dall-e-3, until 2026-05-12\n',
  )
  expect(result.stdout).toContain('✓ model   gpt-image-2: served\n')
  expect(result.stdout).toContain(
    '✓ price     hero, one picture of 1024x1024, low, with gpt-image-2: $0.006\n',
  )
  expect(result.stdout).toMatch(/\nNo problems found\.\n$/)
  expect(server.requests).toEqual([])
  expect([existsSync(join(project.root, '.limn')), project.list()]).toEqual([
    false,
    ['images.yaml'],
  ])
  project.expectNoKey(result)
})

test('names the file that a key comes from, and never prints the key', async () => {
  const server = await answering(listed({ id: 'gpt-image-2' }))
  const project = await open(manifest(relay(server.origin)), {})
  project.write('.env', `MINE_API_KEY=sk-old\n`)
  project.write('.env.local', `MINE_API_KEY=sk-other-0123456789\n`)
  const result = await project.cli(['doctor', '--json'], { LIMN_TRUST: 'MINE_API_KEY@127.0.0.1' })
  expect(found(result, 'Provider mine')[0]).toBe('ok key: MINE_API_KEY, from .env.local')
  expect(server.requests[0]!.headers.authorization).toBe('Bearer sk-other-0123456789')
  expect(result.stdout + result.stderr).not.toContain('sk-o')
})

test.each<[string, CompatAnswer, string]>([
  [
    'a wrong key',
    { status: 401, body: { error: { message: `Incorrect API key provided: ${KEY}.` } } },
    'fail server: URL does not accept the key: Incorrect API key provided: [key]',
  ],
  [
    'an organisation that is not verified',
    {
      status: 403,
      body: {
        error: { message: 'Your organization must be verified to use the model `gpt-image-2`.' },
      },
    },
    'fail server: your organisation must be verified',
  ],
  [
    'a key without the right',
    { status: 403, body: { error: { message: 'You have insufficient permissions.' } } },
    'fail server: URL denies access: You have insufficient permissions',
  ],
  [
    'a server that fails',
    { status: 503, body: 'Bad gateway' },
    'fail server: URL fails (503): Bad gateway',
  ],
  [
    'a server without a list',
    { status: 404, body: '<html><body>Not found</body></html>' },
    'warn server: URL answers but lists no models (404)',
  ],
  [
    'a redirect, which it does not follow',
    { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
    'warn server: URL answers but lists no models (302)',
  ],
])('reports %s', async (_, answer, expected) => {
  const server = await answering(answer)
  const project = await open(manifest(relay(server.origin)))
  const result = await project.cli(['doctor', '--json'])
  expect(found(result, 'Provider mine')[1]).toBe(expected.replace('URL', `${server.origin}/v1`))
  expect(result.code).toBe(expected.startsWith('fail') ? 1 : 0)
  project.expectNoKey(result)
})

test('reports a missing key and an unreachable server, and continues', async () => {
  const gone = await startCompatServer(() => ({ status: 200 }))
  await gone.close()
  const project = await open(manifest(relay(gone.origin)), {})
  const result = await project.cli(['doctor', '--json'])
  expect(result.code).toBe(1)
  expect(found(result, 'Provider mine')).toEqual([
    'fail key: MINE_API_KEY is not set',
    `fail server: ${gone.origin}/v1 is not reachable (ECONNREFUSED)`,
    'unknown model: gpt-image-2: not checked',
  ])
  expect(linesOf(result).at(-1)).toEqual({ type: 'done', broken: 2, doubtful: 0 })
  const { stdout } = await project.cli(['doctor'])
  expect(stdout).toContain(
    '→ Set MINE_API_KEY, or add it to .env next to the manifest; to generate offline and for free, use `provider: local`.',
  )
  expect(stdout).toContain('  · model   gpt-image-2: not checked\n')
})

test('reports a key that cannot be sent, without printing any of it', async () => {
  const server = await answering(listed({ id: 'gpt-image-2' }))
  const project = await open(manifest(relay(server.origin)), { MINE_API_KEY: `${KEY}’` })
  const result = await project.cli(['doctor', '--json'])
  expect(found(result, 'Provider mine')).toEqual([
    'fail key: MINE_API_KEY contains a space, a line break or a non-ASCII character',
  ])
  project.expectNoKey(result, await project.cli(['generate']))
  expect(server.requests).toEqual([])
})

test.each([
  ['foo', 'is not a URL'],
  ['ftp://127.0.0.1/v1', 'does not start with https:// or http://'],
  ['http://127.0.0.1/v1?key=1', 'contains a query (?) or a fragment (#)'],
  ['http://me:secret@127.0.0.1/v1', 'contains a user name or a password'],
])('rejects %s as a base URL, and counts nothing as paid', async (url, why) => {
  const project = await open(
    'version: 1\nprovider: openai\nassets: { hero: { prompt: A lighthouse, alt: x, outputs: [og] } }\n',
    { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url },
  )
  expect(found(await project.cli(['doctor', '--json']), 'Provider openai')[1]).toBe(
    `fail server: the base URL ${why}`,
  )
  const { stdout, stderr } = await project.cli(['generate'])
  expect(stderr).toContain(`The base URL ${why}.`)
  expect(stdout + stderr).not.toMatch(/secret|billed/)
  expect(existsSync(join(project.root, '.limn', 'history.jsonl'))).toBe(false)
})

test('stops reading a list above the size limit', async () => {
  const server = await answering({ status: 200, body: 'x'.repeat(11_000_000) })
  const project = await open(manifest(relay(server.origin)))
  expect(found(await project.cli(['doctor', '--json']), 'Provider mine')[1]).toBe(
    `warn server: ${server.origin}/v1 answers but lists no models (200)`,
  )
})

test('reports a machine without a network as offline, not as broken', async () => {
  const project = await open(
    manifest("{ server: new-api, baseURL: 'https://no-such-host.invalid/v1' }"),
  )
  const result = await project.cli(['doctor', '--json'], {
    LIMN_TRUST: 'MINE_API_KEY@no-such-host.invalid',
  })
  expect(found(result, 'Provider mine')[1]).toMatch(
    /^warn server: https:\/\/no-such-host\.invalid\/v1 is not reachable \((ENOTFOUND|EAI_AGAIN)\): this machine seems to be offline$/,
  )
  expect(result.code).toBe(0)
})

test('reports when a model shuts down, according to the server', async () => {
  const [soon, late, past] = [inDays(30), inDays(400), inDays(-3)]
  const server = await answering(
    listed(
      { id: 'a', shutdown_date: soon },
      { id: 'b', shutdown_date: late },
      { id: 'c', shutdown_date: past },
      { id: 'd', shutdown_date: null },
    ),
  )
  const text = `version: 1
provider: mine
providers: { mine: ${relay(server.origin).replace(' }', ', models: { named: { as: d } } }')} }
defaults: { size: 1024x1024, outputs: [og] }
assets:
  one: { prompt: One, alt: x, model: a }
  two: { prompt: Two, alt: x, model: b }
  three: { prompt: Three, alt: x, model: c }
  four: { prompt: Four, alt: x, model: named }
  five: { prompt: Five, alt: x, model: e }
`
  const result = await (await open(text)).cli(['doctor', '--json'])
  expect(found(result, 'Provider mine').filter((line) => / model: /.test(line))).toEqual([
    `warn model: a: shuts down on ${soon}`,
    `ok model: b: served until ${late}; Limn does not know its capabilities`,
    `fail model: c: shut down on ${past}`,
    'warn model: e: not among the 4 listed models',
    'ok model: named, here d: served; Limn does not know its capabilities',
  ])
  expect(
    linesOf(result)
      .find(({ name }) => name === 'models')!
      .list!.map(({ id, isUsed }) => [id, isUsed]),
  ).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
    ['d', true],
  ])
})

test('reads the list formats of Together and Google, and requires no key for a local server', async () => {
  const together = closes(await startTogether({ key: KEY, models: ['flux'] }))
  const gemini = closes(await startGemini({ key: KEY, models: ['gemini-2.5-flash-image'] }))
  const own = closes(await startStableDiffusionCpp())
  const examine = async (
    entry: string,
    model: string,
    env?: Record<string, string>,
  ): Promise<string[]> =>
    found(
      await (await open(manifest(entry, { model }), env)).cli(['doctor', '--json']),
      'Provider mine',
    )
  expect(await examine(`{ server: together, baseURL: '${together.origin}/v1' }`, 'flux')).toContain(
    'ok model: flux: served; Limn does not know its capabilities',
  )
  expect(
    await examine(
      `{ server: gemini, baseURL: '${gemini.origin}/v1beta/openai' }`,
      'gemini-2.5-flash-image',
    ),
  ).toContain('ok model: gemini-2.5-flash-image: served; Limn does not know its capabilities')
  const without = await examine(
    `{ server: stable-diffusion.cpp, baseURL: '${own.origin}/v1' }`,
    'sd-cpp-local',
    {},
  )
  expect(without.slice(0, 2)).toEqual([
    'ok key: none: SD_API_KEY is not set, and the server may need none',
    `ok server: ${own.origin}/v1 answers`,
  ])
  expect(own.requests[0]!.headers.authorization).toBeUndefined()
})

test('reports a wrong clock', async () => {
  const server = await answering({
    ...listed({ id: 'gpt-image-2' }),
    headers: { date: new Date(Date.now() - 3_600_000).toUTCString() },
  })
  const result = await (await open(manifest(relay(server.origin)))).cli(['doctor', '--json'])
  expect(found(result, 'Provider mine').at(-1)).toMatch(
    /^warn clock: differs from the server's by 3[56]\d\d s$/,
  )
})

test('reports failures of a failover provider as warnings', async () => {
  const server = await answering(listed({ id: 'gpt-image-2' }))
  const text = manifest(relay(server.origin), {
    more: ", spare: { server: together, models: { gpt-image-2: { as: flux } }, baseURL: 'http://127.0.0.1:9/v1' }",
  }).replace('provider: mine', 'provider: [mine, spare]')
  const result = await (await open(text)).cli(['doctor', '--json'])
  expect(found(result, 'Provider spare (failover)').slice(0, 2)).toEqual([
    'warn key: SPARE_API_KEY is not set',
    'warn server: http://127.0.0.1:9/v1 is not reachable (bad port)',
  ])
  expect(result.code).toBe(0)
})

test('checks the machine even if the manifest is broken or missing', async () => {
  const broken = await open('version: 1\nasets: {}\n', {})
  const result = await broken.cli(['doctor', '--json'])
  expect(found(result, 'Manifest')).toEqual(['fail manifest: images.yaml has a mistake'])
  expect(found(result, 'This machine')).toHaveLength(5)
  expect(result.code).toBe(1)
  const missing = await createTestProject()
  expect(found(await missing.cli(['doctor', '--json']), 'Manifest')[0]).toContain('fail manifest: ')
})

test('reports no problems for the local provider', async () => {
  const project = await open(
    'version: 1\nprovider: local\nassets: { hero: { prompt: A lighthouse, alt: x, outputs: [og] } }\n',
    {},
  )
  const result = await project.cli(['doctor', '--json'])
  expect(found(result, 'Provider local')).toEqual([
    'ok server: embedded: needs no key and no network',
  ])
  expect(found(result, 'Manifest')[1]).toContain('$0')
  expect(result.code).toBe(0)
})

test('finds limn.config.ts without running it, and reports whether it is trusted', async () => {
  const project = await open(manifest('{ server: ai-sdk }', { model: 'flux' }), {})
  expect(found(await project.cli(['doctor', '--json']), 'Provider mine')[0]).toContain(
    'fail config: The provider uses models of the AI SDK, but there is no limn.config.ts next to the manifest',
  )
  project.write(
    'limn.config.ts',
    "import { writeFileSync } from 'node:fs'\nwriteFileSync('ran.txt', '')\nexport default {}\n",
  )
  expect(found(await project.cli(['doctor', '--json']), 'Provider mine')).toEqual([
    'fail config: limn.config.ts:1: limn.config.ts is a program of this project, and you have not agreed to run it',
  ])
  const trusted = await project.cli(['doctor', '--json'], { LIMN_TRUST: 'limn.config.ts' })
  expect(found(trusted, 'Provider mine')).toEqual([
    'ok config: limn.config.ts: trusted; its models are read when it is run',
  ])
  expect(trusted.code).toBe(0)
  expect(project.has('ran.txt')).toBe(false)
})

test('reports the writing process and an unknown price', async () => {
  const server = await startImageServer({ latencyMs: 600_000, models: ['flux'] })
  closes(server)
  const project = await open(
    manifest(`{ server: new-api, baseURL: '${server.baseURL}' }`, { model: 'flux' }),
  )
  const running = project.start(['generate'])
  await expect.poll(() => server.requests.length, { timeout: 60_000 }).toBe(1)
  const result = await project.cli(['doctor', '--json'])
  expect(found(result, 'This machine').at(-1)).toMatch(
    /^warn writer: process \d+ is writing to the project; other processes wait$/,
  )
  expect(found(result, 'Manifest')[1]).toBe(
    'warn price: hero, one picture of 1024x1024, low, with flux: unknown',
  )
  running.kill('SIGKILL')
  await running.done
  expect(found(await project.cli(['doctor', '--json']), 'This machine').at(-1)).toBe(
    'ok writer: no process is writing to the project',
  )
})

testPermissions('reports folders that are not writable', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('{ server: localai }') },
    user: unprivilegedUser,
  })
  mkdirSync(join(project.root, '.limn'))
  chmodSync(join(project.root, '.limn'), 0o500)
  onTestFinished(() => chmodSync(join(project.root, '.limn'), 0o700))
  expect(found(await project.cli(['doctor', '--json']), 'This machine')[2]).toBe(
    'fail folders: not writable: .limn',
  )
})

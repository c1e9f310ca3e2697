import { join } from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { startTogether } from '../../../fixtures/compat-servers/index.ts'
import {
  errors,
  type ImageServer,
  startImageServer,
} from '../../../fixtures/openai-server/index.ts'
import { readHistory } from '../src/history/history-file.ts'
import type { LimnEvent } from '../src/index.ts'
import { createTestProject, KEY, type TestProject } from './test-project.ts'

const keys = { A_API_KEY: KEY, B_API_KEY: KEY }
const photo = await sharp({
  create: { width: 320, height: 320, channels: 3, background: '#335577' },
})
  .png()
  .toBuffer()
const white = await sharp({
  create: { width: 320, height: 320, channels: 3, background: '#ffffff' },
})
  .png()
  .toBuffer()

async function server(options: Parameters<typeof startImageServer>[0] = {}): Promise<ImageServer> {
  const started = await startImageServer(options)
  onTestFinished(() => started.close())
  return started
}

/** Creates a project that requests three pictures from `a`, then `b`. */
function open(
  urls: readonly [a: string, b: string],
  {
    env = keys,
    assets = three,
    limits = '',
  }: { env?: Record<string, string>; assets?: string; limits?: string } = {},
): Promise<TestProject> {
  const manifest = `version: 1
provider: [a, b]
providers:
  a: { server: new-api, baseURL: '${urls[0]}' }
  b: { server: new-api, baseURL: '${urls[1]}' }
${limits}defaults: { model: gpt-image-2, quality: low, size: 1024x1024, outputs: [{ name: s, width: 320, formats: [jpeg] }] }
assets:
${assets}`
  return createTestProject({
    files: { 'images.yaml': manifest, 'photo.png': photo, 'mask.png': white },
    env,
  })
}

const three = `  one: { prompt: One, alt: x }
  two: { prompt: Two, alt: x }
  three: { prompt: Three, alt: x }
`
const oneAtATime = 'limits: { inFlight: 1 }\n'
const handovers = (events: readonly LimnEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'failover'
      ? [`${event.from} → ${event.to}: ${event.error.code}`]
      : event.type === 'passed-over'
        ? [`not ${event.provider}: ${event.error.code}`]
        : [],
  )
const drawnBy = ({ lock }: TestProject): string[] =>
  Object.values(lock().assets).map(({ made }) => String(made['provider']))
const codes = (failed: readonly { error: unknown }[]): unknown[] =>
  failed.map(({ error }) => (error as { code?: unknown }).code)

test.each([
  ['a wrong key', errors.invalidApiKey, 'provider/auth'],
  ['an account without credit', errors.insufficientQuota, 'provider/quota'],
  ['an organisation that is not verified', errors.unverifiedOrganisation, 'provider/auth'],
])('fails over at once after %s, for the rest of the run', async (_, fault, code) => {
  const [a, b] = [await server(), await server()]
  a.answer(() => fault)
  const project = await open([a.baseURL, b.baseURL], { limits: oneAtATime })
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 3, failed: [] })
  expect(handovers(run.events)).toEqual([`a → b: ${code}`])
  expect([a.requests.length, b.requests.length]).toEqual([1, 3])
  expect(drawnBy(project)).toEqual(['b', 'b', 'b'])
  project.expectNoKey(run.events)
})

test('fails over once, however many requests were in flight', async () => {
  const [a, b] = [await server(), await server()]
  a.answer(() => errors.insufficientQuota)
  const project = await open([a.baseURL, b.baseURL])
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 3, failed: [] })
  expect(handovers(run.events)).toHaveLength(1)
  expect(b.requests.map(({ status }) => status)).toEqual([200, 200, 200])
})

test('fails over after the retries if a server fails', async () => {
  const [a, b] = [await server(), await server()]
  a.answer(() => ({ ...errors.serverError, headers: { 'retry-after-ms': '1' } }))
  const project = await open([a.baseURL, b.baseURL], { limits: oneAtATime })
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 3, failed: [] })
  expect([a.requests.length, b.requests.length]).toEqual([4, 3])
  expect(run.events.filter(({ type }) => type === 'retrying')).toHaveLength(3)
  expect(handovers(run.events)).toEqual(['a → b: provider/server'])
})

test('fails over from a server that is not running', async () => {
  const gone = await startImageServer()
  await gone.close()
  const b = await server()
  const project = await open([gone.baseURL, b.baseURL])
  const run = await project.generate({ names: ['one'] })
  expect(run).toMatchObject({ generated: 1, failed: [] })
  expect(handovers(run.events)).toEqual(['a → b: provider/network'])
})

test.each([
  ['moderation refused', errors.moderationBlocked, 'provider/moderation'],
  ['was refused as invalid', errors.invalidValueSize, 'provider/refused'],
  ['may have been billed', { kind: 'cut', afterBytes: 0 } as const, 'provider/network'],
])('does not fail over after a request that %s', async (_, fault, code) => {
  const [a, b] = [await server(), await server()]
  a.next(fault)
  const project = await open([a.baseURL, b.baseURL], { limits: oneAtATime })
  const run = await project.generate()
  expect(codes(run.failed)).toEqual([code])
  expect(handovers(run.events)).toEqual([])
  expect([a.requests.length, b.requests.length]).toEqual([3, 0])
})

test('reports the failure of the last provider if all fail', async () => {
  const [a, b] = [await server(), await server()]
  a.answer(() => errors.invalidApiKey)
  b.answer(() => errors.insufficientQuota)
  const project = await open([a.baseURL, b.baseURL], { limits: oneAtATime })
  const run = await project.generate()
  expect(codes(run.failed)).toEqual(['provider/quota', 'provider/quota', 'provider/quota'])
  expect([a.requests.length, b.requests.length]).toEqual([1, 1])
  // The history names the provider that failed.
  const entries = readHistory(join(project.root, '.limn')).flatMap((entry) =>
    entry.kind === 'request' ? [`${entry.asset} ${entry.provider} ${entry.outcome}`] : [],
  )
  expect(entries.sort()).toEqual([
    'one a provider/auth',
    'one b provider/quota',
    'three b provider/quota',
    'two b provider/quota',
  ])
})

test('reports a missing key only if it is needed', async () => {
  const a = await server()
  const fine = await open([a.baseURL, 'http://127.0.0.1:9/v1'], { env: { A_API_KEY: KEY } })
  const run = await fine.generate()
  expect(run).toMatchObject({ generated: 3, failed: [] })
  expect(handovers(run.events)).toEqual([])

  a.answer(() => errors.insufficientQuota)
  const needed = await open([a.baseURL, 'http://127.0.0.1:9/v1'], {
    env: { A_API_KEY: KEY },
    limits: oneAtATime,
  })
  const failed = await needed.generate()
  expect(handovers(failed.events)).toEqual(['not b: provider/no-key'])
  expect(codes(failed.failed)).toEqual(['provider/quota', 'provider/quota', 'provider/quota'])
})

test('skips a first provider without a key with an event, and fails without any key', async () => {
  const b = await server()
  const project = await open(['http://127.0.0.1:9/v1', b.baseURL], { env: { B_API_KEY: KEY } })
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 3, failed: [] })
  expect(handovers(run.events)).toEqual(['not a: provider/no-key'])
  expect(drawnBy(project)).toEqual(['b', 'b', 'b'])

  const none = await open(['http://127.0.0.1:9/v1', b.baseURL], { env: {} })
  await expect(none.project.generate()).rejects.toMatchObject({
    code: 'provider/no-key',
    message: 'The provider "a" requires a key, but A_API_KEY is not set.',
  })
})

test('skips a provider that does not support a picture, for that picture only', async () => {
  const [a, together] = [await server(), await startTogether({ key: KEY, models: ['gpt-image-2'] })]
  onTestFinished(() => together.close())
  a.answer(() => errors.insufficientQuota)
  const manifest = `version: 1
provider: [a, b]
providers:
  a: { server: new-api, baseURL: '${a.baseURL}' }
  b: { server: together, baseURL: '${together.origin}/v1' }
limits: { inFlight: 1 }
defaults: { model: gpt-image-2, quality: low, size: 1024x1024 }
assets:
  part: { edit: { image: ./photo.png, mask: ./mask.png }, prompt: A door, alt: x }
  plain: { prompt: A house, alt: x }
`
  const project = await createTestProject({
    files: { 'images.yaml': manifest, 'photo.png': photo, 'mask.png': white },
    env: keys,
  })
  const run = await project.generate()
  expect(run.failed.map(({ asset, error }) => [asset, (error as { code?: unknown }).code])).toEqual(
    [['part', 'provider/quota']],
  )
  expect(run.generated).toBe(1)
  expect(drawnBy(project)).toEqual(['b'])
})

test('prints one line for a failover', async () => {
  const [a, b] = [await server(), await server()]
  a.answer(() => errors.invalidApiKey)
  const project = await open([a.baseURL, b.baseURL])
  const { code, stdout, stderr } = await project.cli(['generate'])
  expect(code, stdout + stderr).toBe(0)
  expect(
    stderr.match(
      /! Provider a failed, so Limn falls back to b: The server does not accept the key\./g,
    ),
  ).toHaveLength(1)
  const json = await project.cli(['generate', '--json', '--force', 'one'])
  const events = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; from?: string; error?: unknown })
  expect(events.find(({ type }) => type === 'failover')).toMatchObject({
    from: 'a',
    to: 'b',
    error: { code: 'provider/auth' },
  })
  project.expectNoKey(stdout, stderr, json.stdout)
})

test('counts nothing as spent if no server could be reached', async () => {
  const project = await open(['http://127.0.0.1:45999/v1', 'http://127.0.0.1:45998/v1'])
  const { failed, usd } = await project.generate()
  expect({ failed: failed.length, usd }).toEqual({ failed: 3, usd: 0 })
  expect(
    readHistory(join(project.root, '.limn')).filter(
      (entry) => entry.kind === 'request' && entry.usd !== 0 && entry.outcome !== 'sent',
    ),
  ).toEqual([])
})

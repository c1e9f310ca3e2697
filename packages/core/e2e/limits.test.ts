import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { errors, type Fault } from '../../../fixtures/openai-server/index.ts'
import { createImageBucket } from '../../../fixtures/openai-server/rate-limit.ts'
import type { RequestEntry } from '../src/history/entry.ts'
import { readHistory } from '../src/history/history-file.ts'
import { openProject } from '../src/index.ts'
import type { LimnEvent } from '../src/index.ts'
import { startTestClock, type TestClock } from './test-clock.ts'
import {
  createTestProject,
  KEY,
  type Run,
  smallManifest,
  type TestProject,
  type TestProjectOptions,
} from './test-project.ts'

/** A manifest of `count` small pictures. */
const manifestOf = (count: number, head = 'provider: openai'): string =>
  smallManifest(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`p${index}`, `Cloud number ${index}`]),
    ),
    head,
  )

type Paced = {
  project: TestProject
  clock: TestClock
  generate: () => Promise<Omit<Run, 'requested'> & { seconds: number; refused: number }>
}

/** Creates a project whose waits, and whose server's limits, use a clock that does not wait. */
async function createPaced(
  manifest: string,
  server: Exclude<TestProjectOptions['server'], boolean | undefined> = {},
  files: TestProjectOptions['files'] = {},
): Promise<Paced> {
  const clock: TestClock = startTestClock({
    isInProgress: () =>
      project.server.inFlight > 0 || requestsOf(project).some(({ outcome }) => outcome === 'sent'),
    startedCount: () => requestsOf(project).length,
  })
  const project = await createTestProject({
    files: { 'images.yaml': manifest, ...files },
    server: { ...server, clock: () => clock.now() },
  })
  onTestFinished(() => clock.stop())
  const paced = openProject({
    cwd: project.root,
    env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: project.server.baseURL },
    clock,
  })
  return {
    project,
    clock,
    async generate() {
      const events: LimnEvent[] = []
      const result = await paced.generate({ derive: false, onEvent: (event) => events.push(event) })
      const refused = project.server.requests.filter(({ status }) => status === 429).length
      return { ...result, events, seconds: clock.now() / 1000, refused }
    },
  }
}

/** Returns the requests so far from the history: those without an outcome are `sent`. */
function requestsOf({ root }: TestProject): RequestEntry[] {
  return readHistory(join(root, '.limn')).filter((entry) => entry.kind === 'request')
}

/** Imitates a server that does not report its limits: refuses, with the wait in one header. */
function refuseBy(
  clock: () => TestClock,
  options: { imagesPerMinute: number; burst: number },
  amountOf: (body: Record<string, unknown>) => number = () => 1,
  bucketName?: string,
): (request: { body: Record<string, unknown> }) => Fault | undefined {
  let bucket: ReturnType<typeof createImageBucket> | undefined
  return ({ body }) => {
    bucket ??= createImageBucket({ ...options, now: () => clock().now() })
    const { admitted, headers } = bucket.take(amountOf(body))
    if (admitted) return undefined
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.replace(/-images$/, `-${bucketName}`),
        value,
      ]),
    )
    return {
      ...errors.rateLimited,
      headers: bucketName === undefined ? { 'retry-after': headers['retry-after']! } : named,
    }
  }
}

test('generates forty pictures as fast as the reported limits allow, without a repeated request', async () => {
  const { project, generate } = await createPaced(manifestOf(40), { imagesPerMinute: 60, burst: 5 })
  const { generated, failed, seconds } = await generate()
  expect({ generated, failed }).toEqual({ generated: 40, failed: [] })
  expect(project.server.requests).toHaveLength(40)
  expect(project.server.requests.map(({ status }) => status)).not.toContain(429)
  // Five at once, then one per second.
  expect(seconds).toBeGreaterThanOrEqual(35)
  expect(seconds).toBeLessThanOrEqual(35 * 1.1)
})

test('sends as many concurrent requests as the user sets', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifestOf(16, 'provider: openai\nlimits: { inFlight: 8 }') },
    server: true,
  })
  project.server.answer(() => ({ kind: 'hang' }))
  const run = project.start(['generate'])
  await expect.poll(() => project.server.inFlight, { timeout: 60_000 }).toBe(8)
  run.kill('SIGKILL')
  await run.done
  expect(project.server.maxInFlight).toBe(8)
})

test('learns the rate of a server that only refuses', async () => {
  const { project, clock, generate } = await createPaced(manifestOf(40))
  project.server.answer(refuseBy(() => clock, { imagesPerMinute: 60, burst: 5 }))
  const { generated, failed, seconds, refused, events } = await generate()
  expect({ generated, failed }).toEqual({ generated: 40, failed: [] })
  expect(project.server.requests).toHaveLength(40 + refused)
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThanOrEqual(15)
  expect(seconds).toBeGreaterThanOrEqual(35)
  expect(seconds).toBeLessThanOrEqual(50)
  expect(events.filter(({ type }) => type === 'retrying')).toHaveLength(refused)
})

test('respects the rate of the user or the tier if the server reports none', async () => {
  for (const head of [
    'provider: openai\nlimits: { tier: 1 }',
    'provider: openai\nlimits: { imagesPerMinute: 5 }',
  ]) {
    const { generate } = await createPaced(manifestOf(11, head))
    const { generated, seconds, refused } = await generate()
    expect({ generated, refused }).toEqual({ generated: 11, refused: 0 })
    expect(seconds).toBe(120)
  }
})

test('respects the rate of the user if the server allows more', async () => {
  const { generate } = await createPaced(
    manifestOf(9, 'provider: openai\nlimits: { imagesPerMinute: 12 }'),
    { imagesPerMinute: 600, burst: 100 },
  )
  expect(await generate()).toMatchObject({ generated: 9, refused: 0, seconds: 40 })
})

test('counts every candidate of a request', async () => {
  const manifest = manifestOf(6, 'provider: openai\nlimits: { inFlight: 1 }')
    .replaceAll('    alt', '    candidates: 3\n    alt')
    .replace('defaults: {', 'defaults: { model: gpt-image-2,')
  const { project, generate } = await createPaced(manifest, { imagesPerMinute: 60, burst: 5 })
  const { generated, seconds, refused } = await generate()
  expect({ generated, refused }).toEqual({ generated: 6, refused: 0 })
  expect(project.server.requests.map(({ body }) => body['n'])).toEqual(
    Array.from({ length: 6 }, () => 3),
  )
  // Eighteen pictures: five at once, then one per second.
  expect(seconds).toBeGreaterThanOrEqual(13)
  expect(seconds).toBeLessThanOrEqual(13 * 1.1)
})

const photo = (): Uint8Array =>
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
const references = Object.fromEntries(
  [1, 2, 3, 4].map((number) => [`photos/${number}.png`, photo()]),
)
const withReferences = (manifest: string): string =>
  manifest.replaceAll(
    '    alt',
    '    references: [photos/1.png, photos/2.png, photos/3.png, photos/4.png]\n    alt',
  )

test('limits input pictures separately', async () => {
  const { generate } = await createPaced(
    withReferences(
      manifestOf(6, 'provider: openai\nlimits: { imagesPerMinute: 600, inputImagesPerMinute: 48 }'),
    ),
    {},
    references,
  )
  const { generated, seconds, refused, failed } = await generate()
  expect({ generated, refused, failed }).toEqual({ generated: 6, refused: 0, failed: [] })
  // Four of the 24 at once, the others at 48 a minute.
  expect(seconds).toBe(25)
})

test('respects the reported limit of input pictures', async () => {
  const { project, clock, generate } = await createPaced(
    withReferences(manifestOf(8)),
    {},
    references,
  )
  project.server.answer(
    refuseBy(
      () => clock,
      { imagesPerMinute: 48, burst: 8 },
      (body) => (body['files'] as unknown[]).length,
      'input-images',
    ),
  )
  const { generated, seconds, refused, failed } = await generate()
  expect({ generated, failed }).toEqual({ generated: 8, failed: [] })
  expect(refused).toBeLessThanOrEqual(3)
  // 32 pictures: eight at once, the others at 48 a minute.
  expect(seconds).toBeGreaterThanOrEqual(30)
  expect(seconds).toBeLessThanOrEqual(45)
})

test('lets all requests wait as long as the server asks, even for minutes, without a failure', async () => {
  const { project, clock, generate } = await createPaced(
    manifestOf(8, 'provider: openai\nlimits: { inFlight: 4 }'),
  )
  let isRefused = false
  project.server.answer(() => {
    if (isRefused) return undefined
    isRefused = true
    return { ...errors.rateLimited, headers: { 'retry-after': '300' } }
  })
  const { generated, seconds, refused, failed } = await generate()
  expect(failed).toEqual([])
  expect({ generated, refused, failed, seconds }).toEqual({
    generated: 8,
    refused: 1,
    failed: [],
    seconds: 300,
  })
  // Requests in flight were answered; nothing was sent during the wait.
  expect(project.server.requests.filter(({ at }) => at === 0).length).toBeLessThanOrEqual(4)
  expect(project.server.requests.filter(({ at }) => at > 0 && at < 300_000)).toEqual([])
  expect(clock.sleeps).toContain(300_000)
})

test('gives up all requests at once if the server asks for more than ten minutes', async () => {
  const { project, generate } = await createPaced(manifestOf(12))
  project.server.answer(() => ({ ...errors.rateLimited, headers: { 'retry-after': '3600' } }))
  const { failed, seconds } = await generate()
  expect(failed).toHaveLength(12)
  expect(
    failed.every(({ error }) => (error as { code?: string }).code === 'provider/rate-limit'),
  ).toBe(true)
  expect(project.server.requests.length).toBeLessThanOrEqual(2)
  expect(seconds).toBe(0)
})

test('gives up if the server keeps refusing after every wait', async () => {
  const { project, generate } = await createPaced(manifestOf(12))
  project.server.answer(() => ({ ...errors.rateLimited, headers: { 'retry-after': '30' } }))
  const { failed } = await generate()
  expect(failed).toHaveLength(12)
  expect(project.server.requests.length).toBeLessThanOrEqual(14)
})

test('stops waiting for a server at the first Ctrl-C', async () => {
  const project = await createTestProject({ files: { 'images.yaml': manifestOf(3) }, server: true })
  project.server.answer(() => ({ ...errors.rateLimited, headers: { 'retry-after': '590' } }))
  const run = project.start(['generate'])
  await run.printed(/Retrying in 10 min/)
  run.kill('SIGINT')
  expect(await run.done).toMatchObject({ code: 130 })
})

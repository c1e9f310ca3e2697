import sharp from 'sharp'
import { expect, test } from 'vitest'
import { errors, type Fault } from '../../../fixtures/openai-server/index.ts'
import { createTestProject, KEY, smallManifest, stepsOf } from './test-project.ts'

/** Starts a server that answers each prompt with its faults in order, and then with a picture. */
function byPrompt(
  faults: Readonly<Record<string, readonly Fault[]>>,
): (request: { body: Record<string, unknown> }) => Fault | undefined {
  const left = new Map(Object.entries(faults).map(([prompt, list]) => [prompt, [...list]]))
  return ({ body }) => left.get(String(body['prompt']))?.shift()
}

async function halfPicture(): Promise<Buffer> {
  const whole = await sharp({
    create: {
      width: 816,
      height: 816,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 100, sigma: 50 },
    },
  })
    .png()
    .toBuffer()
  return whole.subarray(0, whole.length / 2)
}

/** What the server does, the start of the message, the hint, and the number of requests. */
const failing: readonly [
  name: string,
  fault: Fault,
  message: RegExp,
  hint: RegExp,
  tries: number,
][] = [
  [
    'moderation',
    errors.moderationBlocked,
    /Moderation rejected the prompt: sexual\./,
    /Reword the prompt/,
    1,
  ],
  ['quota', errors.insufficientQuota, /quota or spending limit is used up/, /Add credit/, 1],
  ['credit', errors.creditBalanceExhausted, /quota or spending limit is used up/, /Add credit/, 1],
  [
    'unverified',
    errors.unverifiedOrganisation,
    /Your organisation must be verified/,
    /Verify the organisation/,
    1,
  ],
  ['model', errors.modelNotFound, /The server has no model/, /Use another model/, 1],
  ['size', errors.invalidValueSize, /Width and height must both be divisible by 16/, /./, 1],
  [
    'page',
    {
      kind: 'body',
      status: 200,
      contentType: 'text/html',
      text: '<html><body>Welcome to the proxy</body></html>',
    },
    /./,
    /base URL|Run the command again|reword/,
    1,
  ],
  ['error-in-200', { kind: 'errorIn200', message: 'Upstream failed' }, /Upstream failed/, /./, 1],
  ['empty', { kind: 'emptyData' }, /answered without a picture/, /Reword the prompt/, 1],
  ['base64', { kind: 'base64', text: '***' }, /not valid base64/, /./, 1],
  [
    'cut',
    { kind: 'cut', afterBytes: 0 },
    /connection broke before the picture arrived.*may have been billed/,
    /usage page/,
    1,
  ],
]

test('continues after a failure, and reports each failure with its cause and fix', async () => {
  const names = failing.map(([name]) => name)
  const manifest = smallManifest(
    Object.fromEntries(
      [...names, 'truncated', 'fine-1', 'fine-2'].map((name) => [name, `Prompt of ${name}`]),
    ),
  )
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  const half = await halfPicture()
  project.server.answer(
    byPrompt({
      ...Object.fromEntries(failing.map(([name, fault]) => [`Prompt of ${name}`, [fault]])),
      'Prompt of truncated': [{ kind: 'image', bytes: half }],
    }),
  )

  const { code, stdout, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(stdout).toContain('Done in ')
  expect(stderr).toContain(
    `${failing.length + 1} failed. Run the command again to retry them; finished pictures are kept.`,
  )
  expect(stderr).not.toContain('This is a bug')
  for (const [name, , message, hint, tries] of failing) {
    const printed = new RegExp(`✗ ${name}: (.*)\\n\\s+→ (.*)\\n`).exec(stderr)
    expect(printed?.[1], name).toMatch(message)
    expect(printed?.[2], name).toMatch(hint)
    expect(
      project.server.requests.filter(({ body }) => body['prompt'] === `Prompt of ${name}`),
      name,
    ).toHaveLength(tries)
  }
  expect(stderr).toMatch(
    /✗ truncated: The provider returned an incomplete picture\. .*\n\s+→ Run the command again to request it again; the rejected file is kept in \.limn|✗ truncated: The provider returned an incomplete picture\./,
  )
  // The picture, and next to it the record of its request.
  expect(project.list('.limn/rejected').filter((path) => path.endsWith('.picture'))).toHaveLength(1)
  expect(Object.keys(project.lock().assets)).toEqual(['fine-1', 'fine-2'])
  expect(project.list('images')).toEqual(['images/fine-1.png', 'images/fine-2.png'])

  const next = await project.generate()
  expect(next.requested).toEqual([...names, 'truncated'].map((name) => `Prompt of ${name}`).sort())
  project.expectNoKey(stdout, stderr, next)
})

test('retries after a 500, an overload and a rate limit, and waits as long as the server says', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ a: 'Prompt a', b: 'Prompt b', c: 'Prompt c' }) },
    server: true,
  })
  project.server.answer(
    byPrompt({
      'Prompt a': [errors.serverError, errors.serverError],
      'Prompt b': [
        { ...errors.rateLimited, headers: { 'retry-after-ms': '700' } },
        { ...errors.rateLimited, headers: { 'retry-after': '1' } },
      ],
      'Prompt c': [errors.overloaded, errors.overloaded],
    }),
  )
  const run = await project.generate()
  expect(run.failed).toEqual([])
  const waits = run.events.filter((event) => event.type === 'retrying')
  expect(
    waits
      .filter(({ asset }) => asset === 'b')
      .map(({ ms, attempt, error }) => [ms, attempt, error.code]),
  ).toEqual([
    [700, 1, 'provider/rate-limit'],
    [1000, 2, 'provider/rate-limit'],
  ])
  expect(waits.filter(({ asset }) => asset === 'a').map(({ error }) => error.code)).toEqual([
    'provider/server',
    'provider/server',
  ])
  const times = project.server.requests
    .filter(({ body }) => body['prompt'] === 'Prompt b')
    .map(({ at }) => at)
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(690)
  expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(990)
  expect(project.server.requests).toHaveLength(9)
  project.expectNoKey(run)
})

test('reports a refused key without repeating it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  project.server.next({
    ...errors.invalidApiKey,
    message: `Incorrect API key provided: ${KEY}. You can find your API key at …`,
  })
  const run = await project.cli(['generate', '--json'])
  expect(run).toMatchObject({ code: 1, stderr: '' })
  expect(run.stdout).toContain('The server does not accept the key.')
  expect(project.server.requests).toHaveLength(1)
  expect(project.has('images.lock')).toBe(false)
  project.expectNoKey(run)
  await project.generate()
})

test('names the server that could not be reached or whose port is blocked, and what to check', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  const { code, stderr } = await project.cli(['generate'], {
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /✗ hero: http:\/\/127\.0\.0\.1:9 uses a port that HTTP clients block\.\n +→ Use another port for the server, or check the base URL \(OPENAI_BASE_URL, or `baseURL` of the provider in the manifest\)\.\n/,
  )
})

test('reports a server that is not running', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await project.server.close()
  const run = project.start(['generate'])
  await run.printed(
    /hero: http:\/\/127\.0\.0\.1:\d+ can't be reached \(ECONNREFUSED\)\. Retrying in/,
  )
  run.kill('SIGINT')
  const { code, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).not.toContain('bug')
})

test('keeps a picture of another size than requested, and reports it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  project.server.next({ kind: 'otherPicture', width: 700, height: 500, format: 'webp' })
  const run = await project.cli(['generate'])
  expect(run).toMatchObject({
    code: 0,
    stderr:
      '  ! hero: requested 816x816 PNG, received 700x500 WEBP. Limn keeps the picture and derives the outputs from it.\n',
  })
  expect(project.lock().assets['hero']!.master).toMatchObject({
    path: 'images/hero.webp',
    width: 700,
    height: 500,
  })
  await project.expectUpToDate()
})

test('reports a picture of another format than requested', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  project.server.next({ kind: 'otherPicture', format: 'jpeg' })
  const { events } = await project.generate()
  expect(events.filter(({ type }) => type === 'mismatch')).toEqual([
    {
      type: 'mismatch',
      asset: 'hero',
      asked: { size: '816x816', format: 'png' },
      got: { size: '816x816', format: 'jpeg' },
    },
  ])
  expect(project.lock().assets['hero']!.master.path).toBe('images/hero.jpg')
})

test.each(['avif', 'gif', 'tiff'] as const)(
  'keeps a picture that arrives as %s, and pays for it once',
  async (format) => {
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
      server: true,
    })
    project.server.next({
      kind: 'image',
      bytes: await sharp({ create: { width: 816, height: 816, channels: 3, background: 'red' } })
        .toFormat(format)
        .toBuffer(),
    })
    expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
    expect(project.lock().assets['hero']!.master).toMatchObject({
      path: `images/hero.${format}`,
      width: 816,
      height: 816,
    })
    expect(project.server.requests).toHaveLength(1)
  },
)

test.each([
  ['a data: prefix', { kind: 'dataPrefix' }],
  ['a link', { kind: 'url' }],
  ['a data: link', { kind: 'url', form: 'data' }],
  ['no usage', { kind: 'noUsage' }],
  ['more pictures than requested', { kind: 'count', images: 2 }],
] satisfies [string, Fault][])('accepts an answer with %s', async (_, fault) => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  project.server.next(fault)
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 1, failed: [] })
  expect(run.usd).toBeGreaterThan(0)
})

test('stops before the request that would exceed --max-cost, counting requests in flight', async () => {
  const ten = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`p${index}`, `Cloud number ${index}`]),
  )
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(ten) },
    server: { latencyMs: 80 },
  })
  const each = (await project.plan()).usd / 10
  const { code, stdout, stderr } = await project.cli(['generate', '--max-cost', String(each * 2.5)])
  expect(code).toBe(1)
  expect(project.server.requests).toHaveLength(2)
  expect(project.server.maxInFlight).toBe(2)
  expect(stdout).toContain('2 generated ($')
  expect(stderr).toMatch(
    /✗ p\d, p\d, p\d and 5 more \(8 assets\): The request may cost \$0\.\d+, but only \$0\.\d+ of \$0\.\d+ is left\.\n\s+→ Raise --max-cost, or select fewer assets\./,
  )
  const next = await project.generate()
  expect(next.requested).toHaveLength(8)
})

test('requests nothing without a known price under --max-cost', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest({ hero: 'A lighthouse' }, 'provider: openai').replace(
        'defaults: {',
        'defaults: { model: some-relay-model,',
      ),
    },
    server: { models: ['some-relay-model'] },
  })
  expect((await project.cli(['plan'])).stdout).toContain(
    'Plan: 1 to generate (1 of unknown price).',
  )
  const { code, stderr } = await project.cli(['generate', '--max-cost', '5'])
  expect(code).toBe(1)
  expect(stderr).toContain('The price of the request is unknown')
  expect(project.server.requests).toEqual([])
  expect(stepsOf(await project.plan())).toEqual(['generate hero'])
  await project.generate()
})

test('stops cleanly on Ctrl-C, keeps received pictures, and continues in the next run', async () => {
  const ten = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`p${index}`, `Cloud number ${index}`]),
  )
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(ten) },
    server: { latencyMs: 200 },
  })
  const run = project.start(['generate'])
  await run.printed(/✓/, 2)
  run.kill('SIGINT')
  const { code, stderr } = await run.done
  expect(code).toBe(130)
  expect(stderr).toBe(
    'Stopping. Pictures in flight are still received and stored. Press Ctrl-C again to stop at once.\n',
  )
  const done = Object.keys(project.lock().assets).length
  expect(done).toBeGreaterThanOrEqual(2)
  expect(done).toBeLessThan(10)
  expect((await project.generate()).requested).toHaveLength(10 - done)
})

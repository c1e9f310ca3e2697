import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { OpenAI } from 'openai'
import { describe, expect, test } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import { createTested, greyPicture, KEYS, PROVIDER_KEY, type Tested } from './start.ts'

/** A promise that the test resolves. */
function hold(): { until: Promise<void>; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { until: promise, release: resolve }
}

async function startTested(changes: Readonly<Record<string, unknown>> = {}): Promise<Tested> {
  const tested = await createTested(changes)
  await tested.start()
  return tested
}

describe('pictures', () => {
  test('answers the client of OpenAI with URLs and with base64', async () => {
    const { origin, server } = await startTested()
    const client = new OpenAI({ apiKey: KEYS.web, baseURL: `${origin}/v1`, maxRetries: 0 })
    const model = 'gpt-image-2'
    const prompt = 'A lighthouse {{name}} — "灯塔": #1, & {x}'
    const { data = [] } = await client.images.generate({ model, prompt, n: 2, size: '1536x1024' })
    expect(data).toHaveLength(2)
    for (const { url } of data) {
      const response = await fetch(url!)
      expect(response.headers.get('content-type')).toBe('image/png')
      expect(response.headers.get('content-security-policy')).toContain('sandbox')
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(
        new Uint8Array(greyPicture('1536x1024')),
      )
    }
    const again = await client.images.generate({
      model,
      prompt,
      n: 2,
      size: '1536x1024',
      response_format: 'b64_json',
    })
    expect(again.data!.map(({ b64_json }) => b64_json)).toEqual(
      [1, 2].map(() => Buffer.from(greyPicture('1536x1024')).toString('base64')),
    )
    expect(server.requests.map(({ body }) => body)).toMatchObject([{ prompt, n: 2, model }])
    expect(server.requests[0]!.body).toMatchObject({ size: '1536x1024', quality: 'low' })
  })

  test('pays once for equal requests, also at the same time, of any caller', async () => {
    const tested = await startTested()
    const { until, release } = hold()
    tested.server.answer(() => ({ kind: 'hold', until }))
    const both = [KEYS.web, KEYS.app, KEYS.app, KEYS.web].map((key) =>
      tested.post({ prompt: 'A mug' }, key),
    )
    await expect.poll(() => tested.server.inFlight).toBe(1)
    release()
    const answers = await Promise.all(both)
    answers.push(await tested.post({ prompt: 'A mug', n: 1, size: '1024x1024' }, KEYS.app))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map(({ body }) => body.limn.id)).size).toBe(1)
    expect(answers.filter(({ body }) => body.limn.usd > 0)).toHaveLength(1)
    expect(tested.server.requests).toHaveLength(1)
    const spent = await Promise.all([tested.spentBy(KEYS.web), tested.spentBy(KEYS.app)])
    expect(spent.filter((usd) => usd > 0)).toHaveLength(1)
    for (const change of [{ n: 2 }, { quality: 'medium' }, { output_format: 'webp' }]) {
      await tested.post({ prompt: 'A mug', ...change })
    }
    expect(tested.server.requests).toHaveLength(4)
  })

  test('finds nothing at the address of another picture, or outside of the folder', async () => {
    const tested = await startTested()
    const { body } = await tested.post({ prompt: 'A mug' })
    const path = new URL(body.data[0]!.url!).pathname
    expect((await tested.get(path)).status).toBe(200)
    const ends = ['2.png', '11.png', '1.svg', '..%2Fimages.yaml', 'images.lock', '1.png%00']
    const others = ends.map((end) => path.replace('1.png', end))
    others.push(path.replace(/pictures\/./, 'pictures/g'), '/pictures/%2e%2e%2fsecret/1.png')
    for (const other of others) expect(await tested.get(other)).toMatchObject({ status: 404 })
  })
})

describe('refusals', () => {
  test('reports a refusal by moderation, and does not pay for the same one again', async () => {
    const tested = await startTested()
    for (const [prompt, fault] of [
      ['At the prompt', errors.moderationBlocked],
      ['At the picture', errors.moderationAtOutput],
    ] as const) {
      tested.server.answer(() => fault)
      for (const key of [KEYS.web, KEYS.app]) {
        const { status, body } = await tested.post({ prompt }, key)
        expect(status).toBe(400)
        expect(body.error).toMatchObject({
          code: 'moderation_blocked',
          type: 'image_generation_user_error',
          param: 'prompt',
        })
      }
    }
    expect(tested.server.requests).toHaveLength(2)
    expect(await tested.spentBy(KEYS.app)).toBe(0)
  })

  test('keeps a budget, whatever is in flight, and leaves nothing behind', async () => {
    const tested = await startTested()
    const price = 0.006
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => tested.post({ prompt: `Mug ${index}` }, KEYS.poor)),
    )
    const paid = answers.filter(({ status }) => status === 200)
    expect(paid).toHaveLength(Math.floor(0.02 / price))
    const refused = answers.filter(({ status }) => status === 402)
    expect(refused).toHaveLength(8 - paid.length)
    expect(refused[0]!.body.error.code).toBe('budget_exceeded')
    expect(refused[0]!.headers.get('x-should-retry')).toBe('false')
    expect(tested.server.requests).toHaveLength(paid.length)
    expect(await tested.spentBy(KEYS.poor)).toBeLessThanOrEqual(0.02)
    // What others have paid for is free for a caller without money.
    await tested.post({ prompt: 'Shared' }, KEYS.web)
    expect(await tested.post({ prompt: 'Shared' }, KEYS.poor)).toMatchObject({ status: 200 })
  })

  test('pays for a caller that joined a request which another one cannot afford', async () => {
    const tested = await startTested()
    await Promise.all(['a', 'b', 'c'].map((prompt) => tested.post({ prompt }, KEYS.poor)))
    const [poor, web] = await Promise.all([
      tested.post({ prompt: 'A mug' }, KEYS.poor),
      tested.post({ prompt: 'A mug' }, KEYS.web),
    ])
    expect([poor.status, web.status]).toEqual([402, 200])
  })

  test('limits the rate of each caller', async () => {
    const base = (await createTested()).settings
    const callers = (base['callers'] as Record<string, unknown>[]).map((caller) => ({
      ...caller,
      requestsPerMinute: caller['name'] === 'web' ? 2 : 100,
    }))
    const tested = await startTested({ callers })
    const answers = await Promise.all([1, 2, 3].map(() => tested.post({ prompt: 'A mug' })))
    const limited = answers.find(({ status }) => status === 429)!
    expect(limited.body.error.code).toBe('rate_limit_exceeded')
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await tested.post({ prompt: 'A mug' }, KEYS.app)).status).toBe(200)
  })

  test.each([
    ['overloaded', { inFlight: 1, waiting: 1 }, 503],
    ['timeout', { answerTimeoutMs: 300 }, 504],
  ])('reports %s, and loses no picture', async (code, changes, status) => {
    const tested = await startTested(changes)
    const { until, release } = hold()
    tested.server.answer(() => ({ kind: 'hold', until }))
    const answers = Promise.all(['a', 'b', 'c'].map((prompt) => tested.post({ prompt })))
    if (code === 'timeout') await answers
    else await expect.poll(() => tested.server.inFlight).toBe(1)
    setTimeout(release, 50)
    const refused = (await answers).filter((answer) => answer.status === status)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]!.body.error.code).toBe(code)
    for (const prompt of ['a', 'b', 'c']) {
      await expect.poll(async () => (await tested.post({ prompt })).status).toBe(200)
    }
    expect(tested.server.requests).toHaveLength(3)
  })

  test.each([
    ['provider_failed', 502, errors.serverError],
    ['provider_unavailable', 503, errors.invalidApiKey],
    ['provider_busy', 503, errors.rateLimited],
    ['request_refused', 400, errors.unknownParameter],
  ])('reports %s without details of the provider', async (code, status, fault) => {
    const tested = await startTested()
    tested.server.answer(() => ({ ...fault, headers: { 'retry-after-ms': '1' } }))
    const answer = await tested.post({ prompt: 'A mug' })
    expect(answer).toMatchObject({ status, body: { error: { code } } })
    expect(answer.text).not.toMatch(/127\.0\.0\.1|sk-|limn generate|OPENAI|images\.yaml/)
  })
})

/** Sends bytes that `fetch` would not send, and returns the answer. */
async function sendRaw(origin: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk) => (received += chunk))
  socket.on('error', () => {})
  socket.end(text)
  await new Promise((resolve) => socket.on('close', resolve))
  return received
}

/** A request that is refused before anything is paid. */
type Hostile = { body: string | object; status: number; type?: string }

const hostile: Hostile[] = [
  { body: '', status: 400 },
  { body: '{', status: 400 },
  { body: 'null', status: 400 },
  { body: '[]', status: 400 },
  { body: `${'['.repeat(30_000)}${']'.repeat(30_000)}`, status: 400 },
  { body: `{"prompt":"x","a":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}`, status: 400 },
  { body: { prompt: 'x'.repeat(70_000) }, status: 413 },
  { body: { prompt: 'x'.repeat(5000) }, status: 400 },
  { body: '{"prompt":"x","__proto__":{"model":"gpt-image-2"}}', status: 400 },
  { body: { prompt: 'x', ['k'.repeat(50_000)]: 1 }, status: 400 },
  { body: '{"prompt":"x","constructor":{"prototype":{}}}', status: 400 },
  { body: { prompt: ['x'] }, status: 400 },
  { body: { prompt: { $ne: '' } }, status: 400 },
  { body: { prompt: '' }, status: 400 },
  { body: { prompt: ' x ' }, status: 400 },
  { body: '{"prompt":"a\\u0000b"}', status: 400 },
  { body: '{"prompt":"\\ud800"}', status: 400 },
  { body: '{"prompt":"\\u001b[2J"}', status: 400 },
  { body: { prompt: 'x', n: 1e9 }, status: 400 },
  { body: { prompt: 'x', n: -1 }, status: 400 },
  { body: { prompt: 'x', n: 1.5 }, status: 400 },
  { body: { prompt: 'x', n: '2' }, status: 400 },
  { body: '{"prompt":"x","n":1e400}', status: 400 },
  { body: { prompt: 'x', model: 'dall-e-3' }, status: 400 },
  { body: { prompt: 'x', model: '__proto__' }, status: 400 },
  { body: { prompt: 'x', model: 'gpt-image-2.5-flare', size: '1536x1024' }, status: 400 },
  { body: { prompt: 'x', size: '99999x99999' }, status: 400 },
  { body: { prompt: 'x', size: '1024x1024\nprovider: x' }, status: 400 },
  { body: { prompt: 'x', quality: 'high' }, status: 400 },
  { body: { prompt: 'x', image: 'http://169.254.169.254/' }, status: 400 },
  { body: { prompt: 'x' }, status: 415, type: 'text/plain' },
  { body: 'prompt=x', status: 415, type: 'application/x-www-form-urlencoded' },
  { body: { prompt: 'x' }, status: 415, type: 'application/json; charset=utf-16' },
]

test('refuses hostile bodies and headers before it pays, without a stack or a key', async () => {
  const tested = await startTested()
  const received: string[] = []
  for (const { body, status, type = 'application/json' } of hostile) {
    const answer = await tested.post(body, KEYS.web, { 'content-type': type })
    expect(answer.status, JSON.stringify(body).slice(0, 80)).toBe(status)
    expect(answer.text.length).toBeLessThan(500)
    received.push(answer.text)
  }
  for (const key of ['', 'x', KEYS.web.slice(0, -1), `${KEYS.web}0`, 'ключ', '%00', PROVIDER_KEY]) {
    const answer = await tested.post({ prompt: 'x' }, encodeURI(key))
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } })
    received.push(answer.text)
  }
  const head = `POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEYS.web}\r\nContent-Type: application/json\r\n`
  for (const raw of [
    'GET / HTTP/1.1\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    `${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${head}Content-Length: -1\r\n\r\n`,
    `${head}Content-Length: 99999999999\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\n${`4000\r\n${'x'.repeat(0x4000)}\r\n`.repeat(6)}0\r\n\r\n`,
    '\u0000\u0001\u0002 garbage\r\n\r\n',
  ]) {
    const answer = await sendRaw(tested.origin, raw)
    expect(answer, raw.slice(-60)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/)
    received.push(answer)
  }
  expect(tested.server.requests).toEqual([])
  const all = [...received, ...tested.log].join('\n')
  expect(all).not.toMatch(/\n +at |\\n +at |node:internal|file:\/\/|\.ts:\d/)
  for (const key of [...Object.values(KEYS), PROVIDER_KEY]) expect(all).not.toContain(key)
  expect(await tested.get('/health')).toMatchObject({ status: 200 })
})

test('describes itself with OpenAPI, and publishes the prices that it charges', async () => {
  const tested = await startTested()
  const { body } = await tested.get('/openapi.json')
  const { paths } = body as unknown as { paths: Record<string, unknown> }
  expect(Object.keys(paths).sort()).toEqual([
    '/health',
    '/pictures/{id}/{file}',
    '/v1/images/generations',
    '/v1/models',
    '/v1/usage',
  ])
  const list = (await tested.get('/v1/models', 'none')).body as unknown as {
    data: { id: string; prices: Record<string, number> }[]
  }
  expect(list.data.map(({ id }) => id)).toEqual(['gpt-image-2', 'gpt-image-2.5-flare'])
  const { body: answer } = await tested.post({ prompt: 'A mug' })
  expect(answer.limn.usd).toBeGreaterThan(0)
  expect(answer.limn.usd).toBeLessThanOrEqual(list.data[0]!.prices['1024x1024 low']!)
})

test('finishes what it pays for when it is closed, and refuses the rest', async () => {
  const tested = await createTested({ inFlight: 1 })
  const service = await tested.start()
  const { until, release } = hold()
  tested.server.answer(() => ({ kind: 'hold', until }))
  const first = tested.post({ prompt: 'first' })
  await expect.poll(() => tested.server.inFlight).toBe(1)
  const second = tested.post({ prompt: 'second' })
  await expect
    .poll(() => readFileSync(join(tested.folder, 'data/ledger.jsonl'), 'utf8').split('\n').length)
    .toBe(3)
  const closed = service.close()
  expect(await second).toMatchObject({ status: 503, body: { error: { code: 'shutting_down' } } })
  expect(await tested.get('/health')).toMatchObject({ status: 503 })
  release()
  expect(await first).toMatchObject({ status: 200 })
  await closed
  await tested.start()
  expect((await tested.post({ prompt: 'first' })).body.limn).toMatchObject({ cached: true })
  expect(tested.server.requests).toHaveLength(1)
  expect(await tested.spentBy(KEYS.web)).toBeGreaterThan(0)
})

test('states a mistake in its config before it starts', async () => {
  for (const [changes, message] of [
    [{ models: { 'gpt-image-2': { sizes: ['1000x1007'], qualities: ['low'] } } }, /1007/],
    [{ manifest: { provider: 'nowhere' } }, /nowhere/],
    [
      {
        manifest: { provider: 'openai' },
        models: { 'own-model': { sizes: ['1024x1024'], qualities: ['low'] } },
      },
      /own-model/,
    ],
  ] as const) {
    const tested = await createTested(changes)
    await expect(tested.start()).rejects.toThrow(message)
  }
})
